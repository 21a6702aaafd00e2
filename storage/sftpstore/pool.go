package sftpstore

import (
	"context"
	"net"
	"slices"
	"sync"
	"time"
)

// pool keeps the connections. A call takes one that nobody uses, or a new one, or shares
// the least used one when there are as many as may be: an open body holds its
// connection for as long as its reader likes, and nobody may have to wait for that.
type pool struct {
	max             int
	keepAlive, idle time.Duration
	dial            func(context.Context) (*conn, error)

	mu      sync.Mutex
	conns   []*conn
	dialing int
	changed chan struct{} // closed when somebody may look again
	closed  bool
	all     sync.WaitGroup // connections that have not ended yet
}

func newPool(o *Options, dial func(context.Context) (*conn, error)) *pool {
	return &pool{max: o.Connections, keepAlive: o.KeepAlive, idle: o.IdleTimeout, dial: dial, changed: make(chan struct{})}
}

// get returns a connection, which put gives back.
func (p *pool) get(ctx context.Context) (*conn, error) {
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, net.ErrClosed
		}
		room := len(p.conns)+p.dialing < p.max
		if c := p.least(); c != nil && (c.users == 0 || !room) {
			c.users++
			p.mu.Unlock()
			return c, nil
		}
		wait := p.changed
		if room {
			p.dialing++
			p.mu.Unlock()
			return p.add(ctx)
		}
		p.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
		}
	}
}

// least is the connection with the fewest users, nil when there is none.
func (p *pool) least() *conn {
	if len(p.conns) == 0 {
		return nil
	}
	return slices.MinFunc(p.conns, func(a, b *conn) int { return a.users - b.users })
}

// add makes a connection. When that fails while there are others, as with a
// server that allows few, one of those serves.
func (p *pool) add(ctx context.Context) (*conn, error) {
	c, err := p.dial(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dialing--
	p.wake()
	if err != nil {
		if other := p.least(); other != nil && ctx.Err() == nil {
			other.users++
			return other, nil
		}
		return nil, err
	}
	p.all.Add(1)
	c.gone = p.remove
	if p.closed {
		p.mu.Unlock() // kill locks it
		c.kill()
		p.mu.Lock()
		return nil, net.ErrClosed
	}
	c.users = 1
	p.conns = append(p.conns, c)
	c.watch(p.keepAlive, func() bool { return p.expire(c, p.idle) })
	return c, nil
}

func (p *pool) put(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.users--
	c.idle = time.Now()
}

// expire takes c out when nobody has used it for so long.
func (p *pool) expire(c *conn, idle time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.users > 0 || c.idle.IsZero() || time.Since(c.idle) < idle {
		return false
	}
	p.take(c)
	return true
}

// take takes c off the list. The caller holds the mutex.
func (p *pool) take(c *conn) {
	if i := slices.Index(p.conns, c); i >= 0 {
		p.conns = slices.Delete(p.conns, i, i+1)
	}
}

// remove forgets a connection that was killed.
func (p *pool) remove(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.take(c)
	p.wake()
	go func() {
		defer p.all.Done()
		c.wait()
	}()
}

// wake has those look again who wait for a connection. The caller holds the mutex.
func (p *pool) wake() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// close ends all connections and returns when nothing of them runs.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	conns := slices.Clone(p.conns)
	p.mu.Unlock()
	for _, c := range conns {
		c.kill()
	}
	p.all.Wait()
}
