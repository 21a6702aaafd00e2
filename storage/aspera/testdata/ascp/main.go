// Command ascp stands in for IBM's ascp in the tests: it takes the part of the published command line that package aspera
// uses, refuses everything else, notes its arguments and copies files below the folder docroot beside the path that it was
// started by (a symbolic link), which plays the server's.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// session is what the arguments say.
type session struct {
	mode, host, user, key string
	from                  int64
	makeFolders           bool
	paths                 []string
}

func beside(name string) string { return filepath.Join(filepath.Dir(os.Args[0]), name) }

func main() {
	note()
	die()
	s, err := parse(os.Args[1:])
	if err == nil {
		err = s.run()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "ascp: %v\nSession Stop  (Error: %v)\n", err, err)
		os.Exit(1)
	}
}

// die fails, if the file dies is there, after as many bytes of the input as it says, once.
func die() {
	text, err := os.ReadFile(beside("dies"))
	if err != nil || os.Remove(beside("dies")) != nil {
		return
	}
	n, _ := strconv.ParseInt(string(text), 10, 64)
	_, _ = io.CopyN(io.Discard, os.Stdin, n)
	fmt.Fprintln(os.Stderr, "Error: peer aborted session")
	os.Exit(1)
}

// note appends the arguments and the names of ASPERA_ variables to the file calls, one JSON array a line.
func note() {
	words := slices.Clone(os.Args[1:])
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "ASPERA_") {
			words = append(words, "env "+name)
		}
	}
	line, _ := json.Marshal(words)
	f, err := os.OpenFile(beside("calls"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		_, _ = f.Write(append(line, '\n'))
		_ = f.Close()
	}
}

func parse(args []string) (*session, error) {
	s := &session{}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		name, value, long := strings.Cut(arg, "=")
		switch {
		case long && name == "--mode":
			s.mode = value
		case long && name == "--host":
			s.host = value
		case long && name == "--user":
			s.user = value
		case arg == "--overwrite=always" || arg == "-q":
		case long && name == "--check-sshfp":
			if value != "f74e5de9ed0d62feaf0616ed1e851133c42a0082" {
				return nil, errors.New("remote host is not who we expected")
			}
		case arg == "-d":
			s.makeFolders = true
		case slices.Contains([]string{"-P", "-O", "-l", "-m", "-k", "-i", "-@"}, arg):
			if len(args) == 0 {
				return nil, errors.New("option without a value")
			}
			if err := s.option(arg, args[0]); err != nil {
				return nil, err
			}
			args = args[1:]
		case strings.HasPrefix(arg, "-"):
			return nil, fmt.Errorf("unrecognized option %q", arg)
		default:
			s.paths = append(s.paths, arg)
		}
	}
	if s.host == "" || len(s.paths) != 2 {
		return nil, errors.New("usage: a host, one source and one destination are needed")
	}
	return s, nil
}

func (s *session) option(name, value string) error {
	switch name {
	case "-i":
		s.key = value
		return nil
	case "-@":
		low, high, ok := strings.Cut(value, ":")
		n, err := strconv.ParseInt(low, 10, 64)
		if !ok || high != "" || err != nil {
			return errors.New("bad range")
		}
		s.from = n
		return nil
	}
	_, err := strconv.ParseUint(value, 10, 63)
	return err
}

func (s *session) run() error {
	if s.host == "unreachable.test" {
		return errors.New("failed to open TCP connection for SSH")
	}
	_, err := os.ReadFile(s.key)
	if s.user != "xfer" || (os.Getenv("ASPERA_SCP_PASS") != "p/w%d SIGNED" && err != nil) {
		return errors.New("failed to authenticate")
	}
	switch s.mode {
	case "recv":
		return s.receive()
	case "send":
		return s.send()
	}
	return errors.New("bad mode")
}

func below(path string) string { return filepath.Join(beside("docroot"), path) }

func (s *session) receive() error {
	if s.paths[1] != "stdio://" || !strings.HasPrefix(s.paths[0], "/") {
		return errors.New("bad destination")
	}
	f, err := os.Open(below(s.paths[0]))
	if err != nil {
		return err
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return errors.New("the source is a folder: no such file")
	}
	if _, err := f.Seek(s.from, io.SeekStart); err != nil {
		return err
	}
	if _, err := os.Stat(beside("slow")); err == nil {
		_, _ = io.CopyN(os.Stdout, f, 1000)
		time.Sleep(time.Hour)
	}
	_, err = io.Copy(os.Stdout, f)
	return err
}

// send keeps what comes under the name with .partial until it is complete.
func (s *session) send() error {
	source, to := s.paths[0], below(s.paths[1])
	if !strings.HasPrefix(s.paths[1], "/") {
		return errors.New("bad destination")
	}
	if strings.Contains(to, "closed") {
		return errors.New("Server aborted session: Permission denied")
	}
	var in io.Reader = os.Stdin
	size := int64(-1)
	name, isPipe := strings.CutPrefix(source, "stdio:///")
	if isPipe {
		before, digits, sized := strings.Cut(name, "?")
		name = before
		if sized {
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil || n == 0 {
				return errors.New("bad size")
			}
			size = n
		}
	} else {
		data, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		name, in = filepath.Base(source), strings.NewReader(string(data))
	}
	if s.makeFolders {
		to = filepath.Join(to, name)
	}
	return receiveFile(to, in, size)
}

func receiveFile(to string, in io.Reader, size int64) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a directory", filepath.Base(to))
	}
	partial := filepath.Join(filepath.Dir(to), fmt.Sprintf(".%d.partial", os.Getpid()))
	f, err := os.Create(partial)
	if err != nil {
		return err
	}
	defer os.Remove(partial)
	n, err := io.Copy(f, in)
	if err == nil {
		err = f.Close()
	}
	if err == nil && size >= 0 && n != size {
		err = fmt.Errorf("%d bytes came in place of %d", n, size)
	}
	if err != nil {
		return err
	}
	return os.Rename(partial, to)
}
