// Package drivertest is the suite that every storage driver passes. A driver's
// test is a Harness and one call:
//
//	func TestConformance(t *testing.T) {
//		drivertest.Run(t, drivertest.Harness{Open: open})
//	}
//
// The suite goes through storage.Bucket, as programs do, and runs a second time
// through a prefix view. Cases use keys of their own, run in parallel, and are
// chosen by Capabilities alone: nothing is skipped. A read-only driver gets
// its objects from Store.Seed; what a write-only one has stored is seen by Store.Peek.
package drivertest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// Harness is how the suite reaches a driver.
type Harness struct {
	// Open returns a store for one group of cases, new (a folder, bucket or
	// prefix of its own) each time where Leftovers is given. Required.
	Open func(t *testing.T) Store
	// Errors are real causes for each kind of error the driver can give.
	Errors []ErrorCase
	// Secrets are strings (passwords, tokens) that no error text may hold.
	Secrets []string
	// EventualWait is how long a listing may lag behind; 0 where
	// Capabilities says ConsistentList.
	EventualWait time.Duration
	// Refuses says which keys the store cannot have: they give kind InvalidJob.
	// Nil is none.
	Refuses func(key string) bool
	// Refused are names of the key cases that the server itself does not take: they are kind InvalidJob.
	Refused []string
	// PartSize of the write cases in bytes. Default the driver's MinPartSize or 64 KiB.
	PartSize int64
	// NoInfo says that Stat tells neither size nor modification time (-1 and zero), and Open no size.
	NoInfo bool
}

// Store is one opened store.
type Store struct {
	// Bucket is closed by the suite.
	Bucket *storage.Bucket
	// Seed puts an object there by other means. Default: through the Bucket.
	Seed func(t *testing.T, key string, data []byte)
	// Peek reads an object by other means; false when there is none. Required with NoRead.
	Peek func(t *testing.T, key string) ([]byte, bool)
	// Leftovers lists what unfinished uploads have left: temporary names, parts.
	// Nil when the driver cannot tell.
	Leftovers func(t *testing.T) []string
}

// ErrorCase makes one real failure.
type ErrorCase struct {
	Name string
	Kind rendition.Kind
	// Do provokes the failure and returns the error of the Bucket or constructor.
	Do func(ctx context.Context, t *testing.T) error
	// Mentions is what the text must hold, such as the key.
	Mentions string
}

// Run runs the whole suite.
func Run(t *testing.T, h Harness) {
	t.Helper()
	groups := []struct {
		name string
		run  func(*env)
	}{
		{"read", readGroup},
		{"write", writeGroup},
		{"list", listGroup},
		{"keys", keysGroup},
		{"cancel", cancelGroup},
		{"caps", capsGroup},
		{"fault", faultGroup},
		{"concurrency", concurrencyGroup},
		{"errors", errorsGroup},
	}
	for _, view := range []string{"", "pre fix/deep"} {
		name := "bucket"
		if view != "" {
			name = "prefix"
		}
		t.Run(name, func(t *testing.T) {
			for _, g := range groups {
				t.Run(g.name, func(t *testing.T) {
					t.Parallel()
					g.run(newEnv(t, h, view))
				})
			}
		})
	}
}

// env is what a group works with.
type env struct {
	*testing.T
	h     Harness
	store Store
	bkt   *storage.Bucket // store.Bucket, or its view
	caps  storage.Capabilities
	view  string
	part  int64
}

func newEnv(t *testing.T, h Harness, view string) *env {
	t.Helper()
	s := h.Open(t)
	e := &env{T: t, h: h, store: s, bkt: s.Bucket.Prefix(view), caps: s.Bucket.Capabilities(), view: view, part: h.PartSize}
	if e.part == 0 {
		e.part = max(e.caps.MinPartSize, 64<<10)
	}
	t.Cleanup(func() { require.NoError(t, s.Bucket.Close()) })
	return e
}

// run runs a parallel case, whose keys begin with the returned folder. The
// group's Bucket stays open until all cases have ended.
func (e *env) run(name string, test func(t *testing.T, dir string)) {
	e.Run(name, func(t *testing.T) {
		t.Parallel()
		sum := sha256.Sum256([]byte(t.Name()))
		test(t, hex.EncodeToString(sum[:6])+"/")
	})
}

// seed puts an object there and returns its bytes.
func (e *env) seed(t *testing.T, key string, size int64) []byte {
	t.Helper()
	data := random(size)
	e.put(t, key, data)
	return data
}

func (e *env) put(t *testing.T, key string, data []byte) {
	t.Helper()
	if e.store.Seed == nil {
		require.NoError(t, e.bkt.WriteAll(t.Context(), key, data, &storage.WriterOptions{PartSize: e.part}))
		return
	}
	e.store.Seed(t, e.full(key), data)
}

// full is the key in the store, whose view the Bucket may be.
func (e *env) full(key string) string {
	if e.view != "" {
		return e.view + "/" + key
	}
	return key
}

// same checks what is stored under key.
func (e *env) same(t *testing.T, key string, want []byte) {
	t.Helper()
	if e.caps.NoRead {
		got, ok := e.store.Peek(t, e.full(key))
		require.True(t, ok, "%s is not there", key)
		require.True(t, string(want) == string(got), "%s: other bytes than were written", key)
		return
	}
	got, err := e.bkt.ReadAll(t.Context(), key, int64(len(want))+1)
	require.NoError(t, err)
	require.True(t, string(want) == string(got), "%s: other bytes than were written", key)
}

// gone checks that nothing is visible under key and nothing is left over.
func (e *env) gone(t *testing.T, key string) {
	t.Helper()
	if e.caps.NoRead {
		_, ok := e.store.Peek(t, e.full(key))
		require.False(t, ok, "%s is there", key)
		return
	}
	_, err := e.bkt.Stat(t.Context(), key)
	requireKind(t, rendition.NotFound, err)
	require.ErrorContains(t, err, key)
}

// clean checks that uploads have left nothing.
func (e *env) clean(t *testing.T) {
	t.Helper()
	if e.store.Leftovers != nil {
		require.Empty(t, e.store.Leftovers(t))
	}
}

// requireKind checks the kind and the form of an error.
func requireKind(t *testing.T, want rendition.Kind, err error) {
	t.Helper()
	require.Error(t, err)
	var e *rendition.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, want.String(), e.Kind.String(), "%v", err)
	require.ErrorIs(t, err, want)
	require.NotEmpty(t, e.Op)
	require.Equal(t, strings.ToLower(e.Op), e.Op)
}

// random returns bytes that are the same in every run.
func random(n int64) []byte {
	data := make([]byte, n)
	var seed [32]byte
	seed[0], seed[1], seed[2] = byte(n), byte(n>>8), byte(n>>16)
	_, _ = rand.NewChaCha8(seed).Read(data)
	return data
}
