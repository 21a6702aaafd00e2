package web

import (
	"context"
	"net"
	"net/http"
	"time"
)

// DialFunc makes a connection, as net.Dialer.DialContext does. Every driver takes
// one in its Options: what guards, tunnels and counts connections is put there.
type DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// Transport returns a new transport with time limits for connecting (10 s), for the
// first byte of an answer (1 minute) and for a write without progress (1 minute),
// that keeps 16 idle connections to a host. With a nil dial it uses net.Dialer and
// the environment's proxy; a dial of the caller's sees every address itself, so
// that no proxy is used. The caller closes its idle connections.
func Transport(dial DialFunc) *http.Transport {
	t := &http.Transport{
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true, // ranges count the bytes as they are stored
	}
	if dial == nil {
		t.Proxy = http.ProxyFromEnvironment
		dial = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	}
	t.DialContext = stalling(dial, writeTimeout)
	return t
}
