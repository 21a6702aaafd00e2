package azurestore_test

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
)

var throughput = flag.Bool("throughput", false, "measure 1 GiB up and down against rclone")

// TestThroughput moves 1 GiB from a file into Azurite and back, by turns with the driver and with
// rclone with the same block size and number of blocks in flight.
func TestThroughput(t *testing.T) {
	if !*throughput {
		t.Skip("takes long: give -throughput")
	}
	const rounds, size, part, flying = 4, 1 << 30, 8 << 20, 4
	dir := t.TempDir()
	from := filepath.Join(dir, "from")
	f, err := os.Create(from)
	require.NoError(t, err)
	for range size / part {
		_, err = f.Write(random(part))
		require.NoError(t, err)
	}
	require.NoError(t, f.Close())
	ratios := map[string][]float64{}
	for i := range rounds {
		up, down, far := measure(t, from, t.TempDir(), part, flying, i%2 == 1)
		ratios["up"] = append(ratios["up"], up)
		ratios["down"] = append(ratios["down"], down)
		ratios["down, ranges of 128 MiB"] = append(ratios["down, ranges of 128 MiB"], far)
	}
	for name, r := range ratios {
		slices.Sort(r)
		median := (r[(len(r)-1)/2] + r[len(r)/2]) / 2
		t.Logf("%s: the driver has %.2f times rclone's throughput (median of %.2f)", name, median, r)
	}
}

// measure starts an Azurite, since it gets slower with what it has, and gives the throughput of the driver
// divided by that of rclone.
func measure(t *testing.T, from, dir string, part int64, flying int, rcloneFirst bool) (up, down, far float64) {
	a := start(t)
	name := a.container(t)
	b := a.open(t, name, azurestore.Options{})
	took := func(do func()) time.Duration {
		began := time.Now()
		do()
		return time.Since(began)
	}
	upload := func() {
		f, err := os.Open(from)
		require.NoError(t, err)
		defer f.Close()
		w, err := b.NewWriter(t.Context(), "from", &storage.WriterOptions{PartSize: part, InFlight: flying})
		require.NoError(t, err)
		_, err = io.Copy(w, f)
		require.NoError(t, err)
		require.NoError(t, w.Close())
	}
	chunk := strconv.FormatInt(part>>20, 10) + "M"
	rcloneUp := func() {
		rclone(t, a, "copy", "--azureblob-disable-checksum", "--azureblob-chunk-size", chunk, "--azureblob-upload-concurrency", strconv.Itoa(flying), from, "az:"+name+"/rclone")
	}
	var ours, theirs time.Duration
	if rcloneFirst {
		theirs, ours = took(rcloneUp), took(upload)
	} else {
		ours, theirs = took(upload), took(rcloneUp)
	}
	download := func(o *storage.ReadOptions) func() {
		return func() {
			r, err := b.Open(t.Context(), "from", o)
			require.NoError(t, err)
			defer r.Close()
			f, err := os.Create(filepath.Join(dir, "ours"))
			require.NoError(t, err)
			_, err = io.Copy(f, r)
			require.NoError(t, err)
			require.NoError(t, f.Close())
		}
	}
	oursDown := took(download(nil))
	theirsDown := took(func() { rclone(t, a, "copy", "az:"+name+"/rclone/from", filepath.Join(dir, "theirs")) })
	farDown := took(download(&storage.ReadOptions{MaxRange: 128 << 20}))
	t.Logf("up %v, rclone %v; down %v, rclone %v, with ranges of 128 MiB %v", ours, theirs, oursDown, theirsDown, farDown)
	return theirs.Seconds() / ours.Seconds(), theirsDown.Seconds() / oursDown.Seconds(), theirsDown.Seconds() / farDown.Seconds()
}
