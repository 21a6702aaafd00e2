package hls_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/Eyevinn/hls-m3u8/m3u8"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/hls"
	"github.com/rendition-sdk/rendition/packager/internal/packtest"
)

// write packages streams, each from its own goroutine.
func write(t *testing.T, sink packager.Sink, opts *hls.Options, streams []*packtest.Stream, names ...string) *hls.Result {
	t.Helper()
	w := hls.NewWriter(sink, opts)
	errs := make([]error, len(streams))
	var wg sync.WaitGroup
	for i, s := range streams {
		s.Order = i
		tw, err := w.AddTrack(t.Context(), s.Track, &hls.TrackOptions{Name: names[i], Stem: "k1_"})
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
	r, err := w.Finish(t.Context())
	require.NoError(t, err)
	return r
}

// readMedia reads a media playlist with a reader that is not ours.
func readMedia(t *testing.T, data []byte) *m3u8.MediaPlaylist {
	t.Helper()
	list, kind, err := m3u8.DecodeFrom(bytes.NewReader(data), true)
	require.NoError(t, err)
	require.Equal(t, m3u8.MEDIA, kind)
	return list.(*m3u8.MediaPlaylist)
}

func readMaster(t *testing.T, data []byte) *m3u8.MasterPlaylist {
	t.Helper()
	list, kind, err := m3u8.DecodeFrom(bytes.NewReader(data), true)
	require.NoError(t, err)
	require.Equal(t, m3u8.MASTER, kind)
	return list.(*m3u8.MasterPlaylist)
}

func packets(p *packtest.Probe, stream int) (list []packtest.Packet) {
	for _, k := range p.Packets {
		if k.Stream == stream {
			list = append(list, k)
		}
	}
	return list
}

// sameTimes asserts that a media playlist gives ffprobe the packets of the
// source, each at its time on the source's timeline.
func sameTimes(t *testing.T, s *packtest.Stream, playlist string) {
	t.Helper()
	p := packtest.FFprobe(t, playlist)
	got := packets(p, 0)
	require.Equal(t, len(s.Samples), len(got))
	for i, want := range s.Samples {
		require.Equal(t, want.PTS, got[i].PTS, "pts of sample %d", i)
		require.Equal(t, want.Key, strings.HasPrefix(got[i].Flags, "K"), "key flag of sample %d", i)
	}
	packtest.Decode(t, playlist)
}

func TestRealClips(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		clip       string
		videoRange string
		codecs     string
	}{
		{"natural/cups_720p2997_h264-aac_10s.mp4", "SDR", "avc1.64001f,mp4a.40.2"},
		{"film/bbb_480p_h264-aac51_30s.mp4", "SDR", "avc1.64001e,mp4a.40.2"},
		{"av1/selfie_1080x720_av1_aac_1s.mp4", "SDR", "av01"},
		{"hdr/hdr10_1080p30_hevc10_pq_1s.mp4", "PQ", "hvc1.2.4.L"},
	} {
		t.Run(filepath.Base(c.clip), func(t *testing.T) {
			t.Parallel()
			streams := packtest.Demux(t, testenv.Clip(t, c.clip))
			names := make([]string, len(streams))
			for i, s := range streams {
				names[i] = fmt.Sprintf("%s%d", s.Type, i)
				if c.videoRange == "PQ" {
					s.Color.Transfer = "smpte2084"
				}
			}
			dir := t.TempDir()
			r := write(t, packager.DirSink(dir), &hls.Options{SegmentDuration: rendition.Rational{Num: 2, Den: 1}}, streams, names...)
			for i, s := range streams {
				sameTimes(t, s, filepath.Join(dir, filepath.FromSlash(r.Tracks[i].Playlist)))
			}
			packtest.Decode(t, filepath.Join(dir, r.Master))
			data, err := os.ReadFile(filepath.Join(dir, r.Master))
			require.NoError(t, err)
			master := string(data)
			require.Contains(t, master, `CODECS="`+c.codecs)
			require.Contains(t, master, "VIDEO-RANGE="+c.videoRange)
		})
	}
}

// TestLadder packages two renditions of the same frames and their sound, with
// key frames forced onto the grid as the encode graph does it.
func TestLadder(t *testing.T) {
	t.Parallel()
	for _, rate := range []string{"30000/1001", "24000/1001", "25"} {
		t.Run(strings.ReplaceAll(rate, "/", "_"), func(t *testing.T) {
			t.Parallel()
			gen := func(size string, bitrate string) *packtest.Stream {
				return packtest.Demux(t, packtest.Generate(t, "in.mp4", "-f", "lavfi", "-i", "testsrc2=duration=9:rate="+rate+":size="+size,
					"-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-b:v", bitrate, "-pix_fmt", "yuv420p", "-g", "1000", "-force_key_frames", "expr:gte(t,n_forced*2)"))[0]
			}
			sound := packtest.Demux(t, packtest.Generate(t, "in.m4a", "-f", "lavfi", "-i", "sine=duration=9:sample_rate=48000", "-c:a", "aac", "-b:a", "96k"))[0]
			sound.EncoderDelay, sound.Language = -sound.Samples[0].PTS, "eng"
			require.EqualValues(t, 1024, sound.EncoderDelay)
			streams := []*packtest.Stream{gen("640x360", "800k"), gen("320x180", "200k"), sound}
			dir := t.TempDir()
			r := write(t, packager.DirSink(dir), &hls.Options{SegmentDuration: rendition.Rational{Num: 2, Den: 1}}, streams, "360p", "180p", "audio")
			for i, s := range streams {
				sameTimes(t, s, filepath.Join(dir, filepath.FromSlash(r.Tracks[i].Playlist)))
			}
			require.Len(t, r.Tracks[0].Segments, 5)
			for i, s := range r.Tracks[0].Segments {
				require.Equal(t, s.Start, r.Tracks[1].Segments[i].Start, "segments of both renditions begin together")
				a := r.Tracks[2].Segments[i]
				gap := float64(a.Start)/48000 - float64(s.Start)/float64(r.Tracks[0].Timescale)
				require.LessOrEqual(t, math.Abs(gap), math.Max(1024.0/48000, 1.0/23), "audio segment %d begins %v s off", i, gap)
			}
			p := packtest.FFprobe(t, filepath.Join(dir, r.Master))
			require.Len(t, p.Streams, 3)
			require.Equal(t, "en", p.Streams[0].Tags["language"])
			packtest.Decode(t, filepath.Join(dir, r.Master))
			decodeCounts(t, dir, r)
		})
	}
}

// decodeCounts asserts that every frame of each track decodes.
func decodeCounts(t *testing.T, dir string, r *hls.Result) {
	t.Helper()
	for _, track := range r.Tracks {
		p := packtest.FFprobe(t, filepath.Join(dir, filepath.FromSlash(track.Playlist)), "-count_frames")
		n, err := strconv.ParseInt(p.Streams[0].NBReadFrames, 10, 64)
		require.NoError(t, err)
		require.InDelta(t, track.Samples, n, 1, "decoded frames of %s", track.Name) // a decoder drops the priming frame
	}
}
