// Package servers starts real storage servers on loopback for tests: one file a
// server, each with a Start function that returns where it listens and who may log
// in. A server lives until the test that started it ends.
//
// scripts/servers.sh installs the programs. What is absent skips the test,
// unless TEST_REQUIRE names it (internal/testenv).
package servers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// startTimeout is how long a server may take until it answers.
const startTimeout = time.Minute

// Command is a server's program.
type Command struct {
	// Name is what messages call it.
	Name string
	// Path and Args start it in the foreground; Env is added to the test's own.
	Path string
	Args []string
	Env  []string
	// Dir is its working folder; default the test's.
	Dir string
	// Ready says whether it answers; it is asked until it returns nil.
	Ready func(ctx context.Context) error
}

// Run starts c and waits until it is ready. The test's end stops it with SIGTERM, and
// kills its process group when it has not ended 10 s later.
func Run(t testing.TB, c *Command) {
	t.Helper()
	out := &tail{}
	cmd := exec.Command(c.Path, c.Args...) //nolint:gosec,noctx // a test's own arguments; stopped below
	cmd.Env, cmd.Dir = append(os.Environ(), c.Env...), c.Dir
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	stop := func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			<-ended
		}
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // children that outlive it
	}
	if err := waitReady(t.Context(), c, ended); err != nil {
		stop()
		t.Fatalf("%s did not start: %v\n%s", c.Name, err, out)
	}
	t.Cleanup(stop)
}

func waitReady(ctx context.Context, c *Command, ended chan error) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		err := c.Ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case end := <-ended:
			ended <- end
			return fmt.Errorf("it ended: %w", errors.Join(end, err))
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Listens is a Ready that waits for a TCP port of loopback.
func Listens(port int) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", Addr(port))
		if err != nil {
			return err
		}
		return conn.Close()
	}
}

// Addr is a port of loopback as host:port.
func Addr(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// Ports returns n neighboring free ports of loopback, the first of them. They are
// below the range that the system gives to outgoing connections.
func Ports(t testing.TB, n int) int {
	t.Helper()
	const first, last = 20000, 32000
	// Other test processes look too: each begins at a place of its own.
	begin := first + os.Getpid()*64%(last-first-n)
	for try := range (last - first) / 64 {
		port := first + (begin-first+try*64)%(last-first-n)
		if portsFree(port, n) && reserve(port, n) {
			return port
		}
	}
	t.Fatalf("no %d neighboring ports of loopback are free", n)
	return 0
}

func portsFree(port, n int) bool {
	for i := range n {
		l, err := net.Listen("tcp", Addr(port+i)) //nolint:noctx // it does not block
		if err != nil {
			return false
		}
		_ = l.Close()
	}
	return true
}

// reserved are the ports that this process has given away.
var reserved sync.Map //nolint:gochecknoglobals // ports are the machine's

func reserve(port, n int) bool {
	for i := range n {
		if _, taken := reserved.Load(port + i); taken {
			return false
		}
	}
	for i := range n {
		reserved.Store(port+i, true)
	}
	return true
}

// Home is the folder into which scripts/servers.sh installs what is no package of
// the distribution: $RENDITION_SERVERS, or rendition-servers below the user's cache.
func Home() string {
	if dir := os.Getenv("RENDITION_SERVERS"); dir != "" {
		return dir
	}
	// Not os.UserCacheDir: tests have a private one (internal/leak).
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".cache", "rendition-servers")
}

// Program returns the path of a server's program, from Home or PATH. name is also
// its name in TEST_REQUIRE; rel is its path below Home.
func Program(t testing.TB, name, rel string) string {
	t.Helper()
	path := filepath.Join(Home(), filepath.FromSlash(rel))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	return testenv.Program(t, name, "/usr/sbin/"+name)
}

// tail keeps the end of what a server prints.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *tail) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.buf.Len() > 64<<10 {
		o.buf.Next(o.buf.Len() - 32<<10)
	}
	return o.buf.Write(p)
}

func (o *tail) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
