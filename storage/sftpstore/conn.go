package sftpstore

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

const (
	// grace is how long a call may take to end after its ctx has. Then the
	// connection is closed: the protocol cannot call a request back.
	grace = 200 * time.Millisecond
	// smallPacket is what every server takes in one request; largePacket is what OpenSSH does.
	smallPacket = 32 << 10
	largePacket = 255 << 10
	// window is how many bytes of requests are under way for one file.
	window = 4 << 20
)

var errBadAnswer = errors.New("the server sent an answer against the rules of SFTP")

// conn is one connection with its SFTP session. Many calls may use it at a time.
type conn struct {
	net    *watched
	ssh    *ssh.Client
	sftp   *sftp.Client
	packet int           // bytes of data in one request
	dead   chan struct{} // closed by kill
	gone   func(*conn)   // tells the pool

	mu     sync.Mutex
	killed bool
	work   sync.WaitGroup // its goroutines; added to under mu and not when killed

	users int       // guarded by the pool's mutex, like idle
	idle  time.Time // since when nobody uses it
}

func (c *conn) has(extension string) bool {
	_, ok := c.sftp.HasExtension(extension)
	return ok
}

// do runs a call that blocks on the connection, and closes the connection when the call
// goes on after ctx has ended. What is no answer of the server breaks the connection too.
func (c *conn) do(ctx context.Context, call func() error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-ended:
		case <-time.After(grace):
			c.kill()
		}
	})
	err := guard(call)
	close(ended)
	stop()
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return c.explain(err)
}

// guard runs a call of the library, which panics when a server sends less than the
// protocol says. Then the connection is as good as broken.
func guard(call func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errBadAnswer
		}
	}()
	return call()
}

// kill ends the connection and every call on it.
func (c *conn) kill() {
	c.mu.Lock()
	was := c.killed
	c.killed = true
	c.mu.Unlock()
	if was {
		return
	}
	close(c.dead)
	_ = c.net.Close() // nothing unacknowledged counts as stored
	if c.gone != nil {
		c.gone(c)
	}
}

// spawn runs f in the background, or at once on a dead connection, where nothing blocks.
func (c *conn) spawn(f func()) {
	c.mu.Lock()
	killed := c.killed
	if !killed {
		c.work.Go(f)
	}
	c.mu.Unlock()
	if killed {
		f()
	}
}

// wait returns when nothing of a killed connection runs.
func (c *conn) wait() {
	_ = c.ssh.Wait()
	_ = c.sftp.Close()
	c.work.Wait()
}

// watch keeps the connection alive, and ends it when the server is silent, has
// closed it, or nobody has used it for a while.
func (c *conn) watch(keepAlive time.Duration, expired func() bool) {
	c.work.Go(func() {
		_ = c.ssh.Wait()
		c.kill()
	})
	c.work.Go(func() {
		tick := time.NewTicker(max(keepAlive/4, time.Millisecond))
		defer tick.Stop()
		var asking atomic.Bool
		for {
			select {
			case <-c.dead:
				return
			case <-tick.C:
			}
			switch quiet := c.net.quiet(); {
			case expired(), quiet >= 2*keepAlive:
				c.kill()
			case quiet >= keepAlive && asking.CompareAndSwap(false, true):
				c.work.Go(func() {
					defer asking.Store(false)
					_, _, _ = c.ssh.SendRequest("keepalive@openssh.com", true, nil) // a refusal is an answer too
				})
			}
		}
	})
}

// watched is a net.Conn that knows when bytes last moved.
type watched struct {
	net.Conn
	moved atomic.Int64 // nanoseconds of the wall clock
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	w.note(n)
	return n, err
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Conn.Write(p)
	w.note(n)
	return n, err
}

func (w *watched) note(n int) {
	if n > 0 {
		w.moved.Store(time.Now().UnixNano())
	}
}

func (w *watched) quiet() time.Duration { return time.Duration(time.Now().UnixNano() - w.moved.Load()) }
