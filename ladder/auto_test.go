package ladder_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
)

func media(v rendition.VideoInfo, codec rendition.Codec, bitrate int64) *rendition.Media {
	return &rendition.Media{Streams: []rendition.Stream{{Type: rendition.Video, Codec: codec, Bitrate: bitrate, Video: &v}}}
}

// brief is "WxH@kbps", with "/fps" where the rung has its own.
func brief(l ladder.Ladder) string {
	var list []string
	for _, r := range l {
		s := fmt.Sprintf("%dx%d@%d", r.Width, r.Height, r.Bitrate/1000)
		if !r.FPS.IsZero() {
			s += fmt.Sprintf("/%.4g", r.FPS.Float64())
		}
		list = append(list, s)
	}
	return strings.Join(list, " ")
}

func fps(num, den int64) rendition.Rational { return rendition.Rational{Num: num, Den: den} }

func TestAuto(t *testing.T) {
	t.Parallel()
	hd := rendition.VideoInfo{Width: 1920, Height: 1080, FrameRate: fps(25, 1)}
	sports := rendition.VideoInfo{Width: 1280, Height: 720, FrameRate: fps(60000, 1001)}
	tests := []struct {
		name  string
		media *rendition.Media
		opt   *ladder.Options
		want  string
	}{
		{
			"unknown bitrate is the base", media(hd, rendition.H264, 0), nil,
			"416x234@145 640x360@365 768x432@730 768x432@1100 960x540@2000 1280x720@3000 1280x720@4500 1920x1080@6000 1920x1080@7800",
		},
		{
			"starved source", media(hd, rendition.H264, 1_500_000), nil,
			"416x234@145 640x360@288 768x432@379 960x540@530 1280x720@816 1920x1080@1500",
		},
		{
			"starved source of a better codec", media(hd, rendition.H265, 915_000), nil,
			"416x234@145 640x360@288 768x432@379 960x540@530 1280x720@816 1920x1080@1500",
		},
		{
			"upright phone", media(rendition.VideoInfo{Width: 1920, Height: 1080, Rotation: 90, FrameRate: fps(3002, 100)}, rendition.H264, 17_000_000), nil,
			"234x416@145 360x640@365 432x768@730 432x768@1100 540x960@2000 720x1280@3000 720x1280@4500 1080x1920@6000 1080x1920@7800",
		},
		{
			"wide film has its own top", media(rendition.VideoInfo{Width: 1920, Height: 804, FrameRate: fps(24000, 1001)}, rendition.H264, 0), nil,
			"558x234@180 860x360@455 1032x432@910 1032x432@1372 1290x540@2495 1720x720@3743 1920x804@6072",
		},
		{
			"anamorphic DVD", media(rendition.VideoInfo{Width: 720, Height: 576, SampleAspect: fps(64, 45), FrameRate: fps(25, 1)}, "mpeg2video", 5_000_000), nil,
			"416x234@145 640x360@365 768x432@730 768x432@1100 1024x576@2000",
		},
		{
			"60 fps: small rungs at half, the rest doubled", media(sports, rendition.H264, 0), nil,
			"416x234@145/29.97 640x360@365/29.97 768x432@730/29.97 768x432@1100/29.97 960x540@4000 1280x720@6000 1280x720@9000",
		},
		{
			"60 fps everywhere", media(sports, rendition.H264, 0), &ladder.Options{UniformFPS: true},
			"416x234@290 640x360@730 768x432@1460 768x432@2200 960x540@4000 1280x720@6000 1280x720@9000",
		},
		{
			"60 fps for 30", media(sports, rendition.H264, 0), &ladder.Options{MaxFPS: fps(30, 1), MinHeight: 540},
			"960x540@2000/29.97 1280x720@3000/29.97 1280x720@4500/29.97",
		},
		{
			"30 fps for 25 takes 25", media(rendition.VideoInfo{Width: 640, Height: 360, FrameRate: fps(30, 1)}, rendition.H264, 0),
			&ladder.Options{MaxFPS: fps(25, 1), MaxRungs: 1}, "640x360@365/25",
		},
		{
			"120 fps is halved", media(rendition.VideoInfo{Width: 960, Height: 540, FrameRate: fps(120, 1)}, rendition.H264, 0),
			&ladder.Options{MaxRungs: 1}, "960x540@4000/60",
		},
		{
			"max height between rungs", media(hd, rendition.H264, 0), &ladder.Options{MaxHeight: 480, MinHeight: 360},
			"640x360@365 768x432@730 768x432@1100 854x480@1458",
		},
		{"max height below all", media(hd, rendition.H264, 0), &ladder.Options{MaxHeight: 101}, "178x100@40"},
		{"min height above the source", media(hd, rendition.H264, 0), &ladder.Options{MinHeight: 2160}, "1920x1080@7800"},
		{"three rungs", media(hd, rendition.H264, 0), &ladder.Options{MaxRungs: 3}, "416x234@145 960x540@2000 1920x1080@7800"},
		{"240 lines are not resized to 234", media(rendition.VideoInfo{Width: 320, Height: 240}, rendition.H264, 0), nil, "320x240@116"},
		{"tiny", media(rendition.VideoInfo{Width: 64, Height: 48}, rendition.H264, 0), nil, "64x48@10"},
		{"one pixel", media(rendition.VideoInfo{Width: 1, Height: 1}, rendition.H264, 0), nil, "2x2@1"},
		{"strip", media(rendition.VideoInfo{Width: 16, Height: 4000}, rendition.H264, 0), nil, "16x4000@105"},
		{
			"screen", media(rendition.VideoInfo{Width: 3026, Height: 1386}, rendition.H264, 2_000_000), &ladder.Options{MaxRungs: 2},
			"510x234@138 2358x1080@1375",
		},
		{
			"hevc hdr film", media(rendition.VideoInfo{Width: 3840, Height: 2160, FrameRate: fps(24, 1)}, rendition.H265, 0),
			&ladder.Options{Codec: rendition.H265, HDR: true, MinHeight: 1080}, "1920x1080@4320 1920x1080@5600 2560x1440@7760 3840x2160@11120 3840x2160@16000",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ladder.Auto(tt.media, tt.opt)
			require.NoError(t, err)
			require.Equal(t, tt.want, brief(got))
			require.NoError(t, ladder.Validate(got))
		})
	}
}

func TestAutoSourceBitrate(t *testing.T) {
	t.Parallel()
	video := rendition.Stream{Type: rendition.Video, Codec: rendition.H264, Video: &rendition.VideoInfo{Width: 1280, Height: 720}}
	sound := rendition.Stream{Type: rendition.Audio, Bitrate: 200_000, Audio: &rendition.AudioInfo{}}
	streams := []rendition.Stream{video, sound}
	for name, m := range map[string]*rendition.Media{
		"of the file, less the sound": {Bitrate: 1_000_000, Streams: streams},
		"of size over duration":       {Size: 1_250_000, DurationSeconds: 10, Streams: streams},
	} {
		l, err := ladder.Auto(m, nil)
		require.NoError(t, err, name)
		require.EqualValues(t, 800_000, l[len(l)-1].Bitrate, name)
	}
	l, err := ladder.Auto(&rendition.Media{Size: -1, Bitrate: 12, Streams: streams}, nil)
	require.NoError(t, err)
	require.EqualValues(t, 4_500_000, l[len(l)-1].Bitrate, "an absurd bitrate is no bitrate")
}

func TestAutoBase(t *testing.T) {
	t.Parallel()
	base := ladder.Ladder{
		{Width: 640, Height: 480, Bitrate: 1_000_000, MaxBitrate: 1_100_000, BufferSize: 500_000, Profile: "0"},
		{Width: 1280, Height: 960, Bitrate: 3_000_000, Profile: "0"},
	}
	l, err := ladder.Auto(media(rendition.VideoInfo{Width: 1440, Height: 1080}, rendition.H264, 0), &ladder.Options{Base: base, Codec: rendition.VP9})
	require.NoError(t, err)
	require.Equal(t, ladder.Ladder{
		{Width: 640, Height: 480, Bitrate: 1_000_000, MaxBitrate: 1_100_000, BufferSize: 500_000, Codec: rendition.VP9, Profile: "0"},
		{Width: 1280, Height: 960, Bitrate: 3_000_000, Codec: rendition.VP9, Profile: "0"},
	}, l)
	require.Empty(t, base[0].Codec, "the caller's ladder is left alone")
}

func TestAutoErrors(t *testing.T) {
	t.Parallel()
	good := media(rendition.VideoInfo{Width: 640, Height: 360}, rendition.H264, 0)
	tests := []struct {
		name  string
		media *rendition.Media
		opt   *ladder.Options
		kind  rendition.Kind
		texts []string
	}{
		{"nil media", nil, nil, rendition.InvalidInput, []string{"probe the source first"}},
		{"audio only", &rendition.Media{Streams: []rendition.Stream{{Type: rendition.Audio}}}, nil, rendition.InvalidInput, []string{"no moving picture"}},
		{"no size", media(rendition.VideoInfo{}, rendition.H264, 0), nil, rendition.InvalidInput, []string{"no size"}},
		{
			"all options", good, &ladder.Options{Codec: "aac", MaxHeight: -1, MinHeight: -2, MaxRungs: -3, MaxFPS: fps(-1, 1)}, rendition.InvalidJob,
			[]string{`codec: got "aac"`, "max_height: got -1", "min_height: got -2", "max_rungs: got -3", "max_fps: got -1/1"},
		},
		{"min above max", good, &ladder.Options{MaxHeight: 480, MinHeight: 720}, rendition.InvalidJob, []string{"at most max_height, which is 480"}},
		{"one line", good, &ladder.Options{MaxHeight: 1}, rendition.InvalidJob, []string{"max_height: got 1"}},
		{"empty base", good, &ladder.Options{Base: ladder.Ladder{}}, rendition.InvalidJob, []string{"got no rungs"}},
		{"mixed base", good, &ladder.Options{Base: append(ladder.AppleH264(), ladder.VP9()...)}, rendition.InvalidJob, []string{`base[9].codec: got "vp9", allowed: "h264"`}},
		{"base of another codec", good, &ladder.Options{Codec: rendition.AV1, Base: ladder.VP9()}, rendition.InvalidJob, []string{`allowed: "av1"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l, err := ladder.Auto(tt.media, tt.opt)
			require.Nil(t, l)
			require.Equal(t, tt.kind, rendition.KindOf(err))
			for _, text := range tt.texts {
				require.ErrorContains(t, err, text)
			}
		})
	}
}

func TestAutoProperties(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	codecs := []rendition.Codec{"", rendition.H264, rendition.H265, rendition.VP8, rendition.VP9, rendition.AV1}
	for range 5000 {
		v := rendition.VideoInfo{
			Width: 1 + rnd.IntN(1<<(1+rnd.IntN(13))), Height: 1 + rnd.IntN(1<<(1+rnd.IntN(13))), Rotation: 90 * rnd.IntN(4),
			FrameRate: rendition.Rational{Num: rnd.Int64N(130000), Den: 1001}, VariableFrameRate: rnd.IntN(4) == 0,
		}
		opt := ladder.Options{
			Codec: codecs[rnd.IntN(len(codecs))], MaxHeight: rnd.IntN(2) * (2 + rnd.IntN(3000)),
			MaxRungs: rnd.IntN(8), UniformFPS: rnd.IntN(2) == 0, HDR: rnd.IntN(2) == 0,
		}
		if rnd.IntN(3) == 0 {
			opt.MaxFPS = rendition.Rational{Num: 1 + rnd.Int64N(70), Den: 1}
		}
		checkAuto(t, media(v, rendition.H264, rnd.Int64N(2)*rnd.Int64N(1<<(10+rnd.IntN(16)))), &opt)
	}
}

// Bases at the limits of what Validate lets through.
func TestAutoBaseProperties(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 3000 {
		var base ladder.Ladder
		short, bitrate := 2+2*rnd.IntN(400), int64(1000+rnd.IntN(1_000_000))
		for range 1 + rnd.IntN(6) {
			r := ladder.Rung{Width: short * 2, Height: short, Bitrate: bitrate, MaxBitrate: rnd.Int64N(2) * (bitrate + rnd.Int64N(1e10))}
			if r.MaxBitrate > 0 {
				r.BufferSize = 1 + rnd.Int64N(1e12)
			}
			if rnd.IntN(3) == 0 {
				r.FPS = rendition.Rational{Num: 1 + rnd.Int64N(1000), Den: 1 + rnd.Int64N(10)}
			}
			base = append(base, r)
			short, bitrate = short+2*rnd.IntN(300), bitrate+1+rnd.Int64N(1<<rnd.IntN(30))
		}
		if err := ladder.Validate(base); err != nil {
			if strings.Contains(err.Error(), ".fps") {
				continue // above the limit
			}
			t.Fatal(err)
		}
		v := rendition.VideoInfo{Width: 1 + rnd.IntN(20000), Height: 1 + rnd.IntN(4000), FrameRate: rendition.Rational{Num: 1 + rnd.Int64N(240), Den: 1}}
		checkAuto(t, media(v, rendition.H264, 0), &ladder.Options{Base: base, MinHeight: rnd.IntN(2) * rnd.IntN(2000)})
	}
}

func FuzzAuto(f *testing.F) {
	f.Add(1920, 1080, int64(30000), int64(1001), int64(5_000_000), 0, 0, 0, false)
	f.Add(16, 4000, int64(0), int64(0), int64(0), 270, 720, 3, true)
	f.Add(math.MaxInt, 2, int64(math.MaxInt64), int64(1), int64(math.MaxInt64), 0, 0, 0, true)
	f.Fuzz(func(t *testing.T, width, height int, num, den, bitrate int64, rotation, maxHeight, maxRungs int, uniform bool) {
		v := rendition.VideoInfo{Width: width, Height: height, FrameRate: rendition.Rational{Num: num, Den: den}, Rotation: rotation}
		checkAuto(t, media(v, rendition.H264, bitrate), &ladder.Options{MaxHeight: maxHeight, MaxRungs: maxRungs, UniformFPS: uniform})
	})
}

// checkAuto asserts what Auto promises.
func checkAuto(t *testing.T, m *rendition.Media, opt *ladder.Options) {
	t.Helper()
	l, err := ladder.Auto(m, opt)
	if err != nil {
		if k := rendition.KindOf(err); k != rendition.InvalidInput && k != rendition.InvalidJob {
			t.Fatalf("kind %s of %v", k, err)
		}
		return
	}
	again, _ := ladder.Auto(m, opt)
	if l.String() != again.String() {
		t.Fatalf("not deterministic:\n%s\n%s", l, again)
	}
	if err := ladder.Validate(l); err != nil { // rising, even, one aspect
		t.Fatalf("%+v %+v:\n%s\n%v", m.Streams[0].Video, opt, l, err)
	}
	v, src := m.Streams[0].Video, m.Streams[0]
	srcW, srcH := v.DisplaySize()
	top := l[len(l)-1]
	for _, r := range l {
		if r.Width > max(srcW, 2) || r.Height > max(srcH, 2) || opt.MaxHeight > 0 && r.ShortSide() > opt.MaxHeight {
			t.Fatalf("%dx%d is too large for %dx%d, max %d", r.Width, r.Height, srcW, srcH, opt.MaxHeight)
		}
		if (srcW > srcH) != (r.Width > r.Height) && r.Width != r.Height {
			t.Fatalf("%dx%d lies otherwise than %dx%d", r.Width, r.Height, srcW, srcH)
		}
		if src.Bitrate >= 1000 && r.Bitrate > max(src.Bitrate, 1000) { // no target codec needs more than H.264
			t.Fatalf("%d is above the source's %d", r.Bitrate, src.Bitrate)
		}
		if !r.FPS.IsZero() && r.FPS.Float64() > v.FrameRate.Float64() {
			t.Fatalf("%s is above the source's %s", r.FPS, v.FrameRate)
		}
		if opt.UniformFPS && r.FPS != top.FPS {
			t.Fatalf("frame rates differ:\n%s", l)
		}
	}
	if opt.MaxRungs > 0 && len(l) > opt.MaxRungs {
		t.Fatalf("%d rungs, at most %d", len(l), opt.MaxRungs)
	}
}
