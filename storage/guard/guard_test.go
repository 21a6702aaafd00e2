package guard_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/guard"
	"github.com/rendition-sdk/rendition/storage/httpstore"
)

func TestMain(m *testing.M) { leak.Main(m) }

const text = "the URL targets a private or internal address"

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "100.100.100.200", "127.0.0.1", "127.9.9.9",
		"168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1",
		"192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",
		"224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::7f00:1", "::10.0.0.1", "fc00::1", "fd00:ec2::254", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
		"100::1", "100:0:0:1::1", "5f00::1", "64:ff9b:1::1", "64:ff9a::8.8.8.8", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1",
		"2001:1ff:ffff::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "2620:4f:8000::1", "3fff::1", "3fff:fff::1", "3ffe::1", "4000::1", "e000::1",
		"::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "2606:4700::1111%eth0",
	} {
		a := netip.MustParseAddr(s)
		require.False(t, guard.Public(a), s)
		err := guard.New(nil).Addr(a)
		require.ErrorContains(t, err, text, s)
		var said *driver.Error
		require.ErrorAs(t, err, &said)
		require.Equal(t, rendition.InvalidJob, said.Kind)
	}
	for _, s := range []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "168.63.129.17", "169.253.255.255",
		"169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.1", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
		"198.20.0.0", "203.0.112.1", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700::1111", "2a00:1450::1", "3ffd::1",
	} {
		require.True(t, guard.Public(netip.MustParseAddr(s)), s)
		require.NoError(t, guard.New(nil).Addr(netip.MustParseAddr(s)), s)
	}
	require.False(t, guard.Public(netip.Addr{}))
}

func TestAllowAndDeny(t *testing.T) {
	t.Parallel()
	g := guard.New(&guard.Options{
		Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")},
		Deny:  []netip.Prefix{netip.MustParsePrefix("10.1.9.0/24"), netip.MustParsePrefix("8.8.8.0/24")},
	})
	for s, ok := range map[string]bool{
		"10.1.2.3": true, "::ffff:10.1.2.3": true, "64:ff9b::10.1.2.3": true, "10.2.0.1": false, "10.1.9.1": false, "::ffff:10.1.9.1": false, "fd00:ec2::254": true,
		"8.8.8.8": false, "64:ff9b::8.8.8.8": false, "8.8.4.4": true,
	} {
		require.Equal(t, ok, g.Addr(netip.MustParseAddr(s)) == nil, s)
	}
}

func listener(t *testing.T, network, address string) net.Listener {
	t.Helper()
	var c net.ListenConfig
	l, err := c.Listen(t.Context(), network, address)
	if err != nil {
		t.Skipf("no %s: %v", address, err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestDial(t *testing.T) {
	t.Parallel()
	local := listener(t, "tcp", "127.0.0.1:0").Addr().String()
	_, port, _ := net.SplitHostPort(local)
	g := guard.New(nil)
	for _, addr := range []string{local, "localhost:" + port, "[::ffff:127.0.0.1]:" + port, "0.0.0.0:" + port, "[::]:" + port, ":" + port, "[::1]:" + port} {
		_, err := g.Dial(t.Context(), "tcp", addr)
		require.ErrorContains(t, err, text, addr)
		require.NotContains(t, err.Error(), "retry")
	}
	for _, network := range []string{"unix", "udp", "ip4:icmp", ""} {
		_, err := g.Dial(t.Context(), network, local)
		require.ErrorContains(t, err, "not allowed", network)
	}
	_, err := g.Dial(t.Context(), "tcp", "127.0.0.1")
	require.ErrorContains(t, err, "no port")

	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, o := range []*guard.Options{{Allow: loopback}, {AllowHosts: []string{"LocalHost", "127.0.0.1"}}} {
		for _, host := range []string{"127.0.0.1", "localhost"} {
			c, err := guard.New(o).Dial(t.Context(), "tcp4", net.JoinHostPort(host, port))
			require.NoError(t, err)
			require.NoError(t, c.Close())
		}
	}
	_, err = guard.New(&guard.Options{AllowHosts: []string{"example.com"}}).Dial(t.Context(), "tcp", local)
	require.ErrorContains(t, err, text)
	_, err = guard.New(&guard.Options{Allow: loopback, Ports: []uint16{80, 443}}).Dial(t.Context(), "tcp", local)
	require.ErrorContains(t, err, "port "+port)
}

// A name that is public when it is looked at and private when it is connected to.
func TestRebinding(t *testing.T) {
	t.Parallel()
	_, port, _ := net.SplitHostPort(listener(t, "tcp", "127.0.0.1:0").Addr().String())
	dns := newDNS(t, "93.184.215.14", "127.0.0.1")
	g := guard.New(&guard.Options{Resolver: dns.resolver(), Timeout: 5 * time.Second})
	list, err := g.Check(t.Context(), "rebind.test")
	require.NoError(t, err)
	require.Equal(t, []netip.Addr{netip.MustParseAddr("93.184.215.14")}, list)
	_, err = g.Dial(t.Context(), "tcp4", "rebind.test:"+port)
	require.ErrorContains(t, err, text)
	require.NotContains(t, err.Error(), "127.0.0.1")
	_, err = g.Check(t.Context(), "rebind.test")
	require.ErrorContains(t, err, text)
	require.NotContains(t, err.Error(), "127.0.0.1")

	// The same through a driver: the Bucket neither retries nor blames the network.
	b, key, err := httpstore.OpenURL(t.Context(), "http://rebind.test:"+port+"/a.mp4", &httpstore.Options{Dial: g.Dial})
	require.NoError(t, err)
	defer b.Close()
	before := dns.asked.Load()
	_, err = b.Stat(t.Context(), key)
	require.ErrorIs(t, err, rendition.InvalidJob)
	require.ErrorContains(t, err, text)
	require.Equal(t, rendition.FaultJob, rendition.FaultOf(err))
	require.False(t, rendition.Retryable(err))
	require.LessOrEqual(t, dns.asked.Load()-before, int64(2), "one look-up of A and AAAA, so one attempt")
}

// Some of a name's addresses may be reached: those are given.
func TestCheckGivesThePublicOnes(t *testing.T) {
	t.Parallel()
	dns := newDNS(t, "10.0.0.1,93.184.215.14")
	g := guard.New(&guard.Options{Resolver: dns.resolver()})
	list, err := g.Check(t.Context(), "both.test")
	require.NoError(t, err)
	require.Equal(t, []netip.Addr{netip.MustParseAddr("93.184.215.14")}, list)
	for _, host := range []string{"10.0.0.1", "[::1]", "::1", "fe80::1%lo"} {
		_, err = g.Check(t.Context(), host)
		require.ErrorContains(t, err, text, host)
	}
	list, err = g.Check(t.Context(), "::ffff:1.1.1.1")
	require.NoError(t, err)
	require.Equal(t, []netip.Addr{netip.MustParseAddr("1.1.1.1")}, list)
	_, err = g.Check(t.Context(), "none.invalid")
	require.Error(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = g.Check(ctx, "both.test")
	require.Error(t, err)
}

// A redirect is a new connection, and is looked at like one.
func TestRedirect(t *testing.T) {
	t.Parallel()
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secret") }))
	defer inside.Close()
	outside := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside.URL+r.URL.Path, http.StatusFound)
	}))
	l := listener(t, "tcp", "127.0.0.2:0")
	_ = outside.Listener.Close()
	outside.Listener = l
	outside.Start()
	defer outside.Close()
	for inner, want := range map[string]error{"127.0.0.2/32": rendition.InvalidJob, "127.0.0.0/8": nil} {
		g := guard.New(&guard.Options{Allow: []netip.Prefix{netip.MustParsePrefix(inner)}})
		b, key, err := httpstore.OpenURL(t.Context(), outside.URL+"/a.txt", &httpstore.Options{Dial: g.Dial})
		require.NoError(t, err)
		got, err := b.ReadAll(t.Context(), key, 0)
		if want == nil {
			require.NoError(t, err)
			require.Equal(t, "secret", string(got))
		} else {
			require.ErrorIs(t, err, want)
			require.ErrorContains(t, err, text)
		}
		require.NoError(t, b.Close())
	}
}

func FuzzPublic(f *testing.F) {
	for _, s := range []string{"127.0.0.1", "::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "8.8.8.8", "2001:4860::1", "fe80::1", "2002:a00:1::"} {
		f.Add(netip.MustParseAddr(s).AsSlice())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, ok := netip.AddrFromSlice(b)
		if !ok || !guard.Public(a) {
			return
		}
		if !a.Is4() && !a.Is4In6() && b[0]&0xe0 != 0x20 && !strings.HasPrefix(a.String(), "64:ff9b::") {
			t.Errorf("%v is not global unicast", a)
		}
		for _, a := range []netip.Addr{a, a.Unmap()} {
			if a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || a.IsInterfaceLocalMulticast() {
				t.Errorf("%v is public", a)
			}
		}
		if inner := netip.AddrFrom16(a.As16()); guard.Public(inner) != guard.Public(a) {
			t.Errorf("%v differs in its long form", a)
		}
		var no net.Error
		if err := guard.New(nil).Addr(a); err != nil && !errors.As(err, &no) {
			t.Errorf("%v: %v", a, err)
		}
	})
}
