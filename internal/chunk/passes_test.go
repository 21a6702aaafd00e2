//go:build cgo

package chunk

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/sched"
)

// TestSoundWaitsForThePicture: while somebody watches, sound does not run away with the
// cores, and goes on when the picture does or is at its end.
func TestSoundWaitsForThePicture(t *testing.T) {
	t.Parallel()
	turns := sched.New(nil).Join(nil)
	defer turns.Close()
	sound, picture := &encode.Audio{}, &encode.Video{}
	r := &run{
		o:      &Options{Turns: turns, LowestFirst: true, Spec: &encode.Spec{Audio: []*encode.Audio{sound}}},
		tracks: []*track{{video: picture}}, more: make(chan struct{}),
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	passed := make(chan error)
	gate := func() { go func() { passed <- r.soundGate(ctx) }() }
	waits := func() {
		t.Helper()
		select {
		case <-passed:
			t.Fatal("it did not wait")
		case <-time.After(20 * time.Millisecond):
		}
	}

	sound.Counter.Add(1, 10*time.Second)
	gate()
	require.NoError(t, <-passed)

	sound.Counter.Add(1, 40*time.Second)
	gate()
	waits()
	picture.Counter.Add(1, 5*time.Second)
	r.progressed()
	waits()
	picture.Counter.Add(1, 20*time.Second)
	r.progressed()
	require.NoError(t, <-passed)

	sound.Counter.Add(1, time.Hour)
	gate()
	waits()
	r.tracks[0].over.Store(true)
	r.progressed()
	require.NoError(t, <-passed)

	r.tracks[0].over.Store(false)
	gate()
	waits()
	stop := errors.New("stop")
	cancel(stop)
	require.ErrorIs(t, <-passed, stop)
}
