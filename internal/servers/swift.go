package servers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// Swift is the account, container and object servers of OpenStack Swift, one device
// each. Proxies in front of them, which clients talk to, are started one by one.
type Swift struct {
	dir                        string
	account, container, object int // ports
	memcached                  int
}

// SwiftProxy is one proxy server.
type SwiftProxy struct {
	// Addr is host:port, AuthURL its login (v1 tempauth, empty with Keystone).
	Addr    string
	AuthURL string
	// User, Key and Account are those of tempauth: an account's administrator.
	// Reader has ReaderKey and no rights but those that containers give it.
	User, Key, Account string
	Reader, ReaderKey  string
}

// SwiftProxyOptions are those of a proxy. The zero value is tempauth with all of Swift.
type SwiftProxyOptions struct {
	// Keystone checks tokens in place of tempauth. Port is where it told clients
	// that Swift is; 0 is any.
	Keystone *Keystone
	Port     int
	// TokenLife is how long tempauth's tokens work, in seconds. Default a day.
	TokenLife int
	// NoSLO leaves out static large objects and TempURLs, as old clusters do.
	NoSLO bool
}

// StartSwift starts the three servers and memcached.
func StartSwift(t testing.TB) *Swift {
	t.Helper()
	port := Ports(t, 4)
	s := &Swift{dir: swiftFolder(t), account: port, container: port + 1, object: port + 2, memcached: port + 3}
	memcached := testenv.Program(t, "memcached")
	for i, name := range []string{"account", "container", "object"} {
		program := testenv.Program(t, "swift-"+name+"-server")
		s.ring(t, name, port+i)
		s.write(t, name+".conf", fmt.Sprintf(backendConfig, s.dir, port+i, name, currentUser(t)))
		Run(t, &Command{
			Name: "swift-" + name + "-server", Path: program, Args: []string{filepath.Join(s.dir, name+".conf"), "-v"},
			Ready: func(context.Context) error { return nil }, // StartProxy waits for them all
		})
	}
	Run(t, &Command{
		Name: "memcached", Path: memcached,
		Args:  []string{"-l", "127.0.0.1", "-p", fmt.Sprint(s.memcached), "-U", "0", "-u", currentUser(t), "-m", "32"},
		Ready: Listens(s.memcached),
	})
	return s
}

// swiftFolder is a folder that extended attributes work in, which object servers
// need: t.TempDir is made with them in mind nowhere.
func swiftFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, sub := range []string{"devices/d1", "cache"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil { //nolint:gosec // no secret
			t.Fatal(err)
		}
	}
	return dir
}

func currentUser(t testing.TB) string {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return u.Username
}

func (s *Swift) write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ring makes the map of one kind of server: 16 partitions, all on the one device.
func (s *Swift) ring(t testing.TB, name string, port int) {
	t.Helper()
	builder := filepath.Join(s.dir, name+".builder")
	program := testenv.Program(t, "swift-ring-builder")
	for _, args := range [][]string{
		{"create", "4", "1", "1"}, {"add", fmt.Sprintf("r1z1-127.0.0.1:%d/d1", port), "1"}, {"rebalance"},
	} {
		output(t, program, append([]string{builder}, args...)...)
	}
}

// StartProxy starts a proxy server and waits until it can make a container.
func (s *Swift) StartProxy(t testing.TB, opts *SwiftProxyOptions) *SwiftProxy {
	t.Helper()
	if opts == nil {
		opts = &SwiftProxyOptions{}
	}
	program := testenv.Program(t, "swift-proxy-server")
	port := opts.Port
	if port == 0 {
		port = Ports(t, 1)
	}
	p := &SwiftProxy{Addr: Addr(port)}
	if opts.Keystone == nil {
		p.AuthURL = "http://" + p.Addr + "/auth/v1.0"
		p.User, p.Key, p.Account = "test:tester", "testing", "AUTH_test"
		p.Reader, p.ReaderKey = "test:reader", "reading"
	}
	name := fmt.Sprintf("proxy-%d.conf", port)
	s.write(t, name, s.proxyConfig(t, port, opts))
	Run(t, &Command{
		Name: "swift-proxy-server", Path: program, Args: []string{filepath.Join(s.dir, name), "-v"},
		Ready: func(ctx context.Context) error {
			for _, backend := range []int{s.account, s.container, s.object} {
				if err := Listens(backend)(ctx); err != nil {
					return err
				}
			}
			return p.ready(ctx)
		},
	})
	return p
}

// ready makes a container, which needs all servers but the object server. With
// Keystone it asks for /info alone.
func (p *SwiftProxy) ready(ctx context.Context) error {
	if p.AuthURL == "" {
		_, err := fetch(ctx, http.MethodGet, "http://"+p.Addr+"/info", nil)
		return err
	}
	login, err := fetch(ctx, http.MethodGet, p.AuthURL, map[string]string{"X-Auth-User": p.User, "X-Auth-Key": p.Key})
	if err != nil {
		return err
	}
	token := map[string]string{"X-Auth-Token": login.Get("X-Auth-Token")}
	for _, path := range []string{"/.ready", "/.ready/object"} {
		if _, err := fetch(ctx, http.MethodPut, "http://"+p.Addr+"/v1/"+p.Account+path, token); err != nil {
			return err
		}
	}
	return nil
}

// fetch makes a request without a body; other statuses than 2xx are errors.
func fetch(ctx context.Context, method, url string, header map[string]string) (http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return nil, err
	}
	resp.Body.Close()
	if resp.StatusCode > 299 {
		return nil, errors.New(resp.Status)
	}
	return resp.Header, nil
}

func (s *Swift) proxyConfig(t testing.TB, port int, opts *SwiftProxyOptions) string {
	t.Helper()
	login := "tempauth"
	if opts.Keystone != nil {
		login = "authtoken keystoneauth"
	}
	filters := strings.Fields("catch_errors gatekeeper healthcheck cache listing_formats bulk tempurl " + login +
		" copy container-quotas slo dlo")
	if opts.NoSLO {
		filters = without(filters, "slo", "tempurl")
	}
	life := opts.TokenLife
	if life == 0 {
		life = 86400
	}
	text := fmt.Sprintf(proxyConfig, s.dir, port, currentUser(t), strings.Join(filters, " "), s.memcached, life)
	if opts.Keystone != nil {
		text += fmt.Sprintf(authtokenConfig, opts.Keystone.URL, s.memcached)
	}
	return text
}

func without(list []string, names ...string) []string {
	var left []string
	for _, l := range list {
		if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+l+" ") {
			left = append(left, l)
		}
	}
	return left
}

// backendConfig is that of an account, container or object server.
const backendConfig = `[DEFAULT]
devices = %[1]s/devices
swift_dir = %[1]s
recon_cache_path = %[1]s/cache
bind_ip = 127.0.0.1
bind_port = %[2]d
mount_check = false
fallocate_reserve = 0
disable_fallocate = true
workers = 0
user = %[4]s
log_level = ERROR
[pipeline:main]
pipeline = %[3]s-server
[app:%[3]s-server]
use = egg:swift#%[3]s
container_update_timeout = 20
`

// proxyConfig has sections for every filter; the pipeline says which are used.
const proxyConfig = `[DEFAULT]
swift_dir = %[1]s
bind_ip = 127.0.0.1
bind_port = %[2]d
workers = 0
user = %[3]s
log_level = ERROR
expose_info = true
[pipeline:main]
pipeline = %[4]s proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
node_timeout = 30
conn_timeout = 5
recoverable_node_timeout = 30
error_suppression_interval = 0
error_suppression_limit = 1000000
[filter:tempauth]
use = egg:swift#tempauth
token_life = %[6]d
user_test_tester = testing .admin
user_test_reader = reading
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:%[5]d
[filter:keystoneauth]
use = egg:swift#keystoneauth
operator_roles = admin, member
[filter:container-quotas]
use = egg:swift#container_quotas
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:tempurl]
use = egg:swift#tempurl
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
`

// authtokenConfig is how a proxy asks Keystone about tokens.
const authtokenConfig = `[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
www_authenticate_uri = %[1]s
auth_url = %[1]s
auth_type = password
username = swift
password = swiftpass
project_name = service
user_domain_id = default
project_domain_id = default
delay_auth_decision = true
memcached_servers = 127.0.0.1:%[2]d
`
