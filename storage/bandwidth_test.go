package storage

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBandwidth(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	b := newBandwidth(1000)
	require.Zero(t, b.take(500, now), "nothing was taken before")
	require.Equal(t, 500*time.Millisecond, b.take(2000, now))
	require.Equal(t, 2500*time.Millisecond, b.take(1, now))
	b.giveBack(1001)
	require.InDelta(t, 1500, b.take(0, now).Milliseconds(), 1)
	require.Zero(t, b.take(1, now.Add(time.Minute)), "what was not used is gone")
	require.Zero(t, b.take(1, now.Add(2*time.Minute)))
}

func TestBandwidthWait(t *testing.T) {
	t.Parallel()
	require.Nil(t, newBandwidth(0))
	require.NoError(t, newBandwidth(0).wait(t.Context(), 1<<60))
	b := newBandwidth(10)
	require.NoError(t, b.wait(t.Context(), 10_000))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, b.wait(ctx, 1), context.Canceled)
	require.Len(t, b.slice(make([]byte, 100)), 1)
}
