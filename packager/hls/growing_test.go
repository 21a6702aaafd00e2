package hls_test

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/hls"
	"github.com/rendition-sdk/rendition/packager/internal/packtest"
)

// version is one file as it was at the moment of its Close.
type version struct {
	name, text string
	opts       packager.FileOptions
}

// versionSink keeps every version of every playlist, and what there was of other files.
type versionSink struct {
	mu   sync.Mutex
	list []version
	// before is called before a playlist becomes visible; nil for nothing.
	before func(name string) error
}

func (s *versionSink) Create(_ context.Context, name string, opts *packager.FileOptions) (packager.File, error) {
	return &versionFile{sink: s, version: version{name: name, opts: *opts}}, nil
}

type versionFile struct {
	version
	sink *versionSink
	data []byte
}

func (f *versionFile) Write(p []byte) (int, error) {
	if path.Ext(f.name) == ".m3u8" {
		f.data = append(f.data, p...)
	}
	return len(p), nil
}

func (f *versionFile) Close() error {
	if f.sink.before != nil && f.opts.ContentType == "application/vnd.apple.mpegurl" {
		if err := f.sink.before(f.name); err != nil {
			return err
		}
	}
	f.sink.mu.Lock()
	defer f.sink.mu.Unlock()
	f.text = string(f.data)
	f.sink.list = append(f.sink.list, f.version)
	return nil
}

func (f *versionFile) Abort() error { return nil }

// of returns the versions of one file.
func (s *versionSink) of(name string) (list []version) {
	for _, v := range s.list {
		if v.name == name {
			list = append(list, v)
		}
	}
	return list
}

// judge reads every version of every playlist as a player would at that moment.
func (s *versionSink) judge(t *testing.T) {
	t.Helper()
	there, earlier := map[string]bool{}, map[string]string{}
	for _, v := range s.list {
		dir := path.Dir(v.name)
		switch {
		case path.Ext(v.name) != ".m3u8":
			require.False(t, there[v.name], "%s is written once", v.name)
			require.True(t, v.opts.Immutable)
		case dir == ".":
			list := readMaster(t, []byte(v.text))
			require.NotEmpty(t, list.Variants)
			for _, variant := range list.Variants {
				require.True(t, there[variant.URI], "%s is named before it is there", variant.URI)
				require.GreaterOrEqual(t, variant.Bandwidth, variant.AverageBandwidth)
				for _, alt := range variant.Alternatives {
					require.True(t, there[alt.URI], "%s is named before it is there", alt.URI)
				}
			}
		default:
			s.judgeMedia(t, &v, earlier[v.name], there)
			earlier[v.name] = v.text
		}
		there[v.name] = true
	}
}

func (s *versionSink) judgeMedia(t *testing.T, v *version, before string, there map[string]bool) {
	t.Helper()
	list := readMedia(t, []byte(v.text))
	require.Equal(t, !v.opts.Growing, list.Closed, "only the last version has ended")
	require.Contains(t, v.text, "#EXT-X-PLAYLIST-TYPE:EVENT\n")
	require.Contains(t, v.text, "#EXT-X-START:TIME-OFFSET=0\n")
	require.NotContains(t, v.text, "ALLOW-CACHE")
	require.Zero(t, list.SeqNo)
	require.True(t, strings.HasPrefix(v.text, before), "%s may only be appended to:\n%s\nthen\n%s", v.name, before, v.text)
	require.Greater(t, len(v.text), len(before))
	require.True(t, there[path.Join(path.Dir(v.name), list.Map.URI)], "the init segment comes first")
	for _, seg := range list.Segments[:list.Count()] {
		require.True(t, there[path.Join(path.Dir(v.name), seg.URI)], "%s is listed before it is there", seg.URI)
		require.LessOrEqual(t, seg.Duration, float64(list.TargetDuration)+0.5)
	}
}

// grow packages the inputs side by side, each track in steps of a share of its samples.
func grow(t *testing.T, sink packager.Sink, opts *hls.Options, inputs ...input) *hls.Result {
	t.Helper()
	w := hls.NewWriter(sink, opts)
	tracks := make([]*hls.TrackWriter, len(inputs))
	for i, in := range inputs {
		in.Order = i
		tw, err := w.AddTrack(t.Context(), in.Track, &in.TrackOptions)
		require.NoError(t, err)
		tracks[i] = tw
	}
	const steps = 200
	for step := range steps {
		for i, in := range inputs {
			n := len(in.Samples)
			for _, s := range in.Samples[n*step/steps : n*(step+1)/steps] {
				require.NoError(t, tracks[i].WriteSample(t.Context(), s))
			}
		}
	}
	r, err := w.Finish(t.Context())
	require.NoError(t, err)
	return r
}

// asVOD takes out of a playlist what makes it different from one that was
// written at the end.
func asVOD(playlist string) string {
	return strings.NewReplacer("TYPE:EVENT", "TYPE:VOD", "#EXT-X-START:TIME-OFFSET=0\n", "").Replace(playlist)
}

func ladderInputs(seconds int) []input {
	frames := seconds * 30
	return []input{
		{packtest.Video(ntsc, frames, 60, 2), hls.TrackOptions{Name: "720p", Stem: "k_", PeakBitrate: 3_000_000}},
		{sized(packtest.Video(ntsc, frames, 60, 2), 640, 360, 100), hls.TrackOptions{Name: "360p", Stem: "k_"}},
		{packtest.Audio(seconds*48000/1024, 1024), hls.TrackOptions{Name: "audio", Stem: "k_", PeakBitrate: 128_000, AverageBitrate: 120_000}},
	}
}

var grid6 = rendition.Rational{Num: 6006, Den: 1000}

func expected(inputs []input) (list []hls.ExpectedTrack) {
	for _, in := range inputs {
		list = append(list, hls.ExpectedTrack{Type: in.Type, Name: in.Name, Group: in.Group})
	}
	return list
}

// TestGrowing packages 20 minutes at 29.97 with its sound.
func TestGrowing(t *testing.T) {
	t.Parallel()
	seconds := 1200
	if testing.Short() {
		seconds = 60
	}
	inputs := ladderInputs(seconds)
	sink := &versionSink{}
	r := grow(t, sink, &hls.Options{SegmentDuration: grid6, Growing: true, Expect: expected(inputs)}, inputs...)
	sink.judge(t)
	plain := &packager.MemSink{}
	grow(t, plain, &hls.Options{SegmentDuration: grid6}, inputs...)
	for _, track := range r.Tracks {
		versions := sink.of(track.Playlist)
		last := versions[len(versions)-1]
		require.InDelta(t, len(track.Segments), len(versions), 1, "a version for each segment")
		require.Equal(t, exactSum(track), playlistSum(t, []byte(last.text)), track.Name)
		require.Equal(t, string(plain.Bytes(track.Playlist)), asVOD(last.text))
	}
	masters := sink.of("master.m3u8")
	require.Equal(t, string(plain.Bytes("master.m3u8")), masters[len(masters)-1].text)
	first := readMaster(t, []byte(masters[0].text))
	require.EqualValues(t, 3_128_000, first.Variants[0].Bandwidth, "what is promised is more than what is measured")
	for _, f := range r.Files {
		versions := sink.of(f.Name)
		require.NotEmpty(t, versions)
		if path.Ext(f.Name) == ".m3u8" {
			require.Len(t, versions[len(versions)-1].text, int(f.Bytes), "the result has the last version of %s", f.Name)
		}
	}
	names := map[string]bool{}
	for _, f := range r.Files {
		require.False(t, names[f.Name], "%s is there twice", f.Name)
		names[f.Name] = true
	}
}

// TestGrowingTracksBegin lets tracks begin one after the other.
func TestGrowingTracksBegin(t *testing.T) {
	t.Parallel()
	inputs := ladderInputs(30)
	inputs = append(inputs, input{packtest.Audio(30*48000/1024, 0), hls.TrackOptions{Name: "audio2", Stem: "k_"}})
	sink := &versionSink{}
	w := hls.NewWriter(sink, &hls.Options{SegmentDuration: grid6, Growing: true, Expect: expected(inputs)})
	masters := func() [][]string {
		var all [][]string
		for _, v := range sink.of("master.m3u8") {
			var uris []string
			for _, variant := range readMaster(t, []byte(v.text)).Variants {
				uris = append(uris, path.Dir(variant.URI))
				require.Len(t, variant.Alternatives, 2)
				require.Equal(t, "avc1.640020,mp4a.40.2", variant.Codecs)
			}
			slices.Sort(uris)
			all = append(all, uris)
		}
		return all
	}
	feed := func(i, samples int) {
		inputs[i].Order = i
		tw, err := w.AddTrack(t.Context(), inputs[i].Track, &inputs[i].TrackOptions)
		require.NoError(t, err)
		for _, s := range inputs[i].Samples[:samples] {
			require.NoError(t, tw.WriteSample(t.Context(), s))
		}
	}
	feed(1, 400)
	require.Len(t, sink.of("360p/k_media.m3u8"), 2)
	require.Empty(t, masters(), "its sound has not begun")
	feed(2, 1000)
	require.Empty(t, masters(), "its group is not whole")
	feed(3, 1000)
	require.Equal(t, [][]string{{"360p"}}, masters())
	feed(0, 400)
	require.Equal(t, [][]string{{"360p"}, {"360p", "720p"}}, masters())
	require.Len(t, w.Result().Files, 2*(1+2)+2*(1+3)+4+1, "init and segments of each track, and the playlists once")
	_, err := w.Finish(t.Context())
	require.NoError(t, err)
	sink.judge(t)
}

// TestGrowingKinds has presentations of sound alone, and of pictures alone.
func TestGrowingKinds(t *testing.T) {
	t.Parallel()
	audio := []input{
		{packtest.Audio(1500, 0), hls.TrackOptions{Name: "low", Group: "low"}},
		{packtest.Audio(1500, 0), hls.TrackOptions{Name: "high", Group: "high"}},
	}
	video := []input{{packtest.Video(ntsc, 900, 60, 0), hls.TrackOptions{Name: "v"}}}
	short := []input{{packtest.Video(ntsc, 100, 60, 2), hls.TrackOptions{Name: "v"}}}
	for name, c := range map[string]struct {
		inputs  []input
		masters int
	}{"audio": {audio, 3}, "video": {video, 2}, "shorter than a segment": {short, 1}} {
		for _, expect := range [][]hls.ExpectedTrack{nil, expected(c.inputs)} {
			sink := &versionSink{}
			grow(t, sink, &hls.Options{Growing: true, Expect: expect}, c.inputs...)
			sink.judge(t)
			if expect != nil {
				require.Len(t, sink.of("master.m3u8"), c.masters, name)
			}
		}
	}
}

// TestGrowingLeadingPictures has pictures behind a key frame that are shown
// before it: the segment before ends where the first of them is shown.
func TestGrowingLeadingPictures(t *testing.T) {
	t.Parallel()
	s := packtest.Video(ntsc, 900, 180, 0)
	for i := range s.Samples {
		s.Samples[i].PTS += 3 * 1001
	}
	for i := 180; i+2 < 900; i += 180 { // key, two leading pictures
		p := s.Samples[i].PTS
		s.Samples[i].PTS, s.Samples[i+1].PTS, s.Samples[i+2].PTS = p+2*1001, p, p+1001
	}
	sink, plain := &versionSink{}, &packager.MemSink{}
	in := input{s, hls.TrackOptions{Name: "v"}}
	grow(t, sink, &hls.Options{SegmentDuration: grid6, Growing: true}, in)
	grow(t, plain, &hls.Options{SegmentDuration: grid6}, in)
	sink.judge(t)
	list := sink.of("v/media.m3u8")
	require.Len(t, list, 5)
	require.Equal(t, string(plain.Bytes("v/media.m3u8")), asVOD(list[4].text))
}

// TestGrowingRefuses what cannot be listed as it was promised.
func TestGrowingRefuses(t *testing.T) {
	t.Parallel()
	write := func(opts *hls.Options, s *packtest.Stream) error {
		w := hls.NewWriter(&packager.MemSink{}, opts)
		tw, err := w.AddTrack(t.Context(), s.Track, &hls.TrackOptions{Name: "v"})
		for i := 0; err == nil && i < len(s.Samples); i++ {
			err = tw.WriteSample(t.Context(), s.Samples[i])
		}
		if err == nil {
			_, err = w.Finish(t.Context())
		}
		return err
	}
	sparse := packtest.Video(ntsc, 1000, 250, 2) // key frames every 8.3 seconds
	tail := packtest.Video(ntsc, 250, 1000, 2)   // one segment of 8.3 seconds
	back := packtest.Audio(600, 0)
	back.Samples[300].PTS -= 40 * 1024
	back.Samples[300].Duration = 1
	for name, s := range map[string]*packtest.Stream{"sparse": sparse, "tail": tail} {
		err := write(&hls.Options{Growing: true}, s)
		require.ErrorIs(t, err, rendition.InvalidInput, name)
		require.ErrorContains(t, err, "target duration", name)
		require.NoError(t, write(&hls.Options{Growing: true, TargetDuration: 9}, s), name)
		require.NoError(t, write(nil, s), name)
	}
	require.ErrorIs(t, write(&hls.Options{Growing: true}, back), rendition.InvalidInput)
	require.ErrorIs(t, write(&hls.Options{Growing: true, TargetDuration: -1}, tail), rendition.InvalidJob)
	require.ErrorIs(t, write(&hls.Options{Growing: true, Expect: []hls.ExpectedTrack{{}}}, tail), rendition.InvalidJob)
}

// TestGrowingSideBySide has a goroutine for each track, and a sink whose first
// multivariant playlist is not written before every track has moved on.
func TestGrowingSideBySide(t *testing.T) {
	t.Parallel()
	inputs := ladderInputs(60)
	var done sync.WaitGroup
	var once sync.Once
	waited := make(chan struct{})
	sink := &versionSink{before: func(name string) error {
		if name == "master.m3u8" {
			once.Do(func() { <-waited })
		}
		return nil
	}}
	w := hls.NewWriter(sink, &hls.Options{SegmentDuration: grid6, Growing: true, Expect: expected(inputs)})
	errs := make([]error, len(inputs))
	ended := make(chan int, len(inputs))
	for i, in := range inputs {
		in.Order = i
		done.Go(func() {
			defer func() { ended <- i }()
			tw, err := w.AddTrack(t.Context(), in.Track, &in.TrackOptions)
			for n := 0; err == nil && n < len(in.Samples); n++ {
				err = tw.WriteSample(t.Context(), in.Samples[n])
			}
			errs[i] = err
		})
	}
	<-ended
	<-ended // one of them is in the slow sink; no other waits for it
	close(waited)
	done.Wait()
	require.NoError(t, errors.Join(errs...))
	_, err := w.Finish(t.Context())
	require.NoError(t, err)
	sink.judge(t)
	masters := sink.of("master.m3u8")
	require.Len(t, readMaster(t, []byte(masters[len(masters)-2].text)).Variants, 2, "the early playlist came to name all")
}

// TestGrowingBrokenSink fails at each file in turn.
func TestGrowingBrokenSink(t *testing.T) {
	t.Parallel()
	for left := range 8 { // init, two segments with their playlist, multivariant; the last of each
		sink := &brokenSink{step: "close", left: left, cause: errors.New("no space")}
		w := hls.NewWriter(sink, &hls.Options{Growing: true})
		s := packtest.Video(ntsc, 400, 60, 0)
		tw, err := w.AddTrack(t.Context(), s.Track, &hls.TrackOptions{Name: "v"})
		require.NoError(t, err)
		for i := 0; err == nil && i < len(s.Samples); i++ {
			err = tw.WriteSample(t.Context(), s.Samples[i])
		}
		if err == nil {
			_, err = w.Finish(t.Context())
		}
		require.ErrorIs(t, err, sink.cause, "%d", left)
		require.ErrorIs(t, err, rendition.Unavailable)
		require.Zero(t, sink.open, "every file was closed or aborted")
		require.NotContains(t, string(sink.Bytes("v/media.m3u8")), "ENDLIST")
	}
}
