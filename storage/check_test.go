package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	refuse := func(ops ...faultstore.Op) (rules []faultstore.Rule) {
		for _, op := range ops {
			rules = append(rules, faultstore.Rule{Op: op, Kind: rendition.Permission, Times: -1})
		}
		return rules
	}
	for name, c := range map[string]struct {
		rules []faultstore.Rule
		text  string
		left  int
	}{
		"all works":     {},
		"write":         {refuse(faultstore.Commit), "mem://out/out/: cannot write (but can list): ", 0},
		"nothing works": {refuse(faultstore.NewUpload, faultstore.List), "cannot write, cannot list: ", 0},
		"read":          {refuse(faultstore.OpenRange), "cannot read (but can write, list, delete): ", 0},
		"list":          {refuse(faultstore.List), "cannot list (but can write, read, delete): ", 0},
		"delete":        {refuse(faultstore.Delete), "there by hand", 1},
		"cut short":     {[]faultstore.Rule{{Op: faultstore.OpenRange, CutAfter: -1, Times: -1}}, "cannot read", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inner := memstore.New(&memstore.Options{Name: "mem://out/", Bucket: &storage.Options{RetryDelay: time.Millisecond}})
			faults := faultstore.New()
			for _, r := range c.rules {
				faults.Add(r)
			}
			bkt := faults.Wrap(inner)
			t.Cleanup(func() { require.NoError(t, bkt.Close()) })
			err := bkt.Prefix("out").Check(t.Context())
			left := 0
			for _, err := range inner.List(t.Context(), nil) {
				require.NoError(t, err)
				left++
			}
			require.Equal(t, c.left, left)
			if c.text == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.text)
			require.ErrorContains(t, err, "storage: check: ")
		})
	}
}

func TestCheckCanceled(t *testing.T) {
	t.Parallel()
	bkt := memstore.New(nil)
	t.Cleanup(func() { require.NoError(t, bkt.Close()) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := bkt.Check(ctx)
	require.Equal(t, rendition.Canceled, rendition.KindOf(err))
}

func TestMaxBandwidth(t *testing.T) {
	t.Parallel()
	bkt := memstore.New(&memstore.Options{Bucket: &storage.Options{MaxBandwidth: 1 << 20}})
	t.Cleanup(func() { require.NoError(t, bkt.Close()) })
	began := time.Now()
	require.NoError(t, bkt.WriteAll(t.Context(), "a", make([]byte, 512<<10), nil))
	_, err := bkt.ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	// 512 KiB written and as much read: the last tenth of a second is not waited for.
	require.Greater(t, time.Since(began), 800*time.Millisecond)
}
