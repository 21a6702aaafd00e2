package aspera

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const installHint = "install IBM Aspera's ascp (it comes with Aspera Connect, the Transfer SDK, or `ascli config ascp install`) " +
	"and put it on PATH, or set Options.Program"

// killWait is how long a killed program may hold its pipes.
const killWait = 2 * time.Second

// places are where IBM's installers put ascp; ~ is the user's home.
var places = []string{
	"~/.aspera/sdk/ascp", "~/.aspera/connect/bin/ascp", "~/.aspera/cli/bin/ascp",
	"/opt/aspera/bin/ascp", "/opt/aspera/cli/bin/ascp", "/Applications/Aspera Connect.app/Contents/Resources/ascp",
}

// find returns the absolute path of the program.
func find(program string) (string, error) {
	if program != "" {
		path, err := exec.LookPath(program)
		if err != nil {
			return "", errors.New("there is no executable program at the path of Options.Program")
		}
		return filepath.Abs(path)
	}
	if path, err := exec.LookPath("ascp"); err == nil {
		return filepath.Abs(path)
	}
	home, _ := os.UserHomeDir() // without one, the places below it are not there
	for _, place := range places {
		if rest, below := strings.CutPrefix(place, "~"); below {
			place = home + rest
		}
		if path, err := exec.LookPath(place); err == nil {
			return path, nil
		}
	}
	return "", errors.New("the program ascp is not installed")
}

// command prepares one session; the caller adds its ends.
func (s *server) command(ctx context.Context, mode string, more ...string) (*exec.Cmd, *lastLines, error) {
	host := s.host
	if s.opts.Resolve != nil {
		var err error
		if host, err = s.opts.Resolve(ctx, host); err != nil {
			return nil, nil, err
		}
		if badHost(host) {
			return nil, nil, fmt.Errorf("the host was resolved to %q, which is no address", host)
		}
	}
	o := s.opts
	args := []string{"--mode=" + mode, "--host=" + host, "--user=" + o.User, "-P", strconv.Itoa(o.Port), "-q", "--overwrite=always"}
	option := func(name string, value int64) {
		if value > 0 {
			args = append(args, name, strconv.FormatInt(value, 10))
		}
	}
	option("-O", int64(o.UDPPort))
	option("-l", o.TargetRate)
	option("-m", o.MinRate)
	option("-k", int64(o.Resume))
	if o.KeyFile != "" {
		args = append(args, "-i", o.KeyFile)
	}
	if o.HostFingerprint != "" {
		args = append(args, "--check-sshfp="+o.HostFingerprint)
	}
	cmd := exec.CommandContext(ctx, o.Program, append(args, more...)...) //nolint:gosec // arguments are checked, and there is no shell
	cmd.Env = environment(os.Environ(), o.Password.Reveal())
	cmd.WaitDelay = killWait
	said := &lastLines{secret: o.Password.Reveal()}
	cmd.Stderr = said
	return cmd, said, nil
}

// environment is that of this process, with the password and without what else would speak for it.
func environment(own []string, password string) []string {
	env := slices.DeleteFunc(slices.Clone(own), func(v string) bool { return strings.HasPrefix(v, "ASPERA_SCP_") })
	if password == "" {
		return env
	}
	return append(env, "ASPERA_SCP_PASS="+password)
}

// lastLines keeps the end of what the program says.
type lastLines struct {
	secret string

	mu  sync.Mutex
	buf []byte
}

var _ io.Writer = (*lastLines)(nil)

const maxSaid = 4 << 10

func (l *lastLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf = append(l.buf, p...)
	if len(l.buf) > maxSaid {
		l.buf = slices.Clone(l.buf[len(l.buf)-maxSaid:])
	}
	return len(p), nil
}

func (l *lastLines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := strings.ToValidUTF8(string(l.buf), "?")
	if l.secret != "" {
		text = strings.ReplaceAll(text, l.secret, "[redacted]")
	}
	return text
}
