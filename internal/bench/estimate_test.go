package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEstimatesAreJudgedOnEveryClip(t *testing.T) {
	t.Parallel()
	clip := func(actual, said time.Duration, bytes, saidBytes int64) *clipResult {
		return &clipResult{
			Runs: [][]usage{{{Wall: actual, CPU: actual}, {Wall: said, CPU: said}}},
			Made: [][]artifact{{{Bytes: bytes}}, {{Bytes: saidBytes}}},
		}
	}
	s := estimates("estimate", "a ladder", nil, nil)
	list := s.verdicts(&result{Clips: []*clipResult{clip(10*time.Second, 12*time.Second, 100, 90), clip(10*time.Second, 8*time.Second, 100, 120)}})
	require.Len(t, list, 3)
	for _, v := range list {
		require.True(t, v.met, v)
		require.Equal(t, "20 % off", v.measured)
	}
	list = s.verdicts(&result{Clips: []*clipResult{clip(10*time.Second, 7*time.Second, 100, 130), clip(10*time.Second, 10*time.Second, 100, 100)}})
	for _, v := range list {
		require.False(t, v.met, v)
	}
}
