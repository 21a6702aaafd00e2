package web

import (
	"context"
	"net"
	"time"
)

// writeTimeout is how long a server may take not one byte of an upload.
const writeTimeout = time.Minute

// stalling makes the connections of dial fail when a write makes no progress for the given time: a
// transport limits how long an answer may take, and not how long a request.
func stalling(dial DialFunc, timeout time.Duration) DialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &stallConn{Conn: conn, timeout: timeout}, nil
	}
}

type stallConn struct {
	net.Conn
	timeout time.Duration
}

// maxWrite is what has to go through within the timeout.
const maxWrite = 64 << 10

func (c *stallConn) Write(p []byte) (int, error) {
	done := 0
	for {
		if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
			return done, err
		}
		n, err := c.Conn.Write(p[done:min(done+maxWrite, len(p))])
		done += n
		if err != nil || done == len(p) {
			return done, err
		}
	}
}
