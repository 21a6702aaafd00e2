//go:build cgo

package encode_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/packager"
)

// sampleList keeps what a copy writes.
type sampleList struct {
	track   packager.Track
	samples []packager.Sample
}

func (l *sampleList) Start(_ context.Context, t packager.Track) error {
	l.track = t
	return nil
}

func (l *sampleList) WriteSample(_ context.Context, s packager.Sample) error {
	l.samples = append(l.samples, s)
	return nil
}

// copyOf adds a copy of the source's picture.
func (b *bench) copyOf(w ...encode.SampleWriter) *encode.Video {
	s := b.spec.Media.VideoStream()
	v := &encode.Video{
		Stream: s.Index, Copy: true, Writers: w, VideoSettings: encode.VideoSettings{
			Codec: s.Codec, Width: s.Video.Width, Height: s.Video.Height, FrameRate: s.Video.FrameRate,
		},
	}
	b.spec.Video = append(b.spec.Video, v)
	return v
}

// A source that no decoder takes can be copied: nothing is decoded.
func TestCopyVideoNeverDecodes(t *testing.T) {
	t.Parallel()
	b := open(t, testenv.Clip(t, "broken/invalid-vp9-bitstream.webm"))
	var list sampleList
	b.copyOf(&list)
	stats, err := encode.Run(t.Context(), b.spec)
	require.NoError(t, err)
	st := stats.Streams[b.spec.Media.VideoStream().Index]
	require.Zero(t, st.Errors)
	require.Len(t, list.samples, st.Frames)
	require.Equal(t, 2*time.Second, st.End.Round(100*time.Millisecond))
}

// A copy beside an encode of the same stream gets every packet.
func TestCopyVideoBesideAnEncode(t *testing.T) {
	t.Parallel()
	b := open(t, testenv.Generate(t, "in.mp4", append(testCard("160x90", "25", 3), "-bf", "3")...))
	var coded, copied sampleList
	b.video(160, 90, &coded)
	b.copyOf(&copied)
	_, err := encode.Run(t.Context(), b.spec)
	require.NoError(t, err)
	require.Len(t, coded.samples, 75)
	require.Len(t, copied.samples, 75)
	for i, s := range copied.samples {
		require.True(t, i == 0 || s.DTS > copied.samples[i-1].DTS)
		require.GreaterOrEqual(t, s.PTS, s.DTS)
		require.Positive(t, s.Duration)
	}
}

// A transport stream that begins in the middle of a group begins at its first
// key frame; sound and picture stay together.
func TestCopyVideoCutOff(t *testing.T) {
	t.Parallel()
	whole := testenv.Generate(t, "whole.ts", append(testCard("160x90", "25", 6), "-g", "50", "-bf", "0", "-pix_fmt", "yuv420p")...)
	b := open(t, testenv.Generate(t, "in.ts", "-i", whole, "-c", "copy", "-bsf:v", "noise=drop=lt(n\\,20)"))
	var list sampleList
	b.copyOf(&list)
	_, err := encode.Run(t.Context(), b.spec)
	require.NoError(t, err)
	require.Len(t, list.samples, 100, "the group of 50 without its key frame is left out")
	require.True(t, list.samples[0].Key)
	require.InDelta(t, 2, float64(list.samples[0].PTS)/float64(list.track.Timescale), 0.15)
}

// refusedCopy runs b and returns why it was refused.
func refusedCopy(t *testing.T, b *bench) error {
	t.Helper()
	_, err := encode.Run(t.Context(), b.spec)
	require.Equal(t, rendition.InvalidInput, rendition.KindOf(err))
	return err
}

func TestCopyVideoRefuses(t *testing.T) {
	t.Parallel()
	t.Run("open groups", func(t *testing.T) {
		t.Parallel()
		b := open(t, testenv.Clip(t, "hdr/hlg_1080p_hevc10_2.6s.mp4"))
		b.copyOf(&sampleList{}).Independent = true
		require.ErrorContains(t, refusedCopy(t, b), "pictures before the key frame at 1.067s follow it (an open group of pictures)")
	})
	t.Run("hidden beginning", func(t *testing.T) {
		t.Parallel()
		b := open(t, testenv.Clip(t, "natural/hands_1080p25_negpts-editlist_26s.mp4"))
		b.copyOf(&sampleList{}).NoEdits = true
		require.ErrorContains(t, refusedCopy(t, b), "the source hides its first 1.88s by an edit list")
	})
	t.Run("no times", func(t *testing.T) {
		t.Parallel()
		b := open(t, testenv.Clip(t, "broken/missing-dts_1080p60.ts"))
		b.copyOf(&sampleList{})
		require.ErrorContains(t, refusedCopy(t, b), "the source does not say when all of its pictures are shown")
	})
	t.Run("grid", func(t *testing.T) {
		t.Parallel()
		b := open(t, testenv.Clip(t, "timing/tos_pts-wraparound_20s.ts"))
		var list sampleList
		b.copyOf(&list).Grids = []rendition.Rational{{Num: 7, Den: 1}}
		require.ErrorContains(t, refusedCopy(t, b), "no key frame at 7s")
		require.Empty(t, list.samples, "nothing was written before")
	})
}
