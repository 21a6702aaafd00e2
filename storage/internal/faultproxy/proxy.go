package faultproxy

import (
	"context"
	"errors"
	"maps"
	"net"
	"sync"
	"time"
)

// Proxy is the network. It is safe for concurrent use; Close ends it.
type Proxy struct {
	http bool

	mu        sync.Mutex
	listeners map[string]net.Listener // by the address of the server; "" is that of Dial
	targets   map[string]string       // of connections of Dial, by the client's address
	links     map[*link]struct{}
	armed     []Fault
	happened  map[Kind]int
	accepted  int
	closed    bool
	all       sync.WaitGroup
}

// New returns a proxy; with http true it understands what clients send, and the servers
// behind it must speak HTTP/1.1 without TLS.
func New(http bool) *Proxy {
	return &Proxy{
		http: http, listeners: map[string]net.Listener{}, targets: map[string]string{}, links: map[*link]struct{}{}, happened: map[Kind]int{},
	}
}

// Dial connects to a server through the proxy. It is the Dial of every driver's Options.
func (p *Proxy) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	front, err := p.Front("")
	if err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, front)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.targets[conn.LocalAddr().String()] = addr
	return conn, nil
}

// target is the server that a client of Dial wants, who says so as soon as he is connected.
func (p *Proxy) target(client net.Conn) string {
	from := client.RemoteAddr().String()
	for range 5000 {
		p.mu.Lock()
		addr := p.targets[from]
		delete(p.targets, from)
		p.mu.Unlock()
		if addr != "" {
			return addr
		}
		time.Sleep(time.Millisecond)
	}
	return ""
}

// Front returns the address of the proxy in front of a server, for clients that have no Dial.
func (p *Proxy) Front(addr string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return "", net.ErrClosed
	}
	if l := p.listeners[addr]; l != nil {
		return l.Addr().String(), nil
	}
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	p.listeners[addr] = l
	p.all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.all.Go(func() { p.serve(client, addr) })
		}
	})
	return l.Addr().String(), nil
}

// Arm has a fault happen to the connection that next carries bytes its way.
func (p *Proxy) Arm(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = append(p.armed, f)
}

// Disarm removes faults that have not begun.
func (p *Proxy) Disarm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = nil
	for l := range p.links {
		l.disarm()
	}
}

// Happened counts the faults that have happened.
func (p *Proxy) Happened() map[Kind]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.happened)
}

// Connections is how many connections clients have open now, and how many they ever had.
func (p *Proxy) Connections() (now, ever int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.links), p.accepted
}

// Close ends all connections.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	var errs []error
	for _, l := range p.listeners {
		errs = append(errs, l.Close())
	}
	for l := range p.links {
		l.end(true)
	}
	p.mu.Unlock()
	p.all.Wait()
	return errors.Join(errs...)
}

// serve is the life of one connection.
func (p *Proxy) serve(client net.Conn, addr string) {
	if addr == "" {
		addr = p.target(client)
	}
	server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", addr)
	if err != nil {
		reset(client)
		return
	}
	l := newLink(p, client, server)
	p.mu.Lock()
	closed := p.closed
	p.links[l] = struct{}{}
	p.accepted++
	p.mu.Unlock()
	if closed {
		l.end(true)
	}
	l.run()
	p.mu.Lock()
	delete(p.links, l)
	p.mu.Unlock()
}

// take gives out the first armed fault for a direction, or for a request.
func (p *Proxy) take(dir Direction, request bool) (Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, f := range p.armed {
		if f.Kind.OfRequest() == request && (request || f.Direction == dir) {
			p.armed = append(p.armed[:i:i], p.armed[i+1:]...)
			return f, true
		}
	}
	return Fault{}, false
}

func (p *Proxy) count(k Kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.happened[k]++
}
