//go:build cgo

package av_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
	"github.com/rendition-sdk/rendition/internal/testenv"

	"github.com/stretchr/testify/require"
)

// memory is a Source in memory. hook, if set, is called before each Read.
type memory struct {
	data []byte
	hook func(ctx context.Context, offset int64) error
}

func (m *memory) Name() string { return "memory" }

func (m *memory) Open(ctx context.Context) (rendition.SourceReader, error) {
	return &memoryReader{Reader: bytes.NewReader(m.data), ctx: ctx, hook: m.hook}, nil
}

type memoryReader struct {
	*bytes.Reader
	ctx  context.Context
	hook func(ctx context.Context, offset int64) error
}

func (r *memoryReader) Close() error { return nil }

func (r *memoryReader) Read(b []byte) (int, error) {
	if r.hook != nil {
		offset := r.Size() - int64(r.Len())
		if err := r.hook(r.ctx, offset); err != nil {
			return 0, err
		}
	}
	return r.Reader.Read(b)
}

func clip(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	args = append([]string{"-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=4", "-f", "lavfi", "-i", "sine=d=4"}, args...)
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), append(args, path)...).CombinedOutput()
	require.NoError(t, err, string(out))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

func mkv(t testing.TB) []byte {
	t.Helper()
	return clip(t, "a.mkv", "-c:v", "mpeg4", "-g", "10", "-c:a", "aac")
}

// packets reads all that is left.
func packets(t *testing.T, in *av.Input) (list [][2]int64) {
	t.Helper()
	p := av.NewPacket()
	defer p.Free()
	for {
		err := in.ReadPacket(p)
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		list = append(list, [2]int64{int64(p.Stream()), p.PTS()})
	}
}

func TestInputReads(t *testing.T) {
	t.Parallel()
	data := mkv(t)
	in, err := av.OpenInput(t.Context(), &memory{data: data}, nil)
	require.NoError(t, err)
	require.Equal(t, 2, in.Streams())
	require.Equal(t, rendition.Rational{Num: 1, Den: 1000}, in.TimeBase(0))
	all := packets(t, in)
	require.Greater(t, len(all), 100)
	require.LessOrEqual(t, in.BytesRead(), 2*int64(len(data)))

	require.NoError(t, in.Seek(0, 2100, true))
	in.Discard(1)
	rest := packets(t, in)
	require.Equal(t, [2]int64{0, 2000}, rest[0])
	for _, p := range rest {
		require.Zero(t, p[0])
	}
	require.NoError(t, in.SeekTime(in.StartTime()))
	in.Keep(1)
	again := packets(t, in) // sound that began before the first picture may be left out
	require.Equal(t, [2]int64{0, 0}, again[0])
	require.InDelta(t, len(all), len(again), 1)
	require.NoError(t, in.Close())
	require.NoError(t, in.Close())
}

func TestInputCanceledWhileBlocked(t *testing.T) {
	t.Parallel()
	data := mkv(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the user left")
	var once sync.Once
	blocked := make(chan struct{})
	src := &memory{data: data, hook: func(ctx context.Context, offset int64) error {
		if offset < int64(len(data))/2 {
			return nil
		}
		once.Do(func() { close(blocked) })
		<-ctx.Done()
		return ctx.Err()
	}}
	done := make(chan error)
	go func() {
		in, err := av.OpenInput(ctx, src, nil)
		if err == nil {
			p := av.NewPacket()
			for err == nil {
				err = in.ReadPacket(p)
			}
			p.Free()
			_ = in.Close()
		}
		done <- err
	}()
	<-blocked
	cancel(cause)
	err := <-done
	require.ErrorIs(t, err, rendition.Canceled)
	require.ErrorIs(t, err, cause)
}

// An error of the source keeps its Kind on its way through libav.
func TestInputReadError(t *testing.T) {
	t.Parallel()
	data := mkv(t)
	broken := &rendition.Error{Kind: rendition.Integrity, Op: "storage: read", Key: "a", Err: errors.New("etag changed")}
	for _, at := range []int64{0, 1000, int64(len(data)) / 2} {
		src := &memory{data: data, hook: func(_ context.Context, offset int64) error {
			if offset >= at {
				return broken
			}
			return nil
		}}
		in, err := av.OpenInput(t.Context(), src, nil)
		if err == nil {
			p := av.NewPacket()
			for err == nil {
				err = in.ReadPacket(p)
			}
			p.Free()
			require.NoError(t, in.Close())
		}
		require.ErrorIs(t, err, rendition.Integrity)
		require.ErrorIs(t, err, broken.Err)
	}
}

func TestInputPanickingReader(t *testing.T) {
	t.Parallel()
	_, err := av.OpenInput(t.Context(), &memory{data: []byte("x"), hook: func(context.Context, int64) error { panic("boom") }}, nil)
	require.ErrorIs(t, err, rendition.Internal)
	require.ErrorContains(t, err, "boom")
}

// An MP4 with an external data reference must not make the demuxer open it.
func TestInputOpensNothingElse(t *testing.T) {
	t.Parallel()
	data := clip(t, "a.mov", "-c:v", "mpeg4", "-an")
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, data, 0o600))
	for _, list := range []string{
		"ffconcat version 1.0\nfile '" + secret + "'\n",
		"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:4,\nfile://" + secret + "\n#EXT-X-ENDLIST\n",
	} {
		src := &named{memory{data: []byte(list)}, "list.m3u8"}
		_, err := av.OpenInput(t.Context(), src, nil)
		require.ErrorIs(t, err, rendition.Unsupported)
		require.ErrorContains(t, err, "not followed")
	}
}

type named struct {
	memory
	name string
}

func (n *named) Name() string { return n.name }

// rss is the process's resident memory in bytes.
func rss(t *testing.T) int64 {
	t.Helper()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("no /proc")
	}
	pages, err := strconv.ParseInt(strings.Fields(string(data))[1], 10, 64)
	require.NoError(t, err)
	return pages * int64(os.Getpagesize())
}

// Opening, reading, failing and closing hundreds of times leaves nothing behind.
func TestInputLeavesNothing(t *testing.T) { // alone: it measures the process
	data := mkv(t)
	once := func() {
		in, err := av.OpenInput(t.Context(), &memory{data: data}, nil)
		require.NoError(t, err)
		packets(t, in)
		require.NoError(t, in.Close())
		_, err = av.OpenInput(t.Context(), &memory{data: data[:40]}, nil)
		require.Error(t, err)
	}
	settle := func() int64 {
		runtime.GC()
		debug.FreeOSMemory()
		return rss(t)
	}
	for range 100 {
		once()
	}
	before := settle()
	for range 500 {
		once()
	}
	after := settle()
	t.Logf("RSS %d, then %d", before, after)
	require.Less(t, after-before, int64(12<<20), "RSS grew from %d to %d", before, after)
}

func TestInputDeadline(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	_, err := av.OpenInput(ctx, &memory{data: mkv(t)}, nil)
	require.ErrorIs(t, err, rendition.Canceled)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
