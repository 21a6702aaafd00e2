package av

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTaggedDuration(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{
		"00:00:02.000000000": 2 * time.Second, "01:02:03.5": time.Hour + 2*time.Minute + 3500*time.Millisecond,
		"": 0, "2.0": 0, "00:61:00": 0, "00:00:NaN": 0, "-1:00:00": 0, "00:00:99": 0,
	} {
		require.Equal(t, want, taggedDuration(map[string]string{"duration-eng": value}), value)
	}
	require.Zero(t, taggedDuration(map[string]string{"durations": "00:00:02"}))
}
