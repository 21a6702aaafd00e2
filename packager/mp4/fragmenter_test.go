package mp4_test

import (
	"bytes"
	"os"
	"testing"

	box "github.com/Eyevinn/mp4ff/mp4"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager/internal/packtest"
	"github.com/rendition-sdk/rendition/packager/mp4"
)

// fragment cuts a stream every n samples and returns the init segment and the
// media segments.
func fragment(t testing.TB, s *packtest.Stream, n int, opts *mp4.FragmentOptions) ([]byte, [][]byte) {
	t.Helper()
	f, err := mp4.NewFragmenter(s.Track, 1, opts)
	require.NoError(t, err)
	var init []byte
	var list [][]byte
	for i, sample := range s.Samples {
		require.NoError(t, f.Add(sample))
		if f.Len() < n && i+1 < len(s.Samples) {
			continue
		}
		if init == nil {
			init, err = f.InitSegment()
			require.NoError(t, err)
		}
		var next *int64
		if i+1 < len(s.Samples) {
			next = &s.Samples[i+1].DTS
		}
		data, err := f.MediaSegment(next)
		require.NoError(t, err)
		list = append(list, data)
	}
	return init, list
}

func TestFragments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		stream *packtest.Stream
		opts   *mp4.FragmentOptions
		edit   int64 // media time of the edit list, 0 for none
	}{
		{"video without reordering", packtest.Video(ntsc, 90, 30, 0), nil, 0},
		{"video with reordering", packtest.Video(ntsc, 90, 30, 2), nil, 1001},
		{"negative offsets", packtest.Video(ntsc, 90, 30, 2), &mp4.FragmentOptions{NegativeOffsets: true, SegmentType: true}, 0},
		{"primed audio", packtest.Audio(90, 1024), nil, 1024},
		{"audio", packtest.Audio(90, 0), nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			init, segments := fragment(t, c.stream, 30, c.opts)
			require.Len(t, segments, 3)
			f := decode(t, append(bytes.Clone(init), bytes.Join(segments, nil)...))
			if c.edit == 0 {
				require.Nil(t, f.Init.Moov.Trak.Edts)
			} else {
				require.Equal(t, []box.ElstEntry{{MediaTime: c.edit, MediaRateInteger: 1}}, f.Init.Moov.Trak.Edts.Elst[0].Entries)
			}
			require.Equal(t, c.opts != nil, bytes.Equal(segments[1][4:8], []byte("styp")))
			var got []box.FullSample
			for _, seg := range f.Segments {
				for _, frag := range seg.Fragments {
					require.EqualValues(t, 1, frag.Moof.Traf.Tfdt.Version)
					list, err := frag.GetFullSamples(f.Init.Moov.Mvex.Trex)
					require.NoError(t, err)
					got = append(got, list...)
				}
			}
			require.Len(t, got, len(c.stream.Samples))
			for i, want := range c.stream.Samples {
				pts := int64(got[i].DecodeTime) + int64(got[i].CompositionTimeOffset) - c.edit
				require.Equal(t, want.PTS, pts, "pts of sample %d", i)
				require.Equal(t, want.Key, got[i].IsSync(), "key flag of sample %d", i)
				require.EqualValues(t, want.Duration, got[i].Dur)
			}
			require.Zero(t, got[0].DecodeTime)
		})
	}
}

func TestFragmenterErrors(t *testing.T) {
	t.Parallel()
	s := packtest.Audio(2, 0)
	f, err := mp4.NewFragmenter(s.Track, 1, nil)
	require.NoError(t, err)
	_, err = f.InitSegment()
	require.ErrorIs(t, err, rendition.InvalidJob)
	_, err = f.MediaSegment(nil)
	require.ErrorIs(t, err, rendition.InvalidJob)
	require.NoError(t, f.Add(s.Samples[0]))
	require.ErrorIs(t, f.Add(s.Samples[0]), rendition.InvalidInput)
	before := int64(-1)
	_, err = f.MediaSegment(&before)
	require.ErrorIs(t, err, rendition.InvalidInput)
}

func TestFragmentsReadByFFmpeg(t *testing.T) {
	t.Parallel()
	source := packtest.Generate(t, "in.mp4", "-f", "lavfi", "-i", "testsrc2=duration=3:rate=30000/1001:size=320x180",
		"-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "30", "-pix_fmt", "yuv420p")
	s := packtest.Demux(t, source)[0]
	init, segments := fragment(t, s, 30, nil)
	path := t.TempDir() + "/f.mp4"
	require.NoError(t, os.WriteFile(path, append(init, bytes.Join(segments, nil)...), 0o600))
	samePackets(t, packtest.FFprobe(t, source), packtest.FFprobe(t, path), []*packtest.Stream{s})
	packtest.Decode(t, path)
}

// FuzzSamples feeds samples with wild times and sizes: an error or a file, never a panic.
func FuzzSamples(f *testing.F) {
	f.Add(int64(0), int64(0), int64(1), int64(1001), int64(1), []byte{0, 0, 1, 0x65, 1})
	f.Add(int64(-5), int64(5), int64(0), int64(1)<<33, int64(-1), []byte{0, 0, 0, 1, 0x41})
	f.Fuzz(func(t *testing.T, pts, dts, duration, step, delay int64, data []byte) {
		track := packtest.Video(ntsc, 0, 30, 0).Track
		track.EncoderDelay = delay
		w := mp4.NewWriter(nil)
		defer w.Abort()
		tw, err := w.AddTrack(track)
		if err != nil {
			return
		}
		frag, err := mp4.NewFragmenter(track, 1, nil)
		require.NoError(t, err)
		s := packtest.VideoSample(ntsc, 0, 30, 0)
		for range 3 {
			s.PTS, s.DTS, s.Duration, s.Key, s.Data = pts, dts, duration, true, data
			require.Equal(t, tw.WriteSample(t.Context(), s) == nil, frag.Add(s) == nil)
			pts, dts = pts+step, dts+step
		}
		if file, err := w.Finish(t.Context()); err == nil {
			require.Positive(t, file.Size())
			require.NoError(t, file.Close())
		}
		if frag.Len() > 0 {
			_, err = frag.MediaSegment(nil)
			require.NotErrorIs(t, err, rendition.Internal)
		}
	})
}
