package servers

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// StartMinIO starts a MinIO server: S3 and its token service on one port, with a key for SSE-S3 and SSE-KMS
// ("test-key") built in. Its program is "minio" (scripts/servers/minio.sh).
func StartMinIO(t testing.TB) *S3 {
	t.Helper()
	return minio(t, "http")
}

// StartMinIOTLS starts it with a certificate for localhost and 127.0.0.1, which roots trusts. SSE-C works with TLS only.
func StartMinIOTLS(t testing.TB) (server *S3, roots *tls.Config) {
	t.Helper()
	certs := filepath.Join(t.TempDir(), "certs")
	roots = Certificate(t, filepath.Join(certs, "public.crt"), filepath.Join(certs, "private.key"))
	return minio(t, "https", "--certs-dir", certs), roots
}

func minio(t testing.TB, scheme string, args ...string) *S3 {
	t.Helper()
	path := Program(t, "minio", "bin/minio")
	port := Ports(t, 2)
	s := &S3{
		Endpoint: fmt.Sprintf("%s://%s", scheme, Addr(port)), Port: port, AccessKey: "testaccess", SecretKey: "testsecret+/123",
		Region: "eu-test-1", Dir: t.TempDir(),
	}
	// The certificate is not what Ready is about.
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // loopback
	}}
	key := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
	Run(t, &Command{
		Name: "minio", Path: path,
		Args: append([]string{
			"server", "--quiet", "--anonymous", "--address", Addr(port), "--console-address", Addr(port + 1),
		}, append(args, s.Dir)...),
		Env: []string{
			"MINIO_ROOT_USER=" + s.AccessKey, "MINIO_ROOT_PASSWORD=" + s.SecretKey, "MINIO_SITE_REGION=" + s.Region,
			"MINIO_DOMAIN=localhost", "MINIO_KMS_SECRET_KEY=test-key:" + key,
			// It neither looks for news nor calls home.
			"MINIO_BROWSER=off", "MINIO_UPDATE=off", "MINIO_CALLHOME_ENABLE=off",
		},
		Ready: answers(client, s.Endpoint+"/minio/health/ready"),
	})
	return s
}
