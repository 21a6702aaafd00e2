package guard_test

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"
)

// fakeDNS is a name server that gives every name the next of its answers, and stays with the last.
type fakeDNS struct {
	conn    net.PacketConn
	answers []string // addresses of IPv4, joined by commas
	asked   atomic.Int64
	given   int
}

func newDNS(t *testing.T, answers ...string) *fakeDNS {
	t.Helper()
	var c net.ListenConfig
	conn, err := c.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	require.NoError(t, err)
	d := &fakeDNS{conn: conn, answers: answers}
	done := make(chan struct{})
	go func() { defer close(done); d.serve() }()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return d
}

func (d *fakeDNS) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dial net.Dialer
		return dial.DialContext(ctx, "udp", d.conn.LocalAddr().String())
	}}
}

func (d *fakeDNS) serve() {
	buf := make([]byte, 1500)
	for {
		n, from, err := d.conn.ReadFrom(buf)
		if err != nil {
			return
		}
		if answer := d.answer(buf[:n]); answer != nil {
			_, _ = d.conn.WriteTo(answer, from)
		}
	}
}

func (d *fakeDNS) answer(query []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil || len(m.Questions) != 1 {
		return nil
	}
	d.asked.Add(1)
	q := m.Questions[0]
	m.Header.Response, m.Header.RecursionAvailable, m.Additionals = true, true, nil
	switch {
	case strings.HasSuffix(q.Name.String(), ".invalid."):
		m.Header.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeA:
		for s := range strings.SplitSeq(d.answers[min(d.given, len(d.answers)-1)], ",") {
			h := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type}
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: netip.MustParseAddr(s).As4()}})
		}
		d.given++
	}
	out, err := m.Pack()
	if err != nil {
		return nil
	}
	return out
}
