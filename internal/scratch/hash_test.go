package scratch_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/scratch"
	"github.com/rendition-sdk/rendition/storage"
)

func hash(t *testing.T, parts ...any) string {
	t.Helper()
	h, err := scratch.Hash(parts...)
	require.NoError(t, err)
	require.Regexp(t, "^[0-9a-f]{32}$", h)
	require.NoError(t, storage.ValidateKey(h))
	return h
}

// TestHash: what was computed once holds for every process to come.
func TestHash(t *testing.T) {
	t.Parallel()
	type ab struct{ A, B any }
	type ba struct{ B, A any }
	// printf '["v1",{"A":1,"B":[true,null,9007199254740993]}]' | sha256sum
	require.Equal(t, "af534686497c0a88efad4db06cb407f3", hash(t, "v1", ba{A: 1, B: []any{true, nil, int64(9007199254740993)}}))
	require.Equal(t, hash(t, ab{A: 1, B: "x"}), hash(t, ba{A: 1, B: "x"}))
	require.Equal(t, hash(t, ab{A: 1, B: "x"}), hash(t, map[string]any{"B": "x", "A": 1.0}))

	seen := map[string]bool{}
	for _, parts := range [][]any{
		{},
		{nil},
		{""},
		{"ab"},
		{"a", "b"},
		{"a", "b", nil},
		{[]string{"a", "b"}},
		{1},
		{"1"},
		{1.5},
		{math.MaxInt64},
		{math.MaxInt64 - 1},
		{uint64(math.MaxUint64)},
		{[]byte{0xff}},
		{[]byte{0xfe}},
		{ab{1, 2}},
		{ab{2, 1}},
		{"<"},
		{`\u003c`},
		{true},
		{map[string]any{}},
	} {
		h := hash(t, parts...)
		require.Equal(t, h, hash(t, parts...))
		require.False(t, seen[h], "%v", parts)
		seen[h] = true
	}
	for _, bad := range []any{math.NaN(), func() {}, make(chan int)} {
		_, err := scratch.Hash("a", bad)
		require.Equal(t, rendition.Internal, rendition.KindOf(err))
	}
}
