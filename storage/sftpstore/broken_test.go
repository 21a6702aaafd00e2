package sftpstore_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
)

func TestReconnect(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	o := options(s)
	o.Root = folder(t, s)
	b := open(t, s, o)
	data := make([]byte, 12<<20)
	for i := range data {
		data[i] = byte(i * 7 >> 9)
	}
	w, err := b.NewWriter(t.Context(), "a", &storage.WriterOptions{PartSize: 1 << 20})
	require.NoError(t, err)
	for i := range 12 {
		_, err := w.Write(data[i<<20 : (i+1)<<20])
		require.NoError(t, err)
		if i%4 == 2 {
			require.Positive(t, s.KillConnections(t))
		}
	}
	s.KillConnections(t) // if there is one: the parts may be about to be repeated
	require.NoError(t, w.Close())

	r, err := b.Open(t.Context(), "a", nil)
	require.NoError(t, err)
	defer r.Close()
	got := make([]byte, len(data))
	for i := range 12 {
		_, err := io.ReadFull(r, got[i<<20:(i+1)<<20])
		require.NoError(t, err)
		if i%6 == 1 { // what is under way already, up to 4 MiB, still arrives
			require.Positive(t, s.KillConnections(t))
		}
	}
	require.True(t, string(data) == string(got))
	require.Empty(t, temps(t, o.Root))

	s.KillConnections(t)
	_, err = b.Stat(t.Context(), "a")
	require.NoError(t, err, "after an idle connection was killed")
}

// TestCancelBlocked has a server fall silent in the middle of everything.
func TestCancelBlocked(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	o := options(s)
	o.Root = folder(t, s)
	var line silence
	o.Dial = line.dial
	b := open(t, s, o)
	require.NoError(t, b.WriteAll(t.Context(), "a", make([]byte, 1<<20), nil))
	r, err := b.Open(t.Context(), "a", nil)
	require.NoError(t, err)
	_, err = r.Read(make([]byte, 10))
	require.NoError(t, err)
	defer r.Close()
	line.set(true)
	defer line.set(false)
	cause := errors.New("the user pressed stop")
	for name, call := range map[string]func(ctx context.Context) error{
		"stat":   func(ctx context.Context) error { _, err := b.Stat(ctx, "a"); return err },
		"read":   func(ctx context.Context) error { _, err := b.ReadAll(ctx, "a", 0); return err },
		"write":  func(ctx context.Context) error { return b.WriteAll(ctx, "b", make([]byte, 3<<20), nil) },
		"delete": func(ctx context.Context) error { return b.Delete(ctx, "a") },
		"list": func(ctx context.Context) error {
			for _, err := range b.List(ctx, nil) {
				return err
			}
			return nil
		},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond, func() { cancel(cause) })
		began := time.Now()
		err := call(ctx)
		require.ErrorIs(t, err, rendition.Canceled, name)
		require.ErrorIs(t, err, cause, name)
		require.Less(t, time.Since(began), 5*time.Second, name)
		cancel(nil)
	}
}

// silence is a network on which no more bytes come, at will.
type silence struct {
	mu   sync.Mutex
	cond *sync.Cond
	on   bool
}

func (s *silence) set(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = on
	if s.cond != nil {
		s.cond.Broadcast()
	}
}

func (s *silence) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	s.mu.Lock()
	if s.cond == nil {
		s.cond = sync.NewCond(&s.mu)
	}
	s.mu.Unlock()
	c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &silent{Conn: c, silence: s}, nil
}

type silent struct {
	net.Conn
	silence *silence
	closed  bool
}

func (c *silent) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.silence.mu.Lock()
	defer c.silence.mu.Unlock()
	for c.silence.on && !c.closed {
		c.silence.cond.Wait()
	}
	if c.closed {
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *silent) Close() error {
	c.silence.mu.Lock()
	c.closed = true
	c.silence.cond.Broadcast()
	c.silence.mu.Unlock()
	return c.Conn.Close()
}

// TestKeepAlive has a silent server noticed without anybody's ctx.
func TestKeepAlive(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	o := options(s)
	o.Root = folder(t, s)
	o.KeepAlive, o.ConnectTimeout = 100*time.Millisecond, 3*time.Second
	o.Bucket.Attempts = 2
	var line silence
	o.Dial = line.dial
	b := open(t, s, o)
	line.set(true)
	_, err := b.Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Unavailable)
	line.set(false)
	_, err = b.Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.NotFound)
	time.Sleep(time.Second) // the server answers: nothing is dropped
	_, err = b.Prefix("x").Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.NotFound)
}

func TestIdleConnectionsEnd(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	o := options(s)
	o.KeepAlive, o.IdleTimeout = 100*time.Millisecond, 200*time.Millisecond
	open(t, s, o)
	require.Eventually(t, func() bool { return s.Connections(t) == 0 }, 10*time.Second, 20*time.Millisecond)
}

func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	if os.Getuid() != 0 {
		t.Skip("only root mounts a small disk")
	}
	disk := folder(t, s)
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=3m,mode=0777", "tmpfs", disk).CombinedOutput(); err != nil { //nolint:gosec // its own
		t.Skipf("no tmpfs can be mounted here: %s", out)
	}
	t.Cleanup(func() { require.NoError(t, exec.Command("umount", disk).Run()) }) //nolint:gosec // its own
	o := options(s)
	o.Root = disk
	b := open(t, s, o)
	require.NoError(t, b.WriteAll(t.Context(), "fits", make([]byte, 1<<20), nil))
	for _, part := range []int64{256 << 10, 8 << 20} {
		err := b.WriteAll(t.Context(), "x/a", make([]byte, 4<<20), &storage.WriterOptions{PartSize: part})
		require.ErrorIs(t, err, rendition.Quota)
		require.ErrorContains(t, err, "disk is full")
	}
	require.Empty(t, temps(t, disk))
	_, err := os.Stat(filepath.Join(disk, "x"))
	require.ErrorIs(t, err, os.ErrNotExist, "its folder is gone too")
	require.NoError(t, b.WriteAll(t.Context(), "b", make([]byte, 1<<20), nil), "there is room again")
}

func TestChangedInPlace(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	o := options(s)
	o.Root = folder(t, s)
	b := open(t, s, o)
	require.NoError(t, b.WriteAll(t.Context(), "a", make([]byte, 8<<20), nil))
	r, err := b.Open(t.Context(), "a", nil)
	require.NoError(t, err)
	defer r.Close()
	_, err = r.Read(make([]byte, 10))
	require.NoError(t, err)
	require.NoError(t, os.Truncate(filepath.Join(o.Root, "a"), 5<<20))
	_, err = io.ReadAll(r)
	require.ErrorIs(t, err, rendition.Integrity)

	// Replaced, it is another file, and the old one is read to its end.
	old := make([]byte, 3<<20)
	require.NoError(t, b.WriteAll(t.Context(), "b", old, nil))
	r2, err := b.Open(t.Context(), "b", nil)
	require.NoError(t, err)
	defer r2.Close()
	require.NoError(t, b.WriteAll(t.Context(), "b", []byte("new"), nil))
	got, err := io.ReadAll(r2)
	require.NoError(t, err)
	require.True(t, string(old) == string(got))
}

func TestLinks(t *testing.T) {
	t.Parallel()
	s := servers.StartSSHD(t, nil)
	o := options(s)
	o.Root = folder(t, s)
	b := open(t, s, o)
	require.NoError(t, b.WriteAll(t.Context(), "in/a", []byte("12345"), nil))
	for name, to := range map[string]string{"link": "in/a", "folder": "in", "nowhere": "missing", "circle": "circle"} {
		require.NoError(t, os.Symlink(to, filepath.Join(o.Root, name)))
	}
	require.NoError(t, exec.Command("mkfifo", filepath.Join(o.Root, "pipe")).Run()) //nolint:gosec // its own
	got := map[string]int64{}
	for ob, err := range b.List(t.Context(), nil) {
		require.NoError(t, err)
		got[ob.Key] = ob.Size
	}
	require.Equal(t, map[string]int64{"in/a": 5, "link": 5}, got)
	_, err := b.Stat(t.Context(), "folder/a")
	require.NoError(t, err)
	_, err = b.Stat(t.Context(), "pipe")
	require.ErrorIs(t, err, rendition.Unsupported)
	require.NoError(t, b.Delete(t.Context(), "in"), "a folder is no object")
	require.NoError(t, b.Delete(t.Context(), "link"))
	_, err = b.Stat(t.Context(), "in/a")
	require.NoError(t, err)
}
