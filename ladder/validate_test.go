package ladder_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	ok := ladder.Rung{Width: 640, Height: 360, Bitrate: 500_000}
	with := func(change func(*ladder.Rung)) ladder.Ladder {
		r := ok
		change(&r)
		return ladder.Ladder{r}
	}
	next := ladder.Rung{Width: 1280, Height: 720, Bitrate: 900_000}
	tests := []struct {
		name string
		l    ladder.Ladder
		want string // empty: valid
	}{
		{"plain", ladder.Ladder{ok, next}, ""},
		{"two codecs, each in order", append(ladder.AppleH264(), ladder.AppleHEVC()...), ""},
		{"rounded aspect", ladder.Ladder{{Width: 426, Height: 240, Bitrate: 2000}, {Width: 1920, Height: 1080, Bitrate: 3000}}, ""},
		{"nil", nil, "ladder: got no rungs, allowed: 1 to 64"},
		{"too many", make(ladder.Ladder, 65), "got 65 rungs"},
		{"odd width", with(func(r *ladder.Rung) { r.Width = 641 }), "ladder[0].width: got 641, allowed: an even number from 2 to 16384"},
		{"zero height", with(func(r *ladder.Rung) { r.Height = 0 }), "ladder[0].height: got 0"},
		{"huge", with(func(r *ladder.Rung) { r.Width = 16386 }), "ladder[0].width: got 16386"},
		{"no bitrate", with(func(r *ladder.Rung) { r.Bitrate = 0 }), "ladder[0].bitrate: got 0"},
		{"bitrate in kbit", with(func(r *ladder.Rung) { r.Bitrate = 500 }), "ladder[0].bitrate: got 500, allowed: 1000 to 10000000000 bits per second"},
		{"peak below average", with(func(r *ladder.Rung) { r.MaxBitrate = 400_000 }), "ladder[0].max_bitrate: got 400000, allowed: 0 or at least the bitrate, 500000"},
		{"absurd peak", with(func(r *ladder.Rung) { r.MaxBitrate = 1 << 60 }), "ladder[0].max_bitrate"},
		{"negative buffer", with(func(r *ladder.Rung) { r.BufferSize = -1 }), "ladder[0].buffer_size: got -1"},
		{"buffer alone", with(func(r *ladder.Rung) { r.BufferSize = 1000 }), "allowed: both or neither"},
		{"codec", with(func(r *ladder.Rung) { r.Codec = "hevc" }), `ladder[0].codec: got "hevc", allowed: h264, h265, vp8, vp9, av1`},
		{"profile", with(func(r *ladder.Rung) { r.Codec, r.Profile = rendition.VP9, "high" }), `ladder[0].profile: got "high", allowed for vp9: 0, 2, empty`},
		{"fps", with(func(r *ladder.Rung) { r.FPS = rendition.Rational{Num: -25, Den: 1} }), "ladder[0].fps: got -25/1"},
		{"equal bitrates", ladder.Ladder{ok, ok}, "ladder[1].bitrate: got 500000, allowed: more than ladder[0].bitrate, which is 500000"},
		{"sizes fall", ladder.Ladder{next, {Width: 640, Height: 360, Bitrate: 1_000_000}}, "ladder[1]: got 640x360, allowed: no smaller than ladder[0], which is 1280x720"},
		{"aspects differ", ladder.Ladder{ok, {Width: 960, Height: 720, Bitrate: 1_000_000}}, "ladder[1]: got 960x720, allowed: the aspect ratio of ladder[0]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := ladder.Validate(tt.l)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
			require.ErrorIs(t, err, rendition.InvalidJob)
		})
	}
}

func TestValidateReportsEverything(t *testing.T) {
	t.Parallel()
	err := ladder.Validate(ladder.Ladder{
		{Width: 641, Height: 361, Bitrate: 1},
		{Width: 1280, Height: 720, Bitrate: 900_000, Profile: "x", Codec: rendition.AV1},
	})
	list, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	var keys []string
	for _, e := range list.Unwrap() {
		var one *rendition.Error
		require.True(t, errors.As(e, &one))
		keys = append(keys, one.Key)
	}
	require.Equal(t, []string{"ladder[0].width", "ladder[0].height", "ladder[0].bitrate", "ladder[1].profile"}, keys)
}

func TestRungJSON(t *testing.T) {
	t.Parallel()
	in := `{"width":640,"height":360,"bitrate":500000,"max_bitrate":750000,"buffer_size":1500000,"codec":"h264","profile":"high","fps":"30/1"}`
	var r ladder.Rung
	require.NoError(t, json.Unmarshal([]byte(in), &r))
	out, err := json.Marshal(r)
	require.NoError(t, err)
	require.Equal(t, in, string(out))
	out, err = json.Marshal(ladder.Rung{Width: 2, Height: 2, Bitrate: 1000})
	require.NoError(t, err)
	require.Equal(t, `{"width":2,"height":2,"bitrate":1000}`, string(out))
}

func TestRungString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "640x360 h264 high 365 kb/s (peak 547.5, buffer 1095 kb) at most 30 fps", ladder.AppleH264()[1].String())
	require.Equal(t, "2x2 1 kb/s", ladder.Rung{Width: 2, Height: 2, Bitrate: 1000}.String())
}

func TestEmptyLadderString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "  size  kb/s  peak  buffer  codec  profile  fps", ladder.Ladder(nil).String())
}
