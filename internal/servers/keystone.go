package servers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// Keystone is an Identity v3 service with the domain Default, a project and a user
// in it, and a catalog with Swift.
type Keystone struct {
	// URL is without a version; AuthURL ends in /v3.
	URL, AuthURL string
	// User has Key and the role member in Project.
	User, Key, Project string
	// SwiftPort is where the catalog says that Swift's proxy is, in Region.
	SwiftPort int
	Region    string
	// Application credential of the user for Project.
	CredentialID, CredentialSecret string
}

// StartKeystone starts Keystone with a new database, in the server of its own that serves one request at a
// time. It takes about 12 s.
func StartKeystone(t testing.TB) *Keystone {
	t.Helper()
	manage, program := testenv.Program(t, "keystone-manage"), testenv.Program(t, "keystone-wsgi-public")
	port := Ports(t, 2)
	k := &Keystone{
		URL: "http://" + Addr(port), AuthURL: "http://" + Addr(port) + "/v3", SwiftPort: port + 1, Region: "RegionOne",
		User: "demo", Key: "demo/pass%word", Project: "films",
	}
	dir := t.TempDir()
	for _, sub := range []string{"fernet", "credential"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(dir, "keystone.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, keystoneConfig, dir), 0o600); err != nil {
		t.Fatal(err)
	}
	user := currentUser(t)
	for _, args := range [][]string{
		{"db_sync"},
		{"fernet_setup", "--keystone-user", user, "--keystone-group", user},
		{"credential_setup", "--keystone-user", user, "--keystone-group", user},
		{
			"bootstrap", "--bootstrap-password", adminPassword, "--bootstrap-region-id", k.Region, "--bootstrap-public-url", k.AuthURL,
			"--bootstrap-internal-url", k.AuthURL, "--bootstrap-admin-url", k.AuthURL,
		},
	} {
		output(t, manage, append([]string{"--config-file", config}, args...)...)
	}
	// Connections that Keystone forgets hold read locks; a write-ahead log keeps them from stopping writers.
	output(t, testenv.Program(t, "python3"), "-c",
		"import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA journal_mode=WAL')", filepath.Join(dir, "keystone.db"))
	Run(t, &Command{
		Name: "keystone", Path: program, Env: []string{"OS_KEYSTONE_CONFIG_DIR=" + dir},
		Args: []string{"--host", "127.0.0.1", "--port", fmt.Sprint(port), "--", "--config-file", config},
		Ready: func(ctx context.Context) error {
			_, err := fetch(ctx, http.MethodGet, k.AuthURL, nil)
			return err
		},
	})
	k.populate(t)
	return k
}

const adminPassword = "adminpass"

const keystoneConfig = `[DEFAULT]
log_dir = %[1]s
[database]
connection = sqlite:///%[1]s/keystone.db
[token]
provider = fernet
[fernet_tokens]
key_repository = %[1]s/fernet
[credential]
key_repository = %[1]s/credential
`

// identity is a session with Keystone's API.
type identity struct {
	t     testing.TB
	url   string
	token string
}

// populate makes what tests and Swift need.
func (k *Keystone) populate(t testing.TB) {
	t.Helper()
	admin := k.login(t, "admin", adminPassword, "admin")
	service := admin.make("projects", "project", object{"name": "service", "domain_id": "default"})
	project := admin.make("projects", "project", object{"name": k.Project, "domain_id": "default"})
	swift := admin.make("users", "user", object{"name": "swift", "domain_id": "default", "password": "swiftpass"})
	demo := admin.make("users", "user", object{"name": k.User, "domain_id": "default", "password": k.Key})
	admin.call(http.MethodPut, "projects/"+service+"/users/"+swift+"/roles/"+admin.role("admin"), nil)
	admin.call(http.MethodPut, "projects/"+project+"/users/"+demo+"/roles/"+admin.role("member"), nil)
	store := admin.make("services", "service", object{"type": "object-store", "name": "swift"})
	for _, kind := range []string{"public", "internal", "admin"} {
		admin.make("endpoints", "endpoint", object{
			"interface": kind, "region_id": k.Region, "service_id": store,
			"url": fmt.Sprintf("http://%s/v1/AUTH_%%(project_id)s", Addr(k.SwiftPort)),
		})
	}
	own := k.login(t, k.User, k.Key, k.Project)
	k.CredentialSecret = "credential secret"
	k.CredentialID = own.make("users/"+demo+"/application_credentials", "application_credential",
		object{"name": "tests", "secret": k.CredentialSecret})
}

type object = map[string]any

func (k *Keystone) login(t testing.TB, user, password, project string) *identity {
	t.Helper()
	s := &identity{t: t, url: k.AuthURL + "/"}
	domain := object{"id": "default"}
	_, header := s.call(http.MethodPost, "auth/tokens", object{"auth": object{
		"identity": object{"methods": []string{"password"}, "password": object{
			"user": object{"name": user, "domain": domain, "password": password},
		}},
		"scope": object{"project": object{"name": project, "domain": domain}},
	}})
	s.token = header.Get("X-Subject-Token")
	return s
}

// make posts a new thing and returns its ID.
func (s *identity) make(path, name string, thing object) string {
	s.t.Helper()
	answer, _ := s.call(http.MethodPost, path, object{name: thing})
	made, _ := answer[name].(object)
	id, _ := made["id"].(string)
	return id
}

func (s *identity) role(name string) string {
	s.t.Helper()
	answer, _ := s.call(http.MethodGet, "roles?name="+name, nil)
	roles, _ := answer["roles"].([]any)
	if len(roles) != 1 {
		s.t.Fatalf("keystone has no role %s", name)
	}
	role, _ := roles[0].(object)
	id, _ := role["id"].(string)
	return id
}

func (s *identity) call(method, path string, body object) (object, http.Header) {
	s.t.Helper()
	var text []byte // Keystone refuses a body that is no object
	var err error
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			s.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Auth-Token", s.token)
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer object
	err = json.NewDecoder(resp.Body).Decode(&answer)
	if resp.StatusCode > 299 || (err != nil && resp.StatusCode != http.StatusNoContent) {
		s.t.Fatalf("keystone: %s %s: %s %v %v", method, path, resp.Status, answer, err)
	}
	return answer, resp.Header
}
