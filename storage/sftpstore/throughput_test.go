package sftpstore_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
)

var throughput = flag.Int64("throughput", 0, "measure with an object of so many MiB against rclone")

// TestThroughput moves one object up and down in turns with rclone, and prints the
// medians. It measures only when it is asked to.
func TestThroughput(t *testing.T) {
	if *throughput == 0 {
		t.Skip("takes minutes: give -throughput 1024")
	}
	rclone := testenv.Program(t, "rclone")
	s := servers.StartSSHD(t, nil)
	o := options(s)
	o.Root = folder(t, s)
	b := open(t, s, o)
	size := *throughput << 20
	local := filepath.Join(t.TempDir(), "local")
	f, err := os.Create(local)
	require.NoError(t, err)
	block := make([]byte, 1<<20)
	for i := range block {
		block[i] = byte(i * i >> 3)
	}
	for range *throughput {
		_, err := f.Write(block)
		require.NoError(t, err)
	}
	require.NoError(t, f.Close())
	host, port, _ := strings.Cut(s.Addr, ":")
	remote := fmt.Sprintf(":sftp,host=%s,port=%s,user=%s,key_file=%s,known_hosts_file=%s,shell_type=none,disable_hashcheck=true:%s",
		host, port, s.User, s.KeyFile, s.KnownHostsFile, o.Root)
	run := func(from, to string) {
		out, err := exec.CommandContext(t.Context(), rclone, "--config", "/dev/null", "copyto", "--no-check-dest", from, to).CombinedOutput() //nolint:gosec // its own
		require.NoError(t, err, "%s", out)
	}
	for _, c := range []struct {
		name       string
		ours, them func()
	}{
		{"up", func() { upload(t, b, local) }, func() { run(local, remote+"/theirs") }},
		{"down", func() { download(t, b, local+".down") }, func() { run(remote+"/theirs", local+".theirs") }},
	} {
		var ours, theirs []float64
		for range 5 {
			ours = append(ours, rate(size, c.ours))
			theirs = append(theirs, rate(size, c.them))
		}
		slices.Sort(ours)
		slices.Sort(theirs)
		t.Logf("%s: ours %.0f MiB/s (%.0f), rclone %.0f MiB/s (%.0f), ratio %.2f", c.name, ours[2], ours, theirs[2], theirs, ours[2]/theirs[2])
	}
}

func rate(size int64, call func()) float64 {
	began := time.Now()
	call()
	return float64(size>>20) / time.Since(began).Seconds()
}

func upload(t *testing.T, b *storage.Bucket, name string) {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	w, err := b.NewWriter(context.Background(), "ours", nil)
	require.NoError(t, err)
	_, err = io.Copy(w, struct{ io.Reader }{f})
	require.NoError(t, err)
	require.NoError(t, w.Close())
}

func download(t *testing.T, b *storage.Bucket, name string) {
	t.Helper()
	f, err := os.Create(name)
	require.NoError(t, err)
	r, err := b.Open(context.Background(), "ours", nil)
	require.NoError(t, err)
	defer r.Close()
	_, err = io.CopyBuffer(struct{ io.Writer }{f}, r, make([]byte, 256<<10))
	require.NoError(t, err)
	require.NoError(t, f.Close())
}
