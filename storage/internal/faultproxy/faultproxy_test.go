package faultproxy_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage/internal/faultproxy"
)

func TestMain(m *testing.M) { leak.Main(m) }

// echo is a server that sends back what it gets.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	return l.Addr().String()
}

func proxy(t *testing.T, http bool) *faultproxy.Proxy {
	t.Helper()
	p := faultproxy.New(http)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return p
}

// talk sends data through the proxy and returns what came back, how it ended and how long it took.
func talk(t *testing.T, p *faultproxy.Proxy, addr string, data []byte) ([]byte, time.Duration, error) {
	t.Helper()
	began := time.Now()
	c, err := p.Dial(t.Context(), "tcp", addr)
	require.NoError(t, err)
	defer c.Close()
	go func() { _, _ = c.Write(data) }()
	got := make([]byte, len(data))
	n, err := io.ReadFull(c, got)
	return got[:n], time.Since(began), err
}

func TestFaults(t *testing.T) {
	t.Parallel()
	addr, data := echo(t), make([]byte, 500_000)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(data)
	for _, c := range []struct {
		fault   faultproxy.Fault
		err     error
		got     int
		atLeast time.Duration
	}{
		{faultproxy.Fault{Kind: faultproxy.Latency, For: 100 * time.Millisecond}, nil, 500_000, 100 * time.Millisecond},
		{faultproxy.Fault{Kind: faultproxy.Stall, Direction: faultproxy.ToClient, After: 77, For: 100 * time.Millisecond}, nil, 500_000, 100 * time.Millisecond},
		{faultproxy.Fault{Kind: faultproxy.Bandwidth, Bytes: 100_000, Rate: 1_000_000}, nil, 500_000, 50 * time.Millisecond},
		{faultproxy.Fault{Kind: faultproxy.Reset, Direction: faultproxy.ToClient, After: 1000}, syscall.ECONNRESET, -1, 0},
		{faultproxy.Fault{Kind: faultproxy.Reset, After: 0}, syscall.ECONNRESET, 0, 0},
		{faultproxy.Fault{Kind: faultproxy.BlackHole, Direction: faultproxy.ToClient, After: 10, For: 100 * time.Millisecond}, syscall.ECONNRESET, -1, 100 * time.Millisecond},
	} {
		t.Run(string(c.fault.Kind), func(t *testing.T) {
			t.Parallel()
			p := proxy(t, false)
			p.Arm(c.fault)
			got, took, err := talk(t, p, addr, data)
			require.ErrorIs(t, err, c.err)
			require.True(t, bytes.HasPrefix(data, got))
			if c.got >= 0 {
				require.Len(t, got, c.got)
			}
			require.GreaterOrEqual(t, took, c.atLeast)
			require.Equal(t, map[faultproxy.Kind]int{c.fault.Kind: 1}, p.Happened())
			got, _, err = talk(t, p, addr, data)
			require.NoError(t, err, "a fault happens once")
			require.True(t, bytes.Equal(data, got))
			require.Eventually(t, func() bool { now, _ := p.Connections(); return now == 0 }, 10*time.Second, 10*time.Millisecond)
			_, ever := p.Connections()
			require.Equal(t, 2, ever)
		})
	}
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	p := proxy(t, false)
	p.Arm(faultproxy.Fault{Kind: faultproxy.Truncate, Direction: faultproxy.ToClient, After: 3})
	got, _, err := talk(t, p, echo(t), []byte("hello"))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, "hel", string(got))
}

func TestDisarm(t *testing.T) {
	t.Parallel()
	p := proxy(t, false)
	p.Arm(faultproxy.Fault{Kind: faultproxy.Reset})
	p.Disarm()
	_, _, err := talk(t, p, echo(t), []byte("hello"))
	require.NoError(t, err)
	require.Empty(t, p.Happened())
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // all of it first: the server drops what is unread when it answers
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	p := proxy(t, true)
	client := &http.Client{Transport: &http.Transport{DialContext: p.Dial}}
	t.Cleanup(client.CloseIdleConnections)
	send := func(body io.Reader, expect bool) (int, http.Header, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL, body)
		require.NoError(t, err)
		if expect {
			req.Header.Set("Expect", "100-continue")
		}
		resp, err := client.Do(req)
		if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) {
			return 0, nil, "" // it was still sending when the answer came, as with a real server
		}
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, resp.Header, string(text)
	}
	long := strings.Repeat("0123456789", 50_000)
	for _, body := range []func() io.Reader{
		func() io.Reader { return strings.NewReader(long) },
		func() io.Reader { return struct{ io.Reader }{strings.NewReader(long)} }, // chunked
		func() io.Reader { return nil },
	} {
		for _, expect := range []bool{false, true} {
			for _, c := range []struct {
				kind   faultproxy.Kind
				status int
			}{{faultproxy.Status500, 500}, {faultproxy.Status503, 503}, {faultproxy.RetryAfter, 503}, {faultproxy.SlowDown, 503}} {
				p.Arm(faultproxy.Fault{Kind: c.kind})
				status, header, text := send(body(), expect)
				if status != 0 || body() == nil {
					require.Equal(t, c.status, status)
					require.Equal(t, c.kind == faultproxy.RetryAfter, header.Get("Retry-After") == "1")
					require.Equal(t, c.kind == faultproxy.SlowDown, strings.Contains(text, "<Code>SlowDown</Code>"))
				}
				for range 2 {
					status, _, text = send(body(), expect)
					require.Equal(t, 200, status)
					if body() != nil {
						require.True(t, text == long)
					}
				}
			}
		}
	}
}

func TestServerDown(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	l.Close()
	p := proxy(t, false)
	c, err := p.Dial(context.Background(), "tcp", addr)
	if err == nil {
		_, err = c.Read(make([]byte, 1))
		c.Close()
	}
	require.True(t, errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF), "%v", err)
}

func TestRandom(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	kinds := map[faultproxy.Kind]int{}
	for range 2000 {
		f := faultproxy.Random(rnd, 1000, true, time.Second)
		kinds[f.Kind]++
		require.True(t, f.After >= 0 && f.After <= 1000)
		require.True(t, f.For >= 50*time.Millisecond && f.For <= time.Second)
		n := faultproxy.LogUniform(rnd, 64<<20)
		require.True(t, n >= 1 && n <= 64<<20)
	}
	require.Len(t, kinds, 10)
}
