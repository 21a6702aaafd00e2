package ftp

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// played is a Dial to a server that says what is given, whatever it hears. Data
// connections give the same bytes.
func played(said []byte, wg *sync.WaitGroup) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		wg.Go(func() { _, _ = io.Copy(io.Discard, far) })
		wg.Go(func() {
			_, _ = far.Write(said)
			_ = far.Close()
		})
		return near, nil
	}
}

const login = "220 hi\r\n331 password\r\n230 in\r\n211-Features\r\n MLST type*;size*;\r\n UTF8\r\n211 End\r\n200 utf8\r\n200 type\r\n257 \"/home\"\r\n"

// FuzzSession has a server say anything: calls end, with or without an error.
func FuzzSession(f *testing.F) {
	for _, s := range []string{
		"220 hi\r\n", login,
		login + "250-x\r\n type=file;size=5;modify=20260101000000; a\r\n250 end\r\n229 ok (|||5|)\r\n150 go\r\n226 done\r\n",
		"220 hi\r\n230 in\r\n500 no\r\n200 I\r\n257 \"/\"\r\n213 5\r\n500 no\r\n250 cwd\r\n215 UNIX\r\n500 no\r\n227 (1,2,3,4,5,6)\r\n150 go\r\n226 done\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		var wg sync.WaitGroup
		defer wg.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		c, err := Dial(ctx, &Config{Addr: "127.0.0.1:21", Dial: played(said, &wg), Username: "u", Password: "p", Timeout: time.Second})
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = c.Stat(ctx, "/a")
		_ = c.List(ctx, "/", func(e Entry) error {
			if e.Name == "" {
				t.Error("an entry without a name")
			}
			return nil
		})
		if d, err := c.Retrieve(ctx, "/a", 3); err == nil {
			_, _ = io.Copy(io.Discard, d)
			_ = d.Finish(ctx)
		}
		if d, err := c.Store(ctx, "/a", 0); err == nil {
			_, _ = d.Write(ctx, make([]byte, 100))
			_ = d.Finish(ctx)
		}
		if ctx.Err() != nil {
			t.Error("it hung")
		}
	})
}
