package ftpstore_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// fake is an FTP server whose oddities the tests choose: what no server of
// Debian does. Its files lie in memory, in one folder.
type fake struct {
	// hook answers a command in place of the server; "" lets the server answer.
	hook func(f *fake, verb, arg string) string

	t        *testing.T
	listener net.Listener
	wg       sync.WaitGroup

	mu    sync.Mutex
	files map[string][]byte
	conns map[net.Conn]struct{}
	seen  []string
}

func newFake(t *testing.T, hook func(f *fake, verb, arg string) string) *fake {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	f := &fake{t: t, hook: hook, listener: l, files: map[string][]byte{}, conns: map[net.Conn]struct{}{}}
	f.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			f.conns[c] = struct{}{}
			f.mu.Unlock()
			f.wg.Go(func() {
				(&fakeSession{fake: f, conn: c}).serve()
				c.Close()
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		f.kick()
		f.wg.Wait()
	})
	return f
}

func (f *fake) addr() string { return f.listener.Addr().String() }

// kick closes all control connections.
func (f *fake) kick() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.conns {
		c.Close()
	}
	clear(f.conns)
}

// commands are those that came in, without arguments.
func (f *fake) commands() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.seen)
}

type fakeSession struct {
	*fake
	conn   net.Conn
	data   net.Listener
	rest   int
	rename string
}

func (s *fakeSession) say(text string) { _, _ = io.WriteString(s.conn, text+"\r\n") }

func (s *fakeSession) serve() {
	defer func() {
		if s.data != nil {
			s.data.Close()
		}
	}()
	greeting := s.hook(s.fake, "GREETING", "")
	if greeting == "" {
		greeting = "220 fake"
	}
	s.say(greeting)
	in := bufio.NewScanner(s.conn)
	for in.Scan() {
		verb, arg, _ := strings.Cut(in.Text(), " ")
		s.mu.Lock()
		s.seen = append(s.seen, verb)
		s.mu.Unlock()
		if answer := s.hook(s.fake, verb, arg); answer != "" {
			s.say(answer)
			continue
		}
		s.say(s.answer(verb, strings.TrimPrefix(arg, "/")))
	}
}

func (s *fakeSession) answer(verb, arg string) string {
	s.mu.Lock()
	file, ok := s.files[arg]
	s.mu.Unlock()
	switch verb {
	case "USER":
		return "331 password"
	case "PWD":
		return `257 "/"`
	case "PASS", "TYPE", "CWD", "NOOP":
		return "200 ok"
	case "SYST":
		return "215 Windows_NT"
	case "PASV", "EPSV":
		return s.passive(verb)
	case "REST":
		_, _ = fmt.Sscan(arg, &s.rest)
		return "350 go on"
	case "RETR", "LIST":
		if verb == "LIST" {
			file, ok = s.list(), true
		}
		if !ok {
			return "550 no"
		}
		return s.send(file)
	case "STOR", "APPE":
		return s.store(verb, arg)
	}
	return s.about(verb, arg, file, ok)
}

// about answers what concerns one file.
func (s *fakeSession) about(verb, arg string, file []byte, ok bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case verb == "RNTO":
		s.files[arg] = s.files[s.rename]
		delete(s.files, s.rename)
		return "250 done"
	case verb != "SIZE" && verb != "MDTM" && verb != "DELE" && verb != "RNFR":
		return "502 unknown"
	case !ok:
		return "550 no"
	case verb == "SIZE":
		return fmt.Sprint("213 ", len(file))
	case verb == "MDTM":
		return "213 20260102030405"
	case verb == "DELE":
		delete(s.files, arg)
		return "250 done"
	}
	s.rename = arg
	return "350 to"
}

func (s *fakeSession) passive(verb string) string {
	if s.data != nil {
		s.data.Close()
	}
	var err error
	s.data, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "425 no"
	}
	port := s.data.Addr().(*net.TCPAddr).Port
	if verb == "EPSV" {
		return fmt.Sprintf("229 ok (|||%d|)", port)
	}
	return fmt.Sprintf("227 a victim's (192,0,2,1,%d,%d)", port>>8, port&255)
}

func (s *fakeSession) list() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for name, data := range s.files {
		fmt.Fprintf(&b, "01-02-26  03:04AM %20d %s\r\n", len(data), name)
	}
	return []byte(b.String())
}

func (s *fakeSession) send(data []byte) string {
	off := s.rest
	s.rest = 0
	s.say("150 here")
	c, err := s.data.Accept()
	if err != nil {
		return "425 no"
	}
	_, err = c.Write(data[min(off, len(data)):])
	c.Close()
	if err != nil {
		return "426 cut"
	}
	return "226 done"
}

func (s *fakeSession) store(verb, name string) string {
	off := s.rest
	s.rest = 0
	s.say("150 go")
	c, err := s.data.Accept()
	if err != nil {
		return "425 no"
	}
	defer c.Close()
	s.mu.Lock()
	old := s.files[name]
	s.mu.Unlock()
	if verb == "APPE" {
		off = len(old)
	}
	data, err := io.ReadAll(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[name] = append(slices.Clone(old[:off]), data...)
	if err != nil {
		return "426 cut"
	}
	return "226 done"
}
