package drivertest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/faultstore"
)

// faultGroup puts failures between Bucket and driver: what a retry can mend
// succeeds with the right bytes, and what it cannot leaves nothing.
func faultGroup(e *env) {
	if !e.caps.NoRead {
		e.faultyReads()
	}
	if !e.caps.ReadOnly {
		e.faultyWrites()
	}
}

func (e *env) faultyReads() {
	e.run("cut body is resumed", func(t *testing.T, dir string) {
		data := e.seed(t, dir+"a", 200_000)
		faults := faultstore.New()
		bkt := faults.Wrap(e.bkt)
		faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Nth: 2, Times: 3, CutAfter: 777})
		faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Times: 1, CutAfter: 10})
		got, err := bkt.ReadAll(t.Context(), dir+"a", 0)
		require.NoError(t, err)
		require.True(t, string(data) == string(got))
		require.GreaterOrEqual(t, faults.Calls(faultstore.OpenRange), 5)
	})
	e.run("change is noticed", func(t *testing.T, dir string) {
		if e.h.NoInfo {
			return
		}
		e.seed(t, dir+"a", 1000)
		faults := faultstore.New()
		bkt := faults.Wrap(e.bkt)
		faults.Add(faultstore.Rule{Op: faultstore.OpenRange, CutAfter: 10})
		faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Nth: 2, Times: -1, Change: true})
		_, err := bkt.ReadAll(t.Context(), dir+"a", 0)
		requireKind(t, rendition.Integrity, err)
		require.ErrorIs(t, err, driver.ErrChanged)
	})
	e.run("permanent failure is not retried", func(t *testing.T, dir string) {
		e.seed(t, dir+"a", 10)
		faults := faultstore.New()
		bkt := faults.Wrap(e.bkt)
		faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Kind: rendition.Permission, Times: -1})
		_, err := bkt.Open(t.Context(), dir+"a", nil)
		requireKind(t, rendition.Permission, err)
		require.Equal(t, 1, faults.Calls(faultstore.OpenRange))
	})
}

func (e *env) faultyWrites() {
	for _, op := range []faultstore.Op{faultstore.NewUpload, faultstore.WritePart, faultstore.Commit} {
		e.run("failed "+string(op), func(t *testing.T, dir string) { e.failedWrite(t, dir, op) })
		if !e.caps.Retries && op != faultstore.Commit {
			e.run("repeated "+string(op), func(t *testing.T, dir string) {
				faults := faultstore.New()
				faults.Add(faultstore.Rule{Op: op, After: true})
				data := random(3*e.part + 1)
				require.NoError(t, faults.Wrap(e.bkt).WriteAll(t.Context(), dir+"a", data, &storage.WriterOptions{PartSize: e.part}))
				e.same(t, dir+"a", data)
			})
		}
	}
	e.run("disk full", func(t *testing.T, dir string) {
		faults := faultstore.New()
		faults.DiskFull(e.part + 1)
		err := faults.Wrap(e.bkt).WriteAll(t.Context(), dir+"a", random(3*e.part), &storage.WriterOptions{PartSize: e.part})
		requireKind(t, rendition.Quota, err)
		e.gone(t, dir+"a")
	})
	e.Cleanup(func() { e.clean(e.T) })
}

func (e *env) failedWrite(t *testing.T, dir string, op faultstore.Op) {
	old, cause := e.seed(t, dir+"kept", 10), errors.New("gone for good")
	for _, key := range []string{dir + "a", dir + "kept"} {
		faults := faultstore.New()
		faults.Add(faultstore.Rule{Op: op, Kind: rendition.Permission, Err: cause, Times: -1})
		err := faults.Wrap(e.bkt).WriteAll(t.Context(), key, random(3*e.part), &storage.WriterOptions{PartSize: e.part})
		requireKind(t, rendition.Permission, err)
		require.ErrorIs(t, err, cause)
		require.ErrorContains(t, err, key)
	}
	e.gone(t, dir+"a")
	e.same(t, dir+"kept", old)
}
