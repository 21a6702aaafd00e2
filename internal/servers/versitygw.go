package servers

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// StartVersityGW starts versitygw: S3 over a folder, with metadata in extended attributes. Its program is
// "versitygw" (scripts/servers/versitygw.sh).
func StartVersityGW(t testing.TB) *S3 {
	t.Helper()
	path := Program(t, "versitygw", "bin/versitygw")
	port := Ports(t, 1)
	root := t.TempDir()
	s := &S3{
		Endpoint: "http://" + Addr(port), Port: port, AccessKey: "testaccess", SecretKey: "testsecret+/123",
		Region: "eu-test-1", Dir: filepath.Join(root, "data"),
	}
	iam := filepath.Join(root, "iam")
	for _, dir := range []string{s.Dir, iam} {
		check(t, os.MkdirAll(dir, 0o750))
	}
	Run(t, &Command{
		Name: "versitygw", Path: path,
		Args: []string{
			"--access", s.AccessKey, "--secret", s.SecretKey, "--region", s.Region, "--port", Addr(port),
			"--iam-dir", iam, "--virtual-domain", fmt.Sprintf("localhost:%d", port), "--quiet", "posix", s.Dir,
		},
		Ready: Listens(port),
	})
	return s
}
