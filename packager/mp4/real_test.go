package mp4_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/packager/internal/packtest"
	"github.com/rendition-sdk/rendition/packager/mp4"
)

// write packages streams, each from its own goroutine, and returns the file's path.
func write(t *testing.T, opts *mp4.Options, streams []*packtest.Stream) (string, []mp4.TrackInfo) {
	t.Helper()
	w := mp4.NewWriter(opts)
	var wg sync.WaitGroup
	errs := make([]error, len(streams))
	for i, s := range streams {
		s.Order = i
		tw, err := w.AddTrack(s.Track)
		require.NoError(t, err)
		wg.Go(func() {
			for _, sample := range s.Samples {
				if errs[i] = tw.WriteSample(t.Context(), sample); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	f, err := w.Finish(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	path := filepath.Join(t.TempDir(), "out.mp4")
	out, err := os.Create(path)
	require.NoError(t, err)
	n, err := f.WriteTo(out)
	require.NoError(t, err)
	require.Equal(t, f.Size(), n)
	require.NoError(t, out.Close())
	return path, f.Tracks()
}

// samePackets asserts that a repackaged file gives ffprobe the packets of its source.
func samePackets(t *testing.T, source, result *packtest.Probe, streams []*packtest.Stream) {
	t.Helper()
	by := func(p *packtest.Probe, stream int) (list []packtest.Packet) {
		for _, k := range p.Packets {
			if k.Stream == stream {
				list = append(list, k)
			}
		}
		return list
	}
	for i := range streams {
		want, got := by(source, i), by(result, i)
		require.Equal(t, len(want), len(got), "packets of stream %d", i)
		for j := range want {
			require.Equal(t, want[j].PTS, got[j].PTS, "pts of packet %d of stream %d", j, i)
			require.Equal(t, want[j].DTS, got[j].DTS, "dts of packet %d of stream %d", j, i)
			if j+1 < len(want) { // an edit list of the source may cut its last packet short
				require.Equal(t, want[j].Duration, got[j].Duration, "duration of packet %d of stream %d", j, i)
			}
			require.Equal(t, want[j].Flags, got[j].Flags, "flags of packet %d of stream %d", j, i)
		}
	}
}

func TestRepackageRealClips(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ clip, first, second string }{
		{"natural/cups_720p2997_h264-aac_10s.mp4", "avc1.", "mp4a.40.2"},
		{"natural/hands_1080p25_negpts-editlist_26s.mp4", "avc1.", ""},
		{"av1/selfie_1080x720_av1_aac_1s.mp4", "av01.", "mp4a.40.2"},
		{"av1/hdr10_720x1280_av1-10bit_4.2s.mp4", "av01.", ""},
		{"hdr/hdr10_1080p30_hevc10_pq_1s.mp4", "hvc1.2.4.", ""},
		{"timing/iibbibb_negctts_13s.mp4", "avc1.", ""},
		{"timing/edts_854x480_9s.mp4", "avc1.", ""},
		{"film/bbb_480p_h264-aac51_30s.mp4", "avc1.", "mp4a.40.2"},
	} {
		t.Run(filepath.Base(c.clip), func(t *testing.T) {
			t.Parallel()
			source := testenv.Clip(t, c.clip)
			streams := packtest.Demux(t, source)
			path, info := write(t, nil, streams)
			require.Contains(t, info[0].CodecString, c.first)
			if c.second != "" {
				require.Equal(t, c.second, info[1].CodecString)
			}
			samePackets(t, packtest.FFprobe(t, source), packtest.FFprobe(t, path), streams)
			packtest.Decode(t, path)
		})
	}
}

// TestAnnexB gives the samples of real clips as an encoder would, with start
// codes, delimiters and repeated parameter sets, and gets the clips' own bytes back.
func TestAnnexB(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		clip      string
		delimiter []byte
	}{
		{"natural/cups_720p2997_h264-aac_10s.mp4", []byte{9, 0x10}},
		{"hdr/hdr10_1080p30_hevc10_pq_1s.mp4", []byte{35 << 1, 1, 0x50}},
	} {
		t.Run(filepath.Base(c.clip), func(t *testing.T) {
			t.Parallel()
			source := packtest.Demux(t, testenv.Clip(t, c.clip))[0]
			s := *source
			s.Config = packtest.ParameterSets(t, source)
			s.Samples = slices.Clone(source.Samples)
			for i := range s.Samples {
				data := packtest.AnnexB(c.delimiter)
				if s.Samples[i].Key {
					data = append(data, s.Config...)
				}
				s.Samples[i].Data = append(data, packtest.StartCodes(source.Samples[i].Data)...)
			}
			for _, config := range [][]byte{s.Config, nil} { // given, or found in the first sample
				s.Config = config
				path, _ := write(t, nil, []*packtest.Stream{&s})
				got := packtest.Demux(t, path)[0]
				require.Len(t, got.Samples, len(source.Samples))
				for i, want := range source.Samples {
					require.True(t, bytes.Equal(want.Data, got.Samples[i].Data), "sample %d", i)
				}
				packtest.Decode(t, path)
			}
		})
	}
}

func TestGeneratedCodecs(t *testing.T) {
	t.Parallel()
	video := []string{"-f", "lavfi", "-i", "testsrc2=size=320x240:rate=30:duration=2"}
	audio := []string{"-f", "lavfi", "-i", "sine=frequency=440:duration=2:sample_rate=48000"}
	for _, c := range []struct {
		name   string
		codec  rendition.Codec
		string string
		input  []string
		args   []string
	}{
		{"vp9", rendition.VP9, "vp09.00.", video, []string{"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"}},
		{"h264 high 10", rendition.H264, "avc1.6e00", video, []string{"-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high10", "-pix_fmt", "yuv420p10le"}},
		{"h264 b-frames", rendition.H264, "avc1.64", video, []string{"-c:v", "libx264", "-preset", "fast", "-bf", "3", "-g", "15", "-pix_fmt", "yuv420p"}},
		{"h265", rendition.H265, "hvc1.1.6.L", video, []string{"-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p"}},
		{"opus", rendition.Opus, "opus", audio, []string{"-c:a", "libopus"}},
		{"ac3", rendition.AC3, "ac-3", audio, []string{"-c:a", "ac3"}},
		{"eac3", rendition.EAC3, "ec-3", audio, []string{"-c:a", "eac3"}},
		{"mp3", rendition.MP3, "mp4a.40.34", audio, []string{"-c:a", "libmp3lame"}},
		{"flac", rendition.FLAC, "fLaC", audio, []string{"-c:a", "flac", "-strict", "-2"}},
		{"aac", rendition.AAC, "mp4a.40.2", audio, []string{"-c:a", "aac"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			source := packtest.Generate(t, "in.mp4", append(c.input, c.args...)...)
			streams := packtest.Demux(t, source)
			require.Equal(t, c.codec, streams[0].Codec)
			for _, inBand := range []bool{false, true} {
				if inBand && c.codec == rendition.VP9 {
					streams[0].Config = nil // from the first key frame
				}
				path, info := write(t, nil, streams)
				require.Contains(t, info[0].CodecString, c.string)
				samePackets(t, packtest.FFprobe(t, source), packtest.FFprobe(t, path), streams)
				packtest.Decode(t, path)
				require.Equal(t, streams[0].Specific, packtest.Demux(t, path)[0].Specific, "the configuration box")
			}
			path, _ := write(t, &mp4.Options{Brand: "mov"}, streams)
			if c.codec == rendition.H264 || c.codec == rendition.AAC {
				samePackets(t, packtest.FFprobe(t, source), packtest.FFprobe(t, path), streams)
				packtest.Decode(t, path)
			}
		})
	}
}
