package aspera_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/aspera"
	"github.com/rendition-sdk/rendition/storage/drivertest"
)

const password = "p/w%d SIGNED"

func TestMain(m *testing.M) { leak.Main(m) }

func quick() *storage.Options {
	return &storage.Options{RetryDelay: time.Millisecond, Attempts: 3, MaxConcurrent: 8}
}

// built is the stand-in, once for all tests.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "ascp-")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "ascp")
	out, err := exec.Command("go", "build", "-o", program, "./testdata/ascp").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return program, nil
})

// host is a server: a stand-in with a docroot of its own.
type host struct {
	root    string
	program string
}

// newHost links to the stand-in, which finds its docroot beside the link.
func newHost(t *testing.T) *host {
	t.Helper()
	program, err := built()
	require.NoError(t, err)
	dir := t.TempDir()
	h := &host{root: filepath.Join(dir, "docroot"), program: filepath.Join(dir, "ascp")}
	require.NoError(t, os.Mkdir(h.root, 0o700))
	require.NoError(t, os.Symlink(program, h.program))
	return h
}

func (h *host) open(t *testing.T, dir string, opts *aspera.Options) *storage.Bucket {
	t.Helper()
	var o aspera.Options
	if opts != nil {
		o = *opts
	}
	if o.Program == "" {
		o.Program = h.program
	}
	o.Bucket = quick()
	b, err := aspera.Open(t.Context(), "fasp://xfer:p%2Fw%25d%20SIGNED@media.test"+dir, &o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// calls are the arguments of each start.
func (h *host) calls(t *testing.T) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(filepath.Dir(h.root), "calls"))
	require.NoError(t, err)
	var calls [][]string
	for line := range bytes.Lines(data) {
		var words []string
		require.NoError(t, json.Unmarshal(line, &words))
		calls = append(calls, words)
	}
	return calls
}

// partials are what unfinished uploads have left below a folder, a moment after they ended.
func (h *host) partials(dir string) []string {
	var left []string
	for range 50 {
		left = nil
		_ = filepath.WalkDir(filepath.Join(h.root, dir), func(path string, _ os.DirEntry, _ error) error {
			if strings.HasSuffix(path, ".partial") {
				left = append(left, path)
			}
			return nil
		})
		if left == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return left
}

func TestConformance(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	var next atomic.Int32
	drivertest.Run(t, drivertest.Harness{
		NoInfo: true,
		Open: func(t *testing.T) drivertest.Store {
			b, err := aspera.Open(t.Context(), fmt.Sprintf("fasp://xfer:p%%2Fw%%25d%%20SIGNED@media.test:33001/te st/%d", next.Add(1)),
				&aspera.Options{Program: h.program, AnyName: true, Bucket: quick()})
			require.NoError(t, err)
			return drivertest.Store{Bucket: b}
		},
		Errors:  errorCases(),
		Secrets: []string{password, "SIGNED"},
	})
	for _, call := range h.calls(t) {
		require.NotContains(t, strings.Join(call, " "), "SIGNED", "a password in an argument")
		require.Contains(t, call, "env ASPERA_SCP_PASS")
	}
}

func errorCases() []drivertest.ErrorCase {
	at := func(raw string, opts aspera.Options, do func(context.Context, *storage.Bucket) error) func(context.Context, *testing.T) error {
		return func(ctx context.Context, t *testing.T) error {
			opts := opts
			if opts.Program == "" {
				opts.Program = newHost(t).program
			}
			opts.Bucket = quick()
			b, err := aspera.Open(ctx, raw, &opts)
			if err != nil {
				return err
			}
			defer b.Close()
			return do(ctx, b)
		}
	}
	write := func(ctx context.Context, b *storage.Bucket) error {
		return b.WriteAll(ctx, "clip.mp4", []byte("data"), nil)
	}
	big := func(ctx context.Context, b *storage.Bucket) error {
		return b.WriteAll(ctx, "clip.mp4", make([]byte, 300_000), &storage.WriterOptions{PartSize: 100_000})
	}
	read := func(ctx context.Context, b *storage.Bucket) error {
		_, err := b.Open(ctx, "clip.mp4", nil)
		return err
	}
	const good = "fasp://xfer:p%2Fw%25d%20SIGNED@media.test/dir"
	cases := []drivertest.ErrorCase{
		{Name: "wrong password", Kind: rendition.Permission, Mentions: "password", Do: at("fasp://xfer:wrong@media.test/dir", aspera.Options{}, write)},
		{Name: "wrong user", Kind: rendition.Permission, Mentions: "clip.mp4", Do: at("fasp://SIGNED:x@media.test/dir", aspera.Options{}, read)},
		{Name: "closed folder", Kind: rendition.Permission, Mentions: "may not use", Do: at(good+"/closed", aspera.Options{}, write)},
		{Name: "closed folder, in parts", Kind: rendition.Permission, Mentions: "may not use", Do: at(good+"/closed", aspera.Options{}, big)},
		{Name: "fingerprint", Kind: rendition.Permission, Mentions: "host key", Do: at(good, aspera.Options{HostFingerprint: "00"}, write)},
		{Name: "unreachable", Kind: rendition.Unavailable, Mentions: "TCP", Do: at("fasp://xfer:SIGNED@unreachable.test/", aspera.Options{}, read)},
		{Name: "not installed", Kind: rendition.Unsupported, Mentions: "install", Do: at(good, aspera.Options{Program: "/nowhere/ascp"}, nil)},
		{Name: "avoided name", Kind: rendition.InvalidJob, Mentions: "AnyName", Do: at(good, aspera.Options{}, func(ctx context.Context, b *storage.Bucket) error {
			return b.WriteAll(ctx, "a*b", nil, nil)
		})},
		{Name: "guard", Kind: rendition.Permission, Mentions: "forbidden", Do: at(good, aspera.Options{
			Resolve: func(context.Context, string) (string, error) {
				return "", fmt.Errorf("forbidden: %w", os.ErrPermission)
			},
		}, read)},
	}
	for name, raw := range map[string]string{
		"slash": "fasp://xfer:SIG/NED@host/", "no password": "fasp://xfer@host/", "no user": "fasp://host/", "scheme": "http://xfer:SIGNED@host/",
		"dash host": "fasp://xfer:SIGNED@-oProxyCommand=x/", "dash user": "fasp://-x:SIGNED@host/", "space user": "fasp://a%20b:SIGNED@host/",
		"port": "fasp://xfer:SIGNED@host:70000/", "query": "fasp://xfer:SIGNED@host/a?SIGNED", "dots": "fasp://xfer:SIGNED@host/a/../b",
	} {
		cases = append(cases, drivertest.ErrorCase{Name: "bad url " + name, Kind: rendition.InvalidJob, Do: at(raw, aspera.Options{}, nil)})
	}
	return cases
}

// TestCommandLine looks at what is started, byte for byte.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	key := filepath.Join(t.TempDir(), "id key")
	require.NoError(t, os.WriteFile(key, []byte("key"), 0o600))
	b := h.open(t, ":3300/my root", &aspera.Options{
		KeyFile: key, TargetRate: 100_000_000, MinRate: 1_000_000, Resume: 2, UDPPort: 33002,
		HostFingerprint: "f74e5de9ed0d62feaf0616ed1e851133c42a0082",
		Resolve: func(_ context.Context, host string) (string, error) {
			return map[string]string{"media.test": "192.0.2.7"}[host], nil
		},
	})
	ctx := t.Context()
	const name = "-rf/--mode=recv/$(touch x);`y`/%2e ümläut\u2028日本"
	require.Error(t, b.WriteAll(ctx, name+"|", nil, nil))
	require.NoError(t, b.WriteAll(ctx, name, []byte("12345"), nil))
	require.NoError(t, b.WriteAll(ctx, name, make([]byte, 250), &storage.WriterOptions{PartSize: 100}))
	r, err := b.Open(ctx, name, nil)
	require.NoError(t, err)
	defer r.Close()
	_, err = r.Seek(200, io.SeekStart)
	require.NoError(t, err)
	rest, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Len(t, rest, 50)
	data, err := os.ReadFile(filepath.Join(h.root, "my root", name))
	require.NoError(t, err)
	require.Len(t, data, 250)

	common := []string{
		"--host=192.0.2.7", "--user=xfer", "-P", "3300", "-q", "--overwrite=always", "-O", "33002", "-l", "100000000", "-m", "1000000", "-k", "2",
		"-i", key, "--check-sshfp=f74e5de9ed0d62feaf0616ed1e851133c42a0082",
	}
	env := "env ASPERA_SCP_PASS"
	path := "/my root/" + name
	want := [][]string{
		slices.Concat([]string{"--mode=send"}, common, []string{"stdio:///?5", path, env}),
		slices.Concat([]string{"--mode=send"}, common, []string{"stdio:///", path, env}),
		slices.Concat([]string{"--mode=recv"}, common, []string{path, "stdio://", env}),
	}
	require.Equal(t, want, h.calls(t)[:3])
}

func TestMakeFolders(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b := h.open(t, "/root", &aspera.Options{MakeFolders: true})
	for _, size := range []int{0, 5, 250} {
		require.NoError(t, b.WriteAll(t.Context(), "a b/c/seg_1.ts", make([]byte, size), &storage.WriterOptions{PartSize: 100}))
		data, err := os.ReadFile(filepath.Join(h.root, "root/a b/c/seg_1.ts"))
		require.NoError(t, err)
		require.Len(t, data, size)
	}
	calls := h.calls(t)
	require.Subset(t, calls[1], []string{"-d", "stdio:///seg_1.ts?5", "/root/a b/c"})
	require.Subset(t, calls[2], []string{"-d", "stdio:///seg_1.ts"})
	require.ErrorIs(t, b.WriteAll(t.Context(), "a/b c", nil, nil), rendition.InvalidJob)
}

// TestAbortIsNoEnd: a program that is killed must not take what came for the whole object.
func TestAbortIsNoEnd(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b := h.open(t, "", nil)
	for i := range 20 {
		w, err := b.NewWriter(t.Context(), fmt.Sprint("a", i), &storage.WriterOptions{PartSize: 1000})
		require.NoError(t, err)
		_, err = w.Write(make([]byte, 5000))
		require.NoError(t, err)
		require.NoError(t, w.Abort())
		_, err = os.Stat(filepath.Join(h.root, fmt.Sprint("a", i)))
		require.ErrorIs(t, err, os.ErrNotExist)
	}
}

// TestProgramDiesInTheMiddle of an upload: from the first part it begins anew, later it fails at once.
func TestProgramDiesInTheMiddle(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	b := h.open(t, "", nil)
	data := bytes.Repeat([]byte("0123456789"), 1_000_000)
	write := func(n string) error {
		require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(h.root), "dies"), []byte(n), 0o600))
		return b.WriteAll(t.Context(), "a", data, &storage.WriterOptions{PartSize: 3_000_000})
	}
	require.NoError(t, write("1000"))
	got, err := b.ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
	err = write("7000000")
	require.ErrorIs(t, err, rendition.Unavailable)
	require.True(t, rendition.Retryable(err))
	require.ErrorContains(t, err, "peer aborted session")
	require.Empty(t, h.partials("/"))
}

func TestCancelEndsABlockedRead(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(h.root), "slow"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(h.root, "a"), make([]byte, 10_000), 0o600))
	b := h.open(t, "", nil)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := b.Open(ctx, "a", nil)
	require.NoError(t, err)
	defer r.Close()
	_, err = io.ReadFull(r, make([]byte, 1000))
	require.NoError(t, err)
	time.AfterFunc(50*time.Millisecond, cancel)
	begin := time.Now()
	_, err = r.Read(make([]byte, 10))
	require.ErrorIs(t, err, rendition.Canceled)
	require.True(t, errors.Is(err, context.Canceled))
	require.Less(t, time.Since(begin), 5*time.Second)
}

func ExampleOpen() {
	ctx := context.Background()
	bucket, err := aspera.Open(ctx, "fasp://user:secret@aspera.example.com/incoming", &aspera.Options{Program: "/bin/false"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bucket.Close()
	fmt.Println(bucket)
	// Output: fasp://aspera.example.com/incoming/
}
