package chunk

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// sink collects samples and fails at one.
type sink struct {
	starts int
	got    []string
	fail   int
}

func (s *sink) Start(context.Context, packager.Track) error {
	s.starts++
	return nil
}

func (s *sink) WriteSample(ctx context.Context, p packager.Sample) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.got = append(s.got, string(p.Data)); len(s.got) == s.fail {
		return errors.New("full")
	}
	return nil
}

// attempt gives r a pass of some samples, in a context that then ends.
func attempt(t *testing.T, r *replay, config string, data ...string) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r.attempt()
	if err := r.Start(ctx, packager.Track{Timescale: 10, Config: []byte(config)}); err != nil {
		return err
	}
	for i, d := range data {
		if err := r.WriteSample(ctx, packager.Sample{PTS: int64(i), Duration: 1, Data: []byte(d)}); err != nil {
			return err
		}
	}
	return nil
}

func TestReplay(t *testing.T) {
	t.Parallel()
	out, counter := &sink{}, &encode.Counter{}
	r := &replay{ctx: t.Context(), writers: []encode.SampleWriter{out}, counter: counter}
	require.NoError(t, attempt(t, r, "c", "a", "b"))
	require.NoError(t, attempt(t, r, "c"))
	require.NoError(t, attempt(t, r, "c", "a"))
	require.NoError(t, attempt(t, r, "c", "a", "b", "c", "d"))
	require.NoError(t, r.complete())
	require.Equal(t, []string{"a", "b", "c", "d"}, out.got)
	require.Equal(t, 1, out.starts)
	require.EqualValues(t, 4, counter.Samples())
	require.EqualValues(t, 4, counter.Bytes())
	require.Equal(t, 400*time.Millisecond, counter.Duration())
	require.False(t, r.failed)
}

// TestReplayOfSomethingElse: what is written cannot be taken back.
func TestReplayOfSomethingElse(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(*replay) error{
		"other bytes":    func(r *replay) error { return attempt(t, r, "c", "a", "x") },
		"other settings": func(r *replay) error { return attempt(t, r, "x", "a", "b") },
		"fewer": func(r *replay) error {
			require.NoError(t, attempt(t, r, "c", "a"))
			return r.complete()
		},
	} {
		r := &replay{ctx: t.Context(), writers: []encode.SampleWriter{&sink{}}, counter: &encode.Counter{}}
		require.NoError(t, attempt(t, r, "c", "a", "b"))
		require.ErrorIs(t, again(r), rendition.Integrity, name)
		require.True(t, r.failed, name)
	}
}

func TestReplayOfAFailedWriter(t *testing.T) {
	t.Parallel()
	r := &replay{ctx: t.Context(), writers: []encode.SampleWriter{&sink{fail: 2}}, counter: &encode.Counter{}}
	require.ErrorContains(t, attempt(t, r, "c", "a", "b", "c"), "full")
	require.True(t, r.failed)
}

func TestRetry(t *testing.T) {
	t.Parallel()
	away := &rendition.Error{Kind: rendition.Unavailable, Op: "storage: read"}
	for _, c := range []struct {
		name  string
		err   error
		calls int
	}{
		{"fine", nil, 1},
		{"away", away, Attempts},
		{"final", final(away), 1},
		{"damaged", &rendition.Error{Kind: rendition.InvalidInput}, 1},
		{"refused", &rendition.Error{Kind: rendition.Permission}, 1},
	} {
		calls := 0
		err := (&Options{}).withDefaults().retry(t.Context(), Work{}, func() error {
			calls++
			return c.err
		})
		require.Equal(t, c.calls, calls, c.name)
		require.Equal(t, rendition.KindOf(c.err), rendition.KindOf(err), c.name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := (&Options{}).withDefaults().retry(ctx, Work{}, func() error {
		calls++
		cancel()
		return away
	})
	require.ErrorIs(t, err, rendition.Unavailable)
	require.Equal(t, 1, calls)
}
