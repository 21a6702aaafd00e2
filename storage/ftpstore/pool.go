package ftpstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/ftpstore/internal/ftp"
)

const (
	// restGrace is how long a transfer may rest before its connection is taken
	// for somebody who waits.
	restGrace = 250 * time.Millisecond
	// waitGrace is how long somebody waits before transfers give up their
	// connections as soon as they rest.
	waitGrace = time.Second
	// waitLimit is how long somebody waits for a connection at all.
	waitLimit = 2 * time.Minute
	// probeAfter is how long a connection was idle when it is asked whether it is
	// alive before it is used.
	probeAfter = 10 * time.Second
)

var errTaken = &driver.Error{Kind: rendition.Unavailable, Err: errors.New("the connection was needed by others")}

// pool keeps up to limit control connections. Whoever needs one waits in line. A
// Reader or Writer between two calls rests: its connection can be taken away.
// Without that, a few Readers that are open and idle would block everybody else.
type pool struct {
	dial func(ctx context.Context) (*ftp.Conn, error)

	mu      sync.Mutex
	limit   int
	open    int // connections that are open or being made
	conns   map[*ftp.Conn]struct{}
	idle    []idleConn
	resting []*lease // those that rest longest first
	line    []*ticket
	changed chan struct{} // closed and replaced when somebody in the line should look again
	closed  bool
}

type idleConn struct {
	conn  *ftp.Conn
	since time.Time
}

type ticket struct{ since time.Time }

// lease is the use of one connection, from acquire to release.
type lease struct {
	pool *pool
	conn *ftp.Conn
	// settle ends the transfer of a lease that rests, so that another can use the connection.
	settle func(ctx context.Context)
	since  time.Time // when it began to rest
	gone   bool      // taken away or released
}

func newPool(limit int, dial func(ctx context.Context) (*ftp.Conn, error)) *pool {
	return &pool{dial: dial, limit: limit, conns: map[*ftp.Conn]struct{}{}, changed: make(chan struct{})}
}

// acquire waits for a connection that works.
func (p *pool) acquire(ctx context.Context) (*lease, error) {
	t := p.enter()
	defer p.leave(t)
	for {
		s := p.next(t)
		switch {
		case s.closed:
			return nil, errors.New("the store is closed")
		case s.conn != nil:
			if p.alive(ctx, &s) {
				return &lease{pool: p, conn: s.conn}, nil
			}
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
		case s.room:
			if l, err := p.make(ctx); l != nil || err != nil {
				return l, err
			}
		default:
			if err := s.wait(ctx, t); err != nil {
				return nil, err
			}
		}
	}
}

// step is what somebody in the line has to do next.
type step struct {
	closed bool
	conn   *ftp.Conn // take this one
	settle func(ctx context.Context)
	probe  bool // ask first whether it is alive
	room   bool // make a new one
	// Wait for a change, or until a resting lease may be taken.
	changed chan struct{}
	after   time.Duration
}

func (p *pool) next(t *ticket) step {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := step{changed: p.changed, after: restGrace}
	switch n := len(p.idle); {
	case p.closed:
		s.closed = true
	case p.line[0] != t: // others come first
	case n > 0:
		// The one that was used last is the least likely to have been closed.
		s.conn, s.probe = p.idle[n-1].conn, time.Since(p.idle[n-1].since) > probeAfter
		p.idle = p.idle[:n-1]
	case p.open < p.limit:
		p.open++
		s.room = true
	case len(p.resting) > 0:
		if s.after = restGrace - time.Since(p.resting[0].since); s.after <= 0 {
			l := p.resting[0]
			p.resting = p.resting[1:]
			l.gone = true
			s.conn, s.settle = l.conn, l.settle
		}
	}
	return s
}

func (s *step) wait(ctx context.Context, t *ticket) error {
	if time.Since(t.since) > waitLimit {
		err := fmt.Errorf("no connection became free for %v", waitLimit)
		return &driver.Error{Kind: rendition.Unavailable, Err: err, Hint: "allow more Connections, or do less at a time"}
	}
	timer := time.NewTimer(s.after)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.changed:
	case <-timer.C:
	}
	return nil
}

// alive brings a connection that was taken from others or lay idle to where a
// command can be sent, and drops it when that fails.
func (p *pool) alive(ctx context.Context, s *step) bool {
	if s.settle != nil {
		s.settle(ctx)
	}
	err := s.conn.Settle(ctx)
	if err == nil && s.probe && !s.conn.Broken() {
		err = s.conn.Noop(ctx)
	}
	if err == nil && !s.conn.Broken() {
		return true
	}
	p.drop(s.conn)
	return false
}

// make makes a connection in the room that next has given. When the server
// allows no more than there are, the limit is lowered and neither is returned.
func (p *pool) make(ctx context.Context) (*lease, error) {
	conn, err := p.dial(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.open--
		p.wake()
		if crowded(err) && p.open > 0 {
			p.limit = p.open
			return nil, nil //nolint:nilnil // as the comment says
		}
		return nil, err
	}
	if p.closed {
		conn.Close()
		return nil, errors.New("the store is closed")
	}
	p.conns[conn] = struct{}{}
	return &lease{pool: p, conn: conn}, nil
}

func (p *pool) enter() *ticket {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := &ticket{since: time.Now()}
	p.line = append(p.line, t)
	return t
}

func (p *pool) leave(t *ticket) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line = slices.DeleteFunc(p.line, func(o *ticket) bool { return o == t })
	p.wake()
}

// wake has everybody in the line look again. p.mu is held.
func (p *pool) wake() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// drop closes a connection that is of no more use. When the server or the
// network has ended it, those that lie idle have most likely ended too, and each
// would cost the next caller an attempt.
func (p *pool) drop(conn *ftp.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.discard(conn)
	if conn.Lost() {
		for _, i := range p.idle {
			p.discard(i.conn)
		}
		p.idle = nil
	}
	p.wake()
}

func (p *pool) discard(conn *ftp.Conn) {
	conn.Close()
	delete(p.conns, conn)
	p.open--
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for conn := range p.conns { // Readers that nobody has closed have some
		conn.Close()
	}
	p.idle = nil
	p.wake()
}

// release gives the connection back. A second release does nothing.
func (l *lease) release() {
	p := l.pool
	p.mu.Lock()
	if l.gone {
		p.mu.Unlock()
		return
	}
	l.gone = true
	p.resting = slices.DeleteFunc(p.resting, func(o *lease) bool { return o == l })
	if l.conn.Broken() || p.closed {
		p.mu.Unlock()
		p.drop(l.conn)
		return
	}
	p.idle = append(p.idle, idleConn{conn: l.conn, since: time.Now()})
	p.wake()
	p.mu.Unlock()
}

// rest says that the holder does nothing until it calls busy. settle ends its
// transfer; it is called at most once, by anybody, while the lease rests, and
// at once when somebody has waited for long.
func (l *lease) rest(ctx context.Context, settle func(ctx context.Context)) {
	p := l.pool
	p.mu.Lock()
	if len(p.line) > 0 && time.Since(p.line[0].since) > waitGrace {
		p.mu.Unlock()
		settle(ctx)
		l.release()
		return
	}
	l.settle, l.since = settle, time.Now()
	p.resting = append(p.resting, l)
	p.mu.Unlock()
}

// busy ends the rest. False means that the connection was taken away.
func (l *lease) busy() bool {
	p := l.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resting = slices.DeleteFunc(p.resting, func(o *lease) bool { return o == l })
	return !l.gone
}
