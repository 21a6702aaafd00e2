package servers

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// Nginx is a web server that takes PUT and DELETE (its dav module) and asks for a password.
type Nginx struct {
	// URL is http://127.0.0.1:port, without a slash at its end.
	URL string
	// Folder is what it serves.
	Folder   string
	User     string
	Password string
}

const nginxConf = `
daemon off;
worker_processes 1;
%[4]s
pid %[1]s/nginx.pid;
error_log stderr warn;
events { worker_connections 512; }
http {
	access_log off;
	default_type application/octet-stream;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	client_max_body_size 0;
	keepalive_requests 100000;
	server {
		listen 127.0.0.1:%[2]d;
		auth_basic test;
		auth_basic_user_file %[1]s/users;
		location / {
			root %[3]s;
			dav_methods PUT DELETE;
			create_full_put_path on;
		}
		location /small/ {
			root %[3]s;
			dav_methods PUT DELETE;
			create_full_put_path on;
			client_max_body_size 100k;
		}
		location /closed/ {
			root %[3]s;
			dav_methods PUT DELETE;
			limit_except GET { deny all; }
		}
	}
}
`

// StartNginx starts one. Below /small/ it takes at most 100 KiB, and /closed/ cannot be written.
func StartNginx(t testing.TB) *Nginx {
	t.Helper()
	program := testenv.Program(t, "nginx", "/usr/sbin/nginx")
	dir, port := t.TempDir(), Ports(t, 1)
	n := &Nginx{URL: "http://" + Addr(port), Folder: filepath.Join(dir, "files"), User: "webuser", Password: "webp4ss-SIGNED"}
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // its workers have to write into the test's folder
	}
	conf := fmt.Sprintf(nginxConf, dir, port, n.Folder, user)
	for name, text := range map[string]string{"nginx.conf": conf, "users": n.User + ":{PLAIN}" + n.Password + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(n.Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	Run(t, &Command{
		Name: "nginx", Path: program, Args: []string{"-p", dir, "-c", filepath.Join(dir, "nginx.conf"), "-e", "stderr"}, Ready: Listens(port),
	})
	return n
}
