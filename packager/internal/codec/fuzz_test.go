package codec_test

import (
	"encoding/hex"
	"testing"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager/internal/codec"
	"github.com/rendition-sdk/rendition/packager/internal/packtest"
)

// fuzz feeds the configuration and the first sample of one codec: whatever they
// hold, Parse and AppendSample return.
func fuzz(f *testing.F, name rendition.Codec, seeds ...string) {
	f.Helper()
	f.Add([]byte(nil), []byte(nil))
	for _, s := range seeds {
		b, err := hex.DecodeString(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, b)
		f.Add([]byte(nil), b)
	}
	f.Fuzz(func(t *testing.T, config, first []byte) {
		c, err := codec.Parse(&codec.Input{Codec: name, Config: config, First: first, Width: 640, Height: 360})
		if err != nil {
			if rendition.KindOf(err) != rendition.InvalidInput && rendition.KindOf(err) != rendition.Internal {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		if c.Name == "" || c.Entry == "" || c.Box == "" {
			t.Fatalf("incomplete %+v", c)
		}
		out, err := c.AppendSample(nil, first)
		if err == nil && len(out) > 5*len(first)+16 {
			t.Fatalf("%d bytes grew to %d", len(first), len(out))
		}
	})
}

func FuzzH264(f *testing.F) {
	fuzz(f, rendition.H264, hex.EncodeToString(packtest.AVCConfig()), "0164001effe100046764001e01000468ebecb2")
}

func FuzzH265(f *testing.F) {
	fuzz(f, rendition.H265, "0000000140010c01ffff01600000030090000003000003005d95980900000001420101016000000300900000030000030"+
		"05da00280802d165959a4932bc05a70808000001f480005dc0040000000014401c172b46240", "010160000000900000000000")
}

func FuzzAV1(f *testing.F) {
	fuzz(f, rendition.AV1, "0a0b000000043cffbcffffa640", "81040c000a0b000000043cffbcffffa640", "12003001")
}

func FuzzVP9(f *testing.F) {
	fuzz(f, rendition.VP9, "001f800202020000", "824983420013f00ef60838241c18")
}

func FuzzAAC(f *testing.F) {
	fuzz(f, rendition.AAC, "1190", "131056e598", "130856e59d4880", "eb098800")
}

func FuzzOpus(f *testing.F) {
	fuzz(f, rendition.Opus, "4f707573486561640102380180bb0000000000", "000201380000bb80000000")
}
func FuzzAC3(f *testing.F)  { fuzz(f, rendition.AC3, "0b7700001440e1ff00", "50c2e0") }
func FuzzEAC3(f *testing.F) { fuzz(f, rendition.EAC3, "0b7700ff3f86ff0000", "0b7740013f86ff0000") }
func FuzzMP3(f *testing.F)  { fuzz(f, rendition.MP3, "fffb9064") }
func FuzzFLAC(f *testing.F) {
	fuzz(f, rendition.FLAC, "664c6143800000221000100000000000000000ac442f0000")
}

func FuzzSplitAnnexB(f *testing.F) {
	f.Add(packtest.AVCConfig())
	f.Add([]byte{0, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		total := 0
		_ = codec.SplitAnnexB(data, func(nal []byte) error {
			if len(nal) == 0 {
				t.Fatal("an empty unit")
			}
			total += len(nal)
			return nil
		})
		if total > len(data) {
			t.Fatalf("%d bytes out of %d", total, len(data))
		}
	})
}

func FuzzSplitOBUs(f *testing.F) {
	f.Add([]byte{0x12, 0, 0x30, 1, 2})
	f.Fuzz(func(t *testing.T, data []byte) {
		total := 0
		err := codec.SplitOBUs(data, func(_ byte, raw, payload []byte, _ bool) error {
			if len(raw) == 0 || len(payload) > len(raw) {
				t.Fatal("a unit without a header")
			}
			total += len(raw)
			return nil
		})
		if err == nil && total != len(data) {
			t.Fatalf("%d bytes out of %d", total, len(data))
		}
	})
}
