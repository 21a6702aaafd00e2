package ftpstore

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTail(t *testing.T) {
	t.Parallel()
	const limit = 1000
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		var all []byte
		var kept tail
		for range 20 {
			part := make([]byte, rnd.IntN(2*limit))
			for i := range part {
				part[i] = byte(rnd.Uint32())
			}
			all = append(all, part...)
			require.NoError(t, kept.keep(bytes.NewReader(part), int64(len(part)), limit))
			require.Equal(t, int64(len(all)), kept.end)
			require.Equal(t, int64(max(len(all)-limit, 0)), kept.from)
			require.False(t, kept.has(kept.from-1))
			require.False(t, kept.has(kept.end+1))
			from := kept.from + rnd.Int64N(kept.end-kept.from+1)
			require.True(t, kept.has(from))
			var got []byte
			require.NoError(t, kept.writeFrom(from, func(p []byte) error {
				got = append(got, p...)
				return nil
			}))
			require.True(t, bytes.Equal(all[from:], got))
		}
	}
	require.Error(t, new(tail).keep(bytes.NewReader(make([]byte, 5)), 10, limit), "the part is shorter than it says")
}
