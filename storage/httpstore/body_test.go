package httpstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-7": 0, "soon": 0, "Wed, 02 Jan 2030 03:04:35 GMT": 30 * time.Second,
		"Wed, 02 Jan 2030 03:04:00 GMT": 0, "4000000000": 24 * time.Hour, "99999999999999999999": 0,
	} {
		require.Equal(t, want, retryAfter(value, now), value)
	}
}

func FuzzParseContentRange(f *testing.F) {
	for _, s := range []string{"bytes 0-9/100", "bytes 5-5/*", "bytes */7", "bytes 9-0/10", "bytes 0-99999999999999999999/1", "bytes -1-2/3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, last, total, err := parseContentRange(s)
		if err == nil && (first < 0 || last < first || total < -1 || (total >= 0 && last >= total)) {
			t.Errorf("%q: %d-%d/%d", s, first, last, total)
		}
	})
}
