package codec_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/packager/internal/codec"
	"github.com/rendition-sdk/rendition/packager/internal/packtest"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		codec  rendition.Codec
		config string
		first  string
		want   string
		entry  string
	}{
		{"avc record", rendition.H264, "0164001effe100046764001e01000468ebecb2", "", "avc1.64001e", "avc1"},
		{"aac lc", rendition.AAC, "1190", "", "mp4a.40.2", "mp4a"},
		{"aac lc 44.1", rendition.AAC, "1210", "", "mp4a.40.2", "mp4a"},
		{"he-aac hierarchical", rendition.AAC, "2b098800", "", "mp4a.40.5", "mp4a"},
		{"he-aac v2 hierarchical", rendition.AAC, "eb098800", "", "mp4a.40.29", "mp4a"},
		{"he-aac backward compatible", rendition.AAC, "131056e598", "", "mp4a.40.5", "mp4a"},
		{"he-aac v2 backward compatible", rendition.AAC, "130856e59d4880", "", "mp4a.40.29", "mp4a"},
		{"opus head", rendition.Opus, "4f707573486561640102380180bb0000000000", "", "opus", "Opus"},
		{"opus dOps", rendition.Opus, "000201380000bb80000000", "", "opus", "Opus"},
		{"opus 5.1", rendition.Opus, "4f707573486561640106380180bb00000000010402000401020305", "", "opus", "Opus"},
		{"vp9 record", rendition.VP9, "001f800202020000", "", "vp09.00.31.08", "vp09"},
		{"vp9 bt709", rendition.VP9, "001f820101010000", "", "vp09.00.31.08", "vp09"},
		{"vp9 hdr10", rendition.VP9, "0233a20910090000", "", "vp09.02.51.10.01.09.16.09.00", "vp09"},
		{"ac3 5.1 48k", rendition.AC3, "", "0b77000014 40e1ff00", "ac-3", "ac-3"},
		{"mp3", rendition.MP3, "", "fffb9064", "mp4a.40.34", "mp4a"},
		{"flac", rendition.FLAC, "1000100000000000000 00ac442f00000000000000000000000000000000000 0000000000", "", "fLaC", "fLaC"},
		{"av1 main 8 bit", rendition.AV1, "0a0b00000004 3cffbcffffa640", "", "av01.0.", "av01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			clean := func(s string) []byte { return unhex(t, string(bytes.ReplaceAll([]byte(s), []byte(" "), nil))) }
			got, err := codec.Parse(&codec.Input{Codec: c.codec, Config: clean(c.config), First: clean(c.first)})
			require.NoError(t, err)
			require.Contains(t, got.Name, c.want)
			require.Equal(t, c.entry, got.Entry)
		})
	}
}

func TestOpusSpecific(t *testing.T) {
	t.Parallel()
	head := append([]byte("OpusHead"), 1, 2, 0x38, 1, 0x80, 0xbb, 0, 0, 0xff, 0xfe, 0)
	got, err := codec.Parse(&codec.Input{Codec: rendition.Opus, Config: head})
	require.NoError(t, err)
	require.Equal(t, []byte{0, 2, 0x01, 0x38, 0, 0, 0xbb, 0x80, 0xfe, 0xff, 0}, got.Payload)
}

func TestBadConfigs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		codec  rendition.Codec
		config string
		first  string
		kind   rendition.Kind
	}{
		{rendition.H264, "", "00", rendition.InvalidInput},
		{rendition.H264, "0000000167", "", rendition.InvalidInput},
		{rendition.H264, "0164001effe1ffff", "", rendition.InvalidInput},
		{rendition.H264, "02640000000000", "", rendition.InvalidInput},
		{rendition.H265, "0000000140010c", "", rendition.InvalidInput},
		{rendition.H265, "01", "", rendition.InvalidInput},
		{rendition.AV1, "81040c00", "", rendition.InvalidInput},
		{rendition.AV1, "80", "", rendition.InvalidInput},
		{rendition.VP9, "00", "", rendition.InvalidInput},
		{rendition.VP9, "", "ff", rendition.InvalidInput},
		{rendition.AAC, "", "", rendition.InvalidInput},
		{rendition.AAC, "11", "", rendition.InvalidInput},
		{rendition.Opus, "4f70757348656164", "", rendition.InvalidInput},
		{rendition.AC3, "", "0b77", rendition.InvalidInput},
		{rendition.EAC3, "", "0b77ffffffffffff", rendition.InvalidInput},
		{rendition.MP3, "", "00000000", rendition.InvalidInput},
		{rendition.FLAC, "00", "", rendition.InvalidInput},
		{rendition.Vorbis, "00", "", rendition.Unsupported},
		{"prores", "", "", rendition.Unsupported},
	} {
		_, err := codec.Parse(&codec.Input{Codec: c.codec, Config: unhex(t, c.config), First: unhex(t, c.first)})
		require.ErrorIs(t, err, c.kind, "%s %s %s", c.codec, c.config, c.first)
	}
	_, err := codec.Parse(&codec.Input{Codec: rendition.VP9})
	require.ErrorIs(t, err, codec.ErrNeedSample)
}

func TestAnnexBConversion(t *testing.T) {
	t.Parallel()
	config := packtest.AVCConfig()
	c, err := codec.Parse(&codec.Input{Codec: rendition.H264, Config: config})
	require.NoError(t, err)
	require.Equal(t, "avc1.640020", c.Name)
	slice := []byte{0x65, 1, 2, 3}
	got, err := c.AppendSample([]byte("x"), append(append(packtest.AnnexB([]byte{9, 0x10}), config...), 0, 0, 1, 0x65, 1, 2, 3, 0, 0))
	require.NoError(t, err)
	require.Equal(t, append([]byte{'x', 0, 0, 0, 4}, slice...), got, "delimiter and known parameter sets go, the slice stays")

	other := []byte{0x68, 0xff, 0x20}
	got, err = c.AppendSample(nil, packtest.AnnexB(other, slice))
	require.NoError(t, err)
	require.Equal(t, []byte{0, 0, 0, 3, 0x68, 0xff, 0x20, 0, 0, 0, 4, 0x65, 1, 2, 3}, got, "a new parameter set stays")
	got, err = c.AppendSample(nil, append(config, packtest.AnnexB(slice)...))
	require.NoError(t, err)
	require.Equal(t, 4+len(config)+4, len(got)+0, "from then on they all stay")

	_, err = c.AppendSample(nil, config[:0])
	require.Error(t, err)
	_, err = c.AppendSample(nil, []byte{0, 0, 0, 9, 0x65})
	require.Error(t, err, "lengths in a stream of start codes")
}

func TestShortLengths(t *testing.T) {
	t.Parallel()
	c, err := codec.Parse(&codec.Input{Codec: rendition.H264, Config: unhex(t, "0142c01efde1000467 42c01e01000268ce"[:18]+"42c01e01000268ce")})
	require.NoError(t, err)
	require.EqualValues(t, 0xff, c.Payload[4], "the record announces 4-byte lengths")
	got, err := c.AppendSample(nil, []byte{0, 3, 0x65, 1, 2})
	require.NoError(t, err)
	require.Equal(t, []byte{0, 0, 0, 3, 0x65, 1, 2}, got)
	_, err = c.AppendSample(nil, []byte{0, 9, 0x65})
	require.ErrorContains(t, err, "longer than")
}

func TestTemporalDelimiters(t *testing.T) {
	t.Parallel()
	clip := packtest.Demux(t, testenv.Clip(t, "av1/selfie_1080x720_av1_aac_1s.mp4"))[0]
	c, err := codec.Parse(&codec.Input{Codec: rendition.AV1, Config: clip.Config})
	require.NoError(t, err)
	sample := clip.Samples[0].Data
	got, err := c.AppendSample(nil, append([]byte{0x12, 0}, sample...))
	require.NoError(t, err)
	require.Equal(t, sample, got)
	got, err = c.AppendSample(nil, []byte{0x12, 0, 0x30, 1, 2, 3})
	require.NoError(t, err)
	require.Equal(t, []byte{0x32, 3, 1, 2, 3}, got, "a last unit without a size gets one")
	_, err = c.AppendSample(nil, []byte{0x12, 0})
	require.Error(t, err, "nothing but a delimiter")
}

// TestRecordsMatchRealOnes takes the parameter sets out of the records of real
// clips and builds the records anew.
func TestRecordsMatchRealOnes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"natural/cups_720p2997_h264-aac_10s.mp4", "film/bbb_480p_h264-aac51_30s.mp4", "hdr/hdr10_1080p30_hevc10_pq_1s.mp4"} {
		clip := packtest.Demux(t, testenv.Clip(t, name))[0]
		var stream []byte
		require.NoError(t, codec.ParameterSets(clip.Codec, clip.Config, func(nal []byte) { stream = append(stream, packtest.AnnexB(nal)...) }))
		want, err := codec.Parse(&codec.Input{Codec: clip.Codec, Config: clip.Config})
		require.NoError(t, err)
		got, err := codec.Parse(&codec.Input{Codec: clip.Codec, Config: stream})
		require.NoError(t, err)
		require.Equal(t, want.Name, got.Name)
		if clip.Codec == rendition.H264 {
			// Old writers leave the chroma format out.
			require.Equal(t, want.Payload, got.Payload[:len(want.Payload)], name)
		} else {
			require.Equal(t, want.Payload[:13], got.Payload[:13], name)
			require.Equal(t, want.Payload[16:19], got.Payload[16:19], name)
		}
	}
}

func TestColors(t *testing.T) {
	t.Parallel()
	p, tr, m, full := codec.CICP(rendition.Color{Primaries: "bt2020", Transfer: "smpte2084", Matrix: "bt2020nc", Range: "pc"})
	require.Equal(t, []uint16{9, 16, 9}, []uint16{p, tr, m})
	require.True(t, full)
	p, tr, m, full = codec.CICP(rendition.Color{Primaries: "nonsense"})
	require.Equal(t, []uint16{2, 2, 2}, []uint16{p, tr, m})
	require.False(t, full)
}
