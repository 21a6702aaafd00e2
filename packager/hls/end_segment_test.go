package hls_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/hls"
	"github.com/rendition-sdk/rendition/packager/internal/packtest"
)

// TestEndSegment tells a writer at every key frame what comes next. Files are the same as
// without it, and a growing playlist lists a segment before the next one begins.
func TestEndSegment(t *testing.T) {
	t.Parallel()
	in := input{packtest.Video(ntsc, 900, 60, 2), hls.TrackOptions{Name: "v"}}
	for _, growing := range []bool{false, true} {
		plain, told, seen := &packager.MemSink{}, &packager.MemSink{}, &versionSink{}
		opts := &hls.Options{SegmentDuration: grid6, Growing: growing}
		grow(t, plain, opts, in)
		tellKeys(t, told, opts, in, func(int) {})
		require.Equal(t, plain.Names(), told.Names())
		for _, name := range plain.Names() {
			require.Equal(t, plain.Bytes(name), told.Bytes(name), name)
		}
		tellKeys(t, seen, opts, in, func(written int) {
			if list := seen.of("v/media.m3u8"); growing {
				require.Len(t, list, written/180, "of %d pictures", written)
				require.Equal(t, written/180, strings.Count(list[len(list)-1].text, "#EXTINF"))
			} else {
				require.Empty(t, list)
			}
		})
		if growing {
			seen.judge(t)
		}
	}
}

// tellKeys writes in and, where a segment ends, says so before the next sample comes.
func tellKeys(t *testing.T, sink packager.Sink, opts *hls.Options, in input, ended func(written int)) {
	t.Helper()
	w := hls.NewWriter(sink, opts)
	tw, err := w.AddTrack(t.Context(), in.Track, &in.TrackOptions)
	require.NoError(t, err)
	for i, s := range in.Samples {
		if s.Key && i > 0 {
			next := s
			next.Data = nil
			require.NoError(t, tw.EndSegment(t.Context(), next))
			require.NoError(t, tw.EndSegment(t.Context(), next), "once is enough")
			if i%180 == 0 {
				ended(i)
			}
		}
		require.NoError(t, tw.WriteSample(t.Context(), s))
	}
	_, err = w.Finish(t.Context())
	require.NoError(t, err)
}
