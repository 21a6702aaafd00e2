package storage

import (
	"context"
	"sync"
	"time"
)

// bandwidth lets a number of bytes pass each second: who takes bytes waits until those
// taken before are paid for. A nil bandwidth has no limit.
type bandwidth struct {
	perSecond int64

	mu sync.Mutex
	// free is when all bytes taken so far are paid for.
	free time.Time
}

func newBandwidth(perSecond int64) *bandwidth {
	if perSecond <= 0 {
		return nil
	}
	return &bandwidth{perSecond: perSecond}
}

// slice cuts p to what a tenth of a second carries, so that reads flow and do not jump.
func (b *bandwidth) slice(p []byte) []byte {
	if b == nil {
		return p
	}
	return p[:min(int64(len(p)), max(b.perSecond/10, 1))]
}

// wait takes n bytes and returns when they may pass, or why ctx ended.
func (b *bandwidth) wait(ctx context.Context, n int64) error {
	if b == nil || n <= 0 {
		return nil
	}
	pause := b.take(n, time.Now())
	if pause <= 0 {
		return nil
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// take books n bytes and returns how long the bytes booked before them still need.
func (b *bandwidth) take(n int64, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.free.Before(now) {
		b.free = now
	}
	pause := b.free.Sub(now)
	b.free = b.free.Add(time.Duration(float64(n) / float64(b.perSecond) * float64(time.Second)))
	return pause
}

// giveBack returns bytes that were taken and did not pass.
func (b *bandwidth) giveBack(n int64) {
	if b == nil || n <= 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free = b.free.Add(-time.Duration(float64(n) / float64(b.perSecond) * float64(time.Second)))
}
