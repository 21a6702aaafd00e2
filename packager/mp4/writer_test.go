package mp4_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	box "github.com/Eyevinn/mp4ff/mp4"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/internal/packtest"
	"github.com/rendition-sdk/rendition/packager/mp4"
)

var ntsc = rendition.Rational{Num: 30000, Den: 1001}

// build writes streams one after the other and returns the file's bytes.
func build(t testing.TB, opts *mp4.Options, streams ...*packtest.Stream) []byte {
	t.Helper()
	w := mp4.NewWriter(opts)
	for _, s := range streams {
		tw, err := w.AddTrack(s.Track)
		require.NoError(t, err)
		for _, sample := range s.Samples {
			require.NoError(t, tw.WriteSample(t.Context(), sample))
		}
	}
	f, err := w.Finish(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	var b bytes.Buffer
	n, err := f.WriteTo(&b)
	require.NoError(t, err)
	require.Equal(t, f.Size(), n)
	require.EqualValues(t, f.Size(), b.Len())
	return b.Bytes()
}

func decode(t testing.TB, data []byte) *box.File {
	t.Helper()
	f, err := box.DecodeFile(bytes.NewReader(data))
	require.NoError(t, err)
	return f
}

func TestLayout(t *testing.T) {
	t.Parallel()
	video, audio := packtest.Video(ntsc, 90, 30, 2), packtest.Audio(141, 1024)
	f := decode(t, build(t, nil, video, audio))
	types := []string{}
	for _, c := range f.Children {
		types = append(types, c.Type())
	}
	require.Equal(t, []string{"ftyp", "moov", "mdat"}, types, "the index lies in front")
	require.EqualValues(t, 240000, f.Moov.Mvhd.Timescale, "whole ticks for both tracks")
	require.Zero(t, f.Moov.Mvhd.CreationTime)

	v, a := f.Moov.Traks[0], f.Moov.Traks[1]
	require.Equal(t, []box.ElstEntry{{SegmentDuration: 90 * 1001 * 8, MediaTime: 1001, MediaRateInteger: 1}}, v.Edts.Elst[0].Entries)
	require.Equal(t, []box.ElstEntry{{SegmentDuration: 140 * 1024 * 5, MediaTime: 1024, MediaRateInteger: 1}}, a.Edts.Elst[0].Entries)
	require.Equal(t, []uint32{1, 31, 61}, v.Mdia.Minf.Stbl.Stss.SampleNumber)
	require.Equal(t, []uint32{90}, v.Mdia.Minf.Stbl.Stts.SampleCount)
	require.Equal(t, []uint32{1001}, v.Mdia.Minf.Stbl.Stts.SampleTimeDelta)
	require.Zero(t, v.Mdia.Minf.Stbl.Ctts.Version)
	require.Nil(t, a.Mdia.Minf.Stbl.Ctts)
	require.Equal(t, "eng", a.Mdia.Mdhd.GetLanguage())
	require.Len(t, v.Mdia.Minf.Stbl.Stco.ChunkOffset, 6, "chunks of half a second")
	// Chunks of both tracks alternate by time.
	require.Less(t, a.Mdia.Minf.Stbl.Stco.ChunkOffset[0], v.Mdia.Minf.Stbl.Stco.ChunkOffset[1])
	require.Less(t, v.Mdia.Minf.Stbl.Stco.ChunkOffset[1], a.Mdia.Minf.Stbl.Stco.ChunkOffset[2])
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	video, audio := packtest.Video(ntsc, 90, 30, 2), packtest.Audio(141, 1024)
	path := t.TempDir() + "/a.mp4"
	require.NoError(t, os.WriteFile(path, build(t, nil, video, audio), 0o600))
	got := packtest.Demux(t, path)
	for i, s := range []*packtest.Stream{video, audio} {
		require.Len(t, got[i].Samples, len(s.Samples))
		for j, want := range s.Samples {
			have := got[i].Samples[j]
			require.Equal(t, []int64{want.PTS, want.DTS, want.Duration}, []int64{have.PTS, have.DTS, have.Duration}, "sample %d", j)
			require.Equal(t, want.Key, have.Key)
			if s.Type == rendition.Audio {
				require.Equal(t, want.Data, have.Data)
			} else { // the delimiter is gone
				require.Equal(t, append([]byte{0, 0, 0, byte(len(want.Data) - 10)}, want.Data[10:]...), have.Data)
			}
		}
	}
}

func TestLateAndNegativeStarts(t *testing.T) {
	t.Parallel()
	shifted := func(by int64) *packtest.Stream {
		s := packtest.Audio(100, 0)
		for i := range s.Samples {
			s.Samples[i].PTS += by
			s.Samples[i].DTS += by
		}
		return s
	}
	f := decode(t, build(t, nil, shifted(24000), shifted(-5000), shifted(0)))
	require.Equal(t, []box.ElstEntry{{SegmentDuration: 24000, MediaTime: -1, MediaRateInteger: 1}, {SegmentDuration: 102400, MediaRateInteger: 1}},
		f.Moov.Traks[0].Edts.Elst[0].Entries)
	require.Equal(t, []box.ElstEntry{{SegmentDuration: 97400, MediaTime: 5000, MediaRateInteger: 1}}, f.Moov.Traks[1].Edts.Elst[0].Entries)
	require.Nil(t, f.Moov.Traks[2].Edts)
	require.EqualValues(t, 126400, f.Moov.Mvhd.Duration)
}

func TestShownBeforeDecoded(t *testing.T) {
	t.Parallel()
	s := packtest.Video(ntsc, 60, 30, 2)
	for i := range s.Samples {
		s.Samples[i].DTS += 5 * 1001 // as some remuxers leave it
	}
	path := t.TempDir() + "/a.mp4"
	data := build(t, nil, s)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	require.Nil(t, decode(t, data).Moov.Trak.Edts, "no edit in front of the media")
	got := packtest.Demux(t, path)[0]
	for i, want := range s.Samples {
		require.Equal(t, want.PTS, got.Samples[i].PTS, "pts of sample %d", i)
	}
}

// A picture without a duration behind the others is not shown.
func TestUnseenPicture(t *testing.T) {
	t.Parallel()
	s := packtest.Video(ntsc, 30, 30, 0)
	s.Samples = append(s.Samples[:9:9], s.Samples[10], s.Samples[9])
	s.Samples[9].DTS, s.Samples[10].DTS = 9*1001, 10*1001
	s.Samples[9].PTS, s.Samples[9].Duration = 12*1001, 0
	f := decode(t, build(t, nil, s))
	require.EqualValues(t, 10*1001, f.Moov.Mvhd.Duration*uint64(ntsc.Num)/uint64(f.Moov.Mvhd.Timescale))
	require.EqualValues(t, 11, f.Moov.Trak.Mdia.Minf.Stbl.Stsz.SampleNumber)
}

func TestReadAtAgreesWithWriteTo(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]*mp4.Options{"memory": nil, "spilled": {MemoryLimit: -1, TempDir: t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := mp4.NewWriter(opts)
			s := packtest.Audio(2000, 1024)
			for i := range s.Samples {
				s.Samples[i].Data = bytes.Repeat([]byte{byte(i)}, 300+i%7)
			}
			tw, err := w.AddTrack(s.Track)
			require.NoError(t, err)
			for _, sample := range s.Samples {
				require.NoError(t, tw.WriteSample(t.Context(), sample))
			}
			f, err := w.Finish(t.Context())
			require.NoError(t, err)
			var b bytes.Buffer
			_, err = f.WriteTo(&b)
			require.NoError(t, err)
			require.NoError(t, iotest.TestReader(io.NewSectionReader(f, 0, f.Size()), b.Bytes()))
			_, err = f.ReadAt(make([]byte, 1), f.Size())
			require.Equal(t, io.EOF, err)
			_, err = f.ReadAt(nil, -1)
			require.ErrorIs(t, err, rendition.InvalidJob)
			require.NoError(t, f.Close())
			require.NoError(t, f.Close())
		})
	}
}

func TestNothingIsLeftInTempDir(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := mp4.NewWriter(&mp4.Options{MemoryLimit: -1, TempDir: dir})
	s := packtest.Audio(10, 0)
	tw, err := w.AddTrack(s.Track)
	require.NoError(t, err)
	require.NoError(t, tw.WriteSample(t.Context(), s.Samples[0]))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left, "the spool has no name while it is in use")
	w.Abort()
	require.Error(t, tw.WriteSample(t.Context(), s.Samples[1]))
	_, err = w.Finish(t.Context())
	require.ErrorIs(t, err, rendition.InvalidJob)
}

func TestDeterministic(t *testing.T) {
	t.Parallel()
	video, audio := packtest.Video(ntsc, 60, 30, 2), packtest.Audio(90, 1024)
	video.Order, audio.Order = 1, 2
	want := build(t, nil, video, audio)
	require.Equal(t, want, build(t, &mp4.Options{MemoryLimit: -1}, audio, video), "neither the order of AddTrack nor the spool shows")
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	s := packtest.Video(ntsc, 30, 30, 0)
	s.SampleAspect, s.Rotation, s.Language, s.Title = rendition.Rational{Num: 4, Den: 3}, 90, "pt-BR", "main"
	s.Color = rendition.Color{Primaries: "bt2020", Transfer: "smpte2084", Matrix: "bt2020nc", Range: "tv"}
	s.MasteringDisplay = &rendition.MasteringDisplay{
		Red: [2]float64{0.68, 0.32}, Green: [2]float64{0.265, 0.69}, Blue: [2]float64{0.15, 0.06},
		WhitePoint: [2]float64{0.3127, 0.329}, MinLuminance: 0.0001, MaxLuminance: 1000,
	}
	s.ContentLight = &rendition.ContentLight{MaxCLL: 1000, MaxFALL: 400}
	data := build(t, &mp4.Options{
		CreationTime: time.Unix(1_700_000_000, 0), Tags: map[string]string{"title": "A film", "mood": "calm"},
		Chapters: []rendition.Chapter{{Title: "one"}, {StartSeconds: 0.5, EndSeconds: 1, Title: "two"}},
	}, s)
	f := decode(t, data)
	trak := f.Moov.Trak
	entry := trak.Mdia.Minf.Stbl.Stsd.Children[0].(*box.VisualSampleEntryBox)
	require.Equal(t, &box.PaspBox{HSpacing: 4, VSpacing: 3}, entry.Pasp)
	require.Equal(t, &box.MdcvBox{
		DisplayPrimariesX: [3]uint16{13250, 7500, 34000}, DisplayPrimariesY: [3]uint16{34500, 3000, 16000},
		WhitePointX: 15635, WhitePointY: 16450, MaxDisplayMasteringLuminance: 10000000, MinDisplayMasteringLuminance: 1,
	}, entry.Mdcv)
	require.Equal(t, &box.ClliBox{MaxContentLightLevel: 1000, MaxPicAverageLightLevel: 400}, entry.Clli)
	require.NotZero(t, entry.Btrt.AvgBitrate)
	require.EqualValues(t, 1707<<16, trak.Tkhd.Width)
	require.EqualValues(t, 720<<16, trak.Tkhd.Height)
	require.Equal(t, [9]int32{0, 1 << 16, 0, -1 << 16, 0, 0, 720 << 16, 0, 1 << 30}, trak.Tkhd.Matrix)
	require.Equal(t, "por", trak.Mdia.Mdhd.GetLanguage())
	require.Equal(t, "pt-BR", trak.Mdia.Elng.Language)
	require.EqualValues(t, 1_700_000_000, f.Moov.Mvhd.CreationTimeS())

	path := t.TempDir() + "/h.mp4"
	require.NoError(t, os.WriteFile(path, data, 0o600))
	p := packtest.FFprobe(t, path)
	require.Equal(t, "A film", p.Format.Tags["title"])
	require.Equal(t, "calm", p.Format.Tags["mood"])
	require.Len(t, p.Chapters, 2)
	require.Equal(t, "two", p.Chapters[1].Tags["title"])
	require.Equal(t, "smpte2084", p.Streams[0].ColorTransfer)
	require.EqualValues(t, -90, p.Streams[0].SideData[0]["rotation"])
}

func TestLongAndBigFiles(t *testing.T) {
	t.Parallel()
	s := packtest.Audio(2, 0)
	s.Samples[1].PTS, s.Samples[1].DTS = math.MaxUint32, math.MaxUint32
	f := decode(t, build(t, nil, s))
	require.EqualValues(t, 1, f.Moov.Mvhd.Version)
	require.EqualValues(t, 1, f.Moov.Trak.Mdia.Mdhd.Version)
	require.EqualValues(t, int64(math.MaxUint32)+1024, f.Moov.Trak.Mdia.Mdhd.Duration)

	// Over 4 GiB of samples that lie nowhere.
	w := mp4.NewWriter(&mp4.Options{MemoryLimit: -1, SpoolFunc: func() (mp4.Spool, error) { return zeroSpool{}, nil }})
	tw, err := w.AddTrack(s.Track)
	require.NoError(t, err)
	data := make([]byte, 64<<20)
	for i := range int64(65) {
		require.NoError(t, tw.WriteSample(t.Context(), packager.Sample{PTS: i * 48000, DTS: i * 48000, Duration: 48000, Key: true, Data: data}))
	}
	file, err := w.Finish(t.Context())
	require.NoError(t, err)
	head := make([]byte, 4096)
	_, err = file.ReadAt(head, 0)
	require.NoError(t, err)
	require.Contains(t, string(head), "co64")
	require.Contains(t, string(head), "\x00\x00\x00\x01mdat")
	require.Greater(t, file.Size(), int64(65*64<<20))
	require.NoError(t, file.Close())
}

type zeroSpool struct{}

func (zeroSpool) Write(p []byte) (int, error)               { return len(p), nil }
func (zeroSpool) ReadAt(p []byte, _ int64) (n int, e error) { return len(p), nil }
func (zeroSpool) Close() error                              { return nil }

// fullSpool is a disk without space.
type fullSpool struct{ zeroSpool }

func (fullSpool) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestSpoolErrors(t *testing.T) {
	t.Parallel()
	s := packtest.Audio(3000, 0)
	for i := range s.Samples {
		s.Samples[i].Data = make([]byte, 500)
	}
	w := mp4.NewWriter(&mp4.Options{MemoryLimit: -1, SpoolFunc: func() (mp4.Spool, error) { return fullSpool{}, nil }})
	tw, err := w.AddTrack(s.Track)
	require.NoError(t, err)
	for _, sample := range s.Samples {
		if err = tw.WriteSample(t.Context(), sample); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, rendition.Quota)
	require.ErrorIs(t, err, syscall.ENOSPC)
	_, again := w.Finish(t.Context())
	require.Equal(t, err, again, "the file fails with the track's error")

	w = mp4.NewWriter(&mp4.Options{MemoryLimit: -1, TempDir: t.TempDir() + "/missing"})
	tw, err = w.AddTrack(s.Track)
	require.NoError(t, err)
	require.ErrorIs(t, tw.WriteSample(t.Context(), s.Samples[0]), rendition.NotFound)
}

func TestBadSamples(t *testing.T) {
	t.Parallel()
	good := packtest.VideoSample(ntsc, 0, 30, 0)
	for _, c := range []struct {
		name   string
		change func(s *packager.Sample)
		second bool
		want   string
	}{
		{"empty", func(s *packager.Sample) { s.Data = nil }, false, "the sample is empty"},
		{"no start code", func(s *packager.Sample) { s.Data = []byte{1, 2, 3} }, false, "start code"},
		{"only parameter sets", func(s *packager.Sample) { s.Data = packtest.AVCConfig() }, false, "no picture"},
		{"first not key", func(s *packager.Sample) { s.Key = false }, false, "not a key frame"},
		{"dts stands", func(s *packager.Sample) {}, true, "dts 0 does not grow"},
		{"dts goes back", func(s *packager.Sample) { s.DTS = -1 }, true, "does not grow"},
		{"far away", func(s *packager.Sample) { s.DTS = 1 << 60 }, true, "beyond"},
		{"gap over 32 bits", func(s *packager.Sample) { s.DTS, s.PTS = 1<<33, 1<<33 }, true, "32 bits"},
		{"pts far from dts", func(s *packager.Sample) { s.PTS = 1 << 32 }, false, "more than ctts holds"},
		{"negative duration", func(s *packager.Sample) { s.Duration = -1 }, false, "duration"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := mp4.NewWriter(nil)
			defer w.Abort()
			tw, err := w.AddTrack(packtest.Video(ntsc, 0, 30, 0).Track)
			require.NoError(t, err)
			if c.second {
				require.NoError(t, tw.WriteSample(t.Context(), good))
			}
			bad := good
			c.change(&bad)
			err = tw.WriteSample(t.Context(), bad)
			require.ErrorIs(t, err, rendition.InvalidInput)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "track 1 (video h264) at ")
			require.Equal(t, err, tw.WriteSample(t.Context(), good), "the track stays broken")
		})
	}
}

func TestBadTracks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(t *packager.Track)
		kind   rendition.Kind
	}{
		{"no timescale", func(t *packager.Track) { t.Timescale = 0 }, rendition.InvalidJob},
		{"no size", func(t *packager.Track) { t.Width = 0 }, rendition.InvalidJob},
		{"too wide", func(t *packager.Track) { t.Width = 70000 }, rendition.InvalidJob},
		{"odd rotation", func(t *packager.Track) { t.Rotation = 45 }, rendition.InvalidJob},
		{"subtitles", func(t *packager.Track) { t.Type = rendition.Subtitle }, rendition.InvalidJob},
		{"config too big", func(t *packager.Track) { t.Config = make([]byte, packager.MaxConfigBytes+1) }, rendition.InvalidJob},
		{"bad config", func(t *packager.Track) { t.Config = []byte{1} }, rendition.InvalidInput},
		{"codec", func(t *packager.Track) { t.Codec = "theora" }, rendition.Unsupported},
	} {
		track := packtest.Video(ntsc, 0, 30, 0).Track
		c.change(&track)
		_, err := mp4.NewWriter(nil).AddTrack(track)
		require.ErrorIs(t, err, c.kind, c.name)
	}
	_, err := mp4.NewWriter(&mp4.Options{Brand: "avi"}).AddTrack(packtest.Audio(0, 0).Track)
	require.ErrorIs(t, err, rendition.InvalidJob)
	_, err = mp4.NewWriter(nil).Finish(t.Context())
	require.ErrorIs(t, err, rendition.InvalidJob, "no tracks")
	w := mp4.NewWriter(nil)
	_, err = w.AddTrack(packtest.Audio(0, 0).Track)
	require.NoError(t, err)
	_, err = w.Finish(t.Context())
	require.ErrorIs(t, err, rendition.InvalidInput, "no samples")
	_, err = w.AddTrack(packtest.Audio(0, 0).Track)
	require.ErrorIs(t, err, rendition.InvalidJob, "after a failed Finish")
}

func TestTooManyTracks(t *testing.T) {
	t.Parallel()
	w := mp4.NewWriter(nil)
	for range packager.MaxTracks {
		_, err := w.AddTrack(packtest.Audio(0, 0).Track)
		require.NoError(t, err)
	}
	_, err := w.AddTrack(packtest.Audio(0, 0).Track)
	require.ErrorIs(t, err, rendition.Quota)
}

func TestCancel(t *testing.T) {
	t.Parallel()
	cause := errors.New("the viewer left")
	ctx, cancel := context.WithCancelCause(t.Context())
	w := mp4.NewWriter(nil)
	s := packtest.Audio(2, 0)
	tw, err := w.AddTrack(s.Track)
	require.NoError(t, err)
	require.NoError(t, tw.WriteSample(ctx, s.Samples[0]))
	cancel(cause)
	err = tw.WriteSample(ctx, s.Samples[1])
	require.ErrorIs(t, err, rendition.Canceled)
	require.ErrorIs(t, err, cause)
	_, err = w.Finish(ctx)
	require.ErrorIs(t, err, cause)
}
