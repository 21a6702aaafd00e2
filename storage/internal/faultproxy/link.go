package faultproxy

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

var errEnded = errors.New("the connection was ended")

// link is one connection of a client and the one to the server that belongs to it.
type link struct {
	proxy          *Proxy
	client, server net.Conn
	ways           [2]*way
	done           chan struct{} // closed by end
	once           sync.Once
	swallow        atomic.Bool // of a black hole
}

// way is one direction of a link.
type way struct {
	link  *link
	dir   Direction
	dst   net.Conn
	mu    sync.Mutex
	fault *Fault // taken, with After counting down
	slow  int64  // bytes that go at rate
	rate  int64
}

func newLink(p *Proxy, client, server net.Conn) *link {
	l := &link{proxy: p, client: client, server: server, done: make(chan struct{})}
	l.ways[ToServer] = &way{link: l, dir: ToServer, dst: server}
	l.ways[ToClient] = &way{link: l, dir: ToClient, dst: client}
	return l
}

// run forwards until both directions have ended.
func (l *link) run() {
	var both sync.WaitGroup
	both.Go(func() {
		if l.proxy.http {
			l.ways[ToServer].requests(l.client)
		} else {
			l.ways[ToServer].pump(l.client)
		}
	})
	both.Go(func() { l.ways[ToClient].pump(l.server) })
	both.Wait()
	l.end(false)
}

// end closes both sides, with RST or FIN.
func (l *link) end(hard bool) {
	l.once.Do(func() {
		close(l.done)
		if hard {
			reset(l.client)
			reset(l.server)
			return
		}
		_ = l.client.Close()
		_ = l.server.Close()
	})
}

func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

func (l *link) disarm() {
	for _, w := range l.ways {
		w.mu.Lock()
		w.fault = nil
		w.mu.Unlock()
	}
}

// pump copies one direction to its end, and hands the end on.
func (w *way) pump(src net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := src.Read(buf)
		if n > 0 && w.forward(buf[:n]) != nil {
			return
		}
		if err != nil {
			w.finish(err)
			return
		}
	}
}

// finish passes on how a side has ended.
func (w *way) finish(err error) {
	if !errors.Is(err, io.EOF) {
		w.link.end(true)
		return
	}
	if tcp, ok := w.dst.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	if w.dir == ToServer {
		// A client that has closed is gone: no driver closes one direction alone, and a server
		// that does not notice would keep the link.
		time.AfterFunc(2*time.Second, func() { w.link.end(false) })
	}
}

// forward writes p to the other side, with what goes wrong on the way.
func (w *way) forward(p []byte) error {
	for len(p) > 0 {
		if w.link.swallow.Load() {
			return nil
		}
		n := w.due(len(p))
		if err := w.write(p[:n]); err != nil {
			w.link.end(true)
			return err
		}
		p = p[n:]
		if f := w.happen(int64(n)); f != nil {
			if err := w.strike(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// due is how many of n bytes go before the next fault.
func (w *way) due(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fault == nil {
		if f, ok := w.link.proxy.take(w.dir, false); ok {
			w.fault = &f
		}
	}
	if w.fault == nil {
		return n
	}
	return int(min(int64(n), w.fault.After))
}

// happen counts n bytes and returns the fault whose time has come.
func (w *way) happen(n int64) *Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fault == nil {
		return nil
	}
	if w.fault.After -= n; w.fault.After > 0 {
		return nil
	}
	f := w.fault
	w.fault = nil
	return f
}

// write writes at the speed that there is.
func (w *way) write(p []byte) error {
	w.mu.Lock()
	slow := min(w.slow, int64(len(p)))
	rate := w.rate
	w.slow -= slow
	w.mu.Unlock()
	if slow > 0 && w.link.sleep(time.Duration(float64(slow)/float64(rate)*float64(time.Second))) != nil {
		return errEnded
	}
	_, err := w.dst.Write(p)
	return err
}

// strike has a fault happen.
func (w *way) strike(f *Fault) error {
	w.link.proxy.count(f.Kind)
	switch f.Kind {
	case Latency, Stall:
		return w.link.sleep(f.For)
	case Bandwidth:
		w.mu.Lock()
		w.slow, w.rate = f.Bytes, max(f.Rate, 1)
		w.mu.Unlock()
		return nil
	case BlackHole:
		w.link.swallow.Store(true)
		time.AfterFunc(f.For, func() { w.link.end(true) })
		return nil
	case Truncate:
		w.link.end(false)
	default:
		w.link.end(true)
	}
	return errEnded
}

// sleep waits, unless the link ends.
func (l *link) sleep(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-l.done:
		return errEnded
	}
}
