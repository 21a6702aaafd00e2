package hls_test

import (
	"context"
	"errors"
	"flag"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/hls"
	"github.com/rendition-sdk/rendition/packager/internal/packtest"
)

var update = flag.Bool("update", false, "write the golden playlists anew")

var (
	ntsc = rendition.Rational{Num: 30000, Den: 1001}
	film = rendition.Rational{Num: 24000, Den: 1001}
)

// golden compares data with a file below testdata.
func golden(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(data), name)
}

type input struct {
	*packtest.Stream
	hls.TrackOptions
}

func pack(t *testing.T, opts *hls.Options, inputs ...input) (*packager.MemSink, *hls.Result) {
	t.Helper()
	sink := &packager.MemSink{}
	w := hls.NewWriter(sink, opts)
	for _, in := range inputs {
		tw, err := w.AddTrack(t.Context(), in.Track, &in.TrackOptions)
		require.NoError(t, err)
		for _, s := range in.Samples {
			require.NoError(t, tw.WriteSample(t.Context(), s))
		}
	}
	r, err := w.Finish(t.Context())
	require.NoError(t, err)
	return sink, r
}

func sized(s *packtest.Stream, width, height, bytes int) *packtest.Stream {
	s.Width, s.Height = width, height
	for i := range s.Samples {
		s.Samples[i].Data = append(s.Samples[i].Data, make([]byte, bytes)...)
		s.Samples[i].Data[len(s.Samples[i].Data)-1] = 0x80
		for j := len(s.Samples[i].Data) - bytes; j < len(s.Samples[i].Data); j++ {
			s.Samples[i].Data[j] = 0x80
		}
	}
	return s
}

func language(s *packtest.Stream, tag, title string, isDefault bool) *packtest.Stream {
	s.Language, s.Title, s.Default = tag, title, isDefault
	return s
}

func TestGoldenPlaylists(t *testing.T) {
	t.Parallel()
	hdr := sized(packtest.Video(film, 240, 48, 2), 1920, 1080, 4000)
	hdr.Color = rendition.Color{Primaries: "bt2020", Transfer: "smpte2084", Matrix: "bt2020nc", Range: "tv"}
	surround := packtest.Audio(470, 0)
	surround.Channels, surround.Codec, surround.Config = 6, rendition.Opus, []byte("OpusHead\x01\x06\x38\x01\x80\xbb\x00\x00\x00\x00\x01\x04\x02\x00\x04\x01\x02\x03\x05")
	for _, c := range []struct {
		name   string
		opts   *hls.Options
		inputs []input
		files  []string
	}{
		{"ladder", nil, []input{
			{sized(packtest.Video(ntsc, 600, 60, 2), 1920, 1080, 20000), hls.TrackOptions{Name: "1080p", Stem: "8f3a_"}},
			{sized(packtest.Video(ntsc, 600, 60, 2), 1280, 720, 8000), hls.TrackOptions{Name: "720p", Stem: "8f3a_"}},
			{sized(packtest.Video(ntsc, 600, 60, 2), 640, 360, 2000), hls.TrackOptions{Name: "360p", Stem: "8f3a_"}},
			{packtest.Audio(940, 1024), hls.TrackOptions{Name: "audio", Stem: "8f3a_"}},
		}, []string{"master.m3u8", "1080p/8f3a_media.m3u8", "audio/8f3a_media.m3u8"}},
		{"languages", &hls.Options{SegmentDuration: rendition.Rational{Num: 2, Den: 1}, StartBandwidth: -1}, []input{
			{hdr, hls.TrackOptions{Name: "hdr"}},
			{language(packtest.Audio(470, 0), "fra", "Français", false), hls.TrackOptions{Name: "fr", Group: "aac", NoAutoselect: true}},
			{language(packtest.Audio(470, 0), "eng", "", true), hls.TrackOptions{Name: "en", Group: "aac", Label: "English"}},
			{language(packtest.Audio(470, 0), "eng", "", false), hls.TrackOptions{
				Name: "ad", Group: "aac", Label: "English",
				Characteristics: []string{"public.accessibility.describes-video"},
			}},
			{language(surround, "eng", `say "hi"`, false), hls.TrackOptions{Name: "en 5.1", Group: "opus"}},
		}, []string{"master.m3u8", "hdr/media.m3u8"}},
		{"audio only", nil, []input{
			{packtest.Audio(940, 1024), hls.TrackOptions{Name: "low", Group: "low"}},
			{sized(packtest.Audio(940, 1024), 0, 0, 300), hls.TrackOptions{Name: "high", Group: "high"}},
		}, []string{"master.m3u8"}},
		{"video only", nil, []input{{packtest.Video(ntsc, 300, 60, 0), hls.TrackOptions{}}}, []string{"master.m3u8"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sink, r := pack(t, c.opts, c.inputs...)
			for _, name := range c.files {
				golden(t, strings.ReplaceAll(c.name, " ", "_")+"/"+strings.ReplaceAll(name, "/", "_"), sink.Bytes(name))
			}
			order := sink.Order()
			require.Equal(t, "master.m3u8", order[len(order)-1], "the presentation shows when all of it is there")
			readMaster(t, sink.Bytes("master.m3u8"))
			for _, track := range r.Tracks {
				list := readMedia(t, sink.Bytes(track.Playlist))
				require.EqualValues(t, len(track.Segments), list.Count())
				require.Less(t, slices.Index(order, track.Init), slices.Index(order, track.Segments[0].Name))
			}
			for _, f := range r.Files {
				require.Len(t, sink.Bytes(f.Name), int(f.Bytes))
				require.Equal(t, f.Immutable, !strings.HasSuffix(f.Name, ".m3u8"))
			}
			require.Len(t, sink.Names(), len(r.Files))
		})
	}
}

// TestNoDrift packages 10 hours: EXTINF sums and decode times stay on the tick.
func TestNoDrift(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("10 hours of samples")
	}
	const hours = 10
	for _, rate := range []rendition.Rational{ntsc, film} {
		t.Run(rate.String(), func(t *testing.T) {
			t.Parallel()
			gop := int((rate.Num*2 + rate.Den - 1) / rate.Den) // 2 s rounded up to whole frames
			grid := rendition.NewRational(int64(gop)*rate.Den*3, rate.Num)
			frames := int(hours * 3600 * rate.Num / rate.Den)
			sink := &lastSink{}
			w := hls.NewWriter(sink, &hls.Options{SegmentDuration: grid})
			v := packtest.Video(rate, 0, gop, 2)
			tw, err := w.AddTrack(t.Context(), v.Track, &hls.TrackOptions{Name: "v"})
			require.NoError(t, err)
			for i := range frames {
				require.NoError(t, tw.WriteSample(t.Context(), packtest.VideoSample(rate, i, gop, 2)))
			}
			a := packtest.Audio(0, 1024)
			aw, err := w.AddTrack(t.Context(), a.Track, &hls.TrackOptions{Name: "a"})
			require.NoError(t, err)
			data := []byte{0x21, 0x10, 1}
			for i := range int64(hours * 3600 * 48000 / 1024) {
				at := i*1024 - 1024
				require.NoError(t, aw.WriteSample(t.Context(), packager.Sample{PTS: at, DTS: at, Duration: 1024, Key: true, Data: data}))
			}
			r, err := w.Finish(t.Context())
			require.NoError(t, err)
			video, audio := r.Tracks[0], r.Tracks[1]
			for i, s := range video.Segments {
				require.EqualValues(t, i*3*gop*int(rate.Den), s.Start, "segment %d begins on the exact grid", i)
				// Audio begins at the first frame at or after the boundary.
				if i < len(audio.Segments) && i > 0 {
					want := new(big.Rat).SetFrac64(s.Start*48000, rate.Num)
					gap := new(big.Rat).Sub(new(big.Rat).SetInt64(audio.Segments[i].Start), want)
					require.True(t, gap.Cmp(big.NewRat(-1, 1)) > 0 && gap.Cmp(big.NewRat(1024, 1)) < 0, "audio segment %d: %s", i, gap)
				}
			}
			for _, track := range r.Tracks {
				require.Equal(t, exactSum(track), playlistSum(t, sink.playlists[track.Playlist]), track.Name)
			}
		})
	}
}

// exactSum is the length of a track in microseconds, to the nearest.
func exactSum(track hls.TrackResult) int64 {
	last := track.Segments[len(track.Segments)-1]
	ticks := last.Start + last.Duration - track.Segments[0].Start
	n := new(big.Int).Mul(big.NewInt(ticks), big.NewInt(2_000_000))
	n.Add(n, big.NewInt(int64(track.Timescale)))
	return n.Div(n, big.NewInt(2*int64(track.Timescale))).Int64()
}

// playlistSum adds the EXTINF durations as they are written, in microseconds.
func playlistSum(t *testing.T, playlist []byte) int64 {
	t.Helper()
	sum := new(big.Rat)
	for line := range strings.Lines(string(playlist)) {
		if d, ok := strings.CutPrefix(line, "#EXTINF:"); ok {
			v, ok := new(big.Rat).SetString(strings.TrimSuffix(d, ",\n"))
			require.True(t, ok, line)
			sum.Add(sum, v)
		}
	}
	sum.Mul(sum, big.NewRat(1_000_000, 1))
	require.True(t, sum.IsInt())
	return sum.Num().Int64()
}

// lastSink keeps playlists and forgets segments.
type lastSink struct{ playlists map[string][]byte }

func (s *lastSink) Create(_ context.Context, name string, _ *packager.FileOptions) (packager.File, error) {
	return &lastFile{sink: s, name: name}, nil
}

type lastFile struct {
	sink *lastSink
	name string
	data []byte
}

func (f *lastFile) Write(p []byte) (int, error) {
	if strings.HasSuffix(f.name, ".m3u8") {
		f.data = append(f.data, p...)
	}
	return len(p), nil
}

func (f *lastFile) Close() error {
	if f.sink.playlists == nil {
		f.sink.playlists = map[string][]byte{}
	}
	f.sink.playlists[f.name] = f.data
	return nil
}

func (f *lastFile) Abort() error { return nil }

func TestStages(t *testing.T) {
	t.Parallel()
	sink := &packager.MemSink{}
	w := hls.NewWriter(sink, nil)
	s := packtest.Video(ntsc, 400, 60, 0)
	tw, err := w.AddTrack(t.Context(), s.Track, &hls.TrackOptions{Name: "v"})
	require.NoError(t, err)
	for i, sample := range s.Samples {
		require.NoError(t, tw.WriteSample(t.Context(), sample))
		if i == 179 {
			require.Empty(t, sink.Order())
		}
	}
	require.Equal(t, []string{"v/init.mp4", "v/00001.m4s", "v/00002.m4s"}, sink.Order(), "segments leave as they are complete")
	require.NoError(t, w.Flush(t.Context()))
	require.NoError(t, w.Flush(t.Context()))
	require.Len(t, w.Result().Tracks[0].Segments, 3)
	require.NoError(t, w.WriteMediaPlaylists(t.Context()))
	require.NotContains(t, sink.Names(), "master.m3u8")
	require.NoError(t, w.WriteMultivariant(t.Context()))
	require.Contains(t, sink.Names(), "master.m3u8")
	require.ErrorIs(t, tw.WriteSample(t.Context(), s.Samples[0]), rendition.InvalidJob)
	_, err = w.AddTrack(t.Context(), s.Track, nil)
	require.ErrorIs(t, err, rendition.InvalidJob)
	require.Equal(t, "video/mp4", sink.Options("v/init.mp4").ContentType)
}

func TestSegmentsFollowKeyFrames(t *testing.T) {
	t.Parallel()
	s := packtest.Video(ntsc, 1000, 77, 2) // key frames away from the grid
	_, r := pack(t, nil, input{s, hls.TrackOptions{Name: "v"}})
	keys := map[int64]bool{}
	for _, sample := range s.Samples {
		keys[sample.PTS] = sample.Key
	}
	end := int64(0)
	for i, seg := range r.Tracks[0].Segments {
		require.True(t, keys[seg.Start], "segment %d begins with a key frame", i)
		require.Equal(t, end, seg.Start)
		end = seg.Start + seg.Duration
		require.GreaterOrEqual(t, seg.Start+1001/2, int64(i)*6*30000, "at the boundary within half a frame, or behind it")
	}
	require.EqualValues(t, 1000*1001, end)
}

func TestLateTrackSharesTheTimeline(t *testing.T) {
	t.Parallel()
	late := packtest.Audio(700, 0)
	for i := range late.Samples {
		late.Samples[i].PTS += 24000
		late.Samples[i].DTS += 24000
	}
	_, r := pack(t, nil, input{late, hls.TrackOptions{Name: "a"}})
	first := r.Tracks[0].Segments[0]
	require.Zero(t, first.Start)
	require.InDelta(t, 6*48000, first.Duration, 1024)
}

func TestWriterErrors(t *testing.T) {
	t.Parallel()
	video := packtest.Video(ntsc, 400, 60, 0)
	add := func(opts *hls.Options, to *hls.TrackOptions) error {
		_, err := hls.NewWriter(&packager.MemSink{}, opts).AddTrack(t.Context(), video.Track, to)
		return err
	}
	for name, err := range map[string]error{
		"absolute name":     add(nil, &hls.TrackOptions{Name: "/etc"}),
		"name leaves":       add(nil, &hls.TrackOptions{Name: "../x"}),
		"stem is a folder":  add(nil, &hls.TrackOptions{Name: "x", Stem: "a/b"}),
		"negative duration": add(&hls.Options{SegmentDuration: rendition.Rational{Num: -1, Den: 1}}, nil),
		"tiny duration":     add(&hls.Options{SegmentDuration: rendition.Rational{Num: 1, Den: 1000}}, nil),
		"master in folder":  add(&hls.Options{MasterName: "a/master.m3u8"}, nil),
	} {
		require.ErrorIs(t, err, rendition.InvalidJob, name)
	}
	w := hls.NewWriter(&packager.MemSink{}, nil)
	_, err := w.Finish(t.Context())
	require.ErrorIs(t, err, rendition.InvalidJob, "no tracks")
	_, err = w.AddTrack(t.Context(), video.Track, &hls.TrackOptions{Name: "v"})
	require.NoError(t, err)
	_, err = w.AddTrack(t.Context(), video.Track, &hls.TrackOptions{Name: "v"})
	require.ErrorIs(t, err, rendition.InvalidJob, "same name")
	_, err = w.Finish(t.Context())
	require.ErrorIs(t, err, rendition.InvalidInput, "no samples")
}

// brokenSink fails at one of its three steps from the n-th file on.
type brokenSink struct {
	packager.MemSink
	step  string
	left  int
	cause error
	open  int
}

func (s *brokenSink) Create(ctx context.Context, name string, o *packager.FileOptions) (packager.File, error) {
	s.left--
	if s.left < 0 && s.step == "create" {
		return nil, s.cause
	}
	f, err := s.MemSink.Create(ctx, name, o)
	s.open++
	return &brokenFile{File: f, sink: s, fails: s.left < 0}, err
}

type brokenFile struct {
	packager.File
	sink  *brokenSink
	fails bool
	done  bool
}

func (f *brokenFile) Write(p []byte) (int, error) {
	if f.fails && f.sink.step == "write" {
		return 0, f.sink.cause
	}
	return f.File.Write(p)
}

func (f *brokenFile) Close() error {
	if f.fails && f.sink.step == "close" {
		return f.sink.cause
	}
	f.end()
	return f.File.Close()
}

func (f *brokenFile) Abort() error { f.end(); return f.File.Abort() }

func (f *brokenFile) end() {
	if !f.done {
		f.done = true
		f.sink.open--
	}
}

func TestBrokenSink(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"create", "write", "close"} {
		for left := range 5 { // init, two segments, media playlist, multivariant playlist
			sink := &brokenSink{step: step, left: left, cause: errors.New("no space")}
			w := hls.NewWriter(sink, nil)
			s := packtest.Video(ntsc, 240, 60, 0)
			tw, err := w.AddTrack(t.Context(), s.Track, &hls.TrackOptions{Name: "v"})
			require.NoError(t, err)
			for _, sample := range s.Samples {
				if err = tw.WriteSample(t.Context(), sample); err != nil {
					break
				}
			}
			if err == nil {
				_, err = w.Finish(t.Context())
			}
			require.ErrorIs(t, err, sink.cause, "%s %d", step, left)
			require.ErrorIs(t, err, rendition.Unavailable)
			require.NotContains(t, sink.Names(), "master.m3u8")
			require.Zero(t, sink.open, "every file was closed or aborted")
		}
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	sink := &packager.MemSink{}
	w := hls.NewWriter(sink, nil)
	s := packtest.Audio(2, 0)
	tw, err := w.AddTrack(ctx, s.Track, nil)
	require.NoError(t, err)
	require.NoError(t, tw.WriteSample(ctx, s.Samples[0]))
	cancel(cause)
	require.ErrorIs(t, tw.WriteSample(ctx, s.Samples[1]), cause)
	_, err = w.Finish(ctx)
	require.ErrorIs(t, err, cause)
	require.ErrorIs(t, err, rendition.Canceled)
	require.Empty(t, sink.Names())
	_, err = w.AddTrack(ctx, s.Track, nil)
	require.ErrorIs(t, err, cause)
}
