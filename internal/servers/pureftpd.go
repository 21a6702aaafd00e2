package servers

import (
	"fmt"
	"os/exec"
	"testing"
)

// StartPureFTPd starts Pure-FTPd with a user of its own. It has no implicit TLS.
func StartPureFTPd(t testing.TB) *FTP {
	t.Helper()
	path := Program(t, "pure-ftpd", "pureftpd/usr/sbin/pure-ftpd")
	pw := Program(t, "pure-pw", "pureftpd/usr/bin/pure-pw")
	f := newFTP(t, "pure-ftpd")
	users := f.write(t, "passwd", "%s:%s:%d:%d::%s/./::::::::::::\n", f.User, ftpCrypt, nobody, nobody, f.Dir)
	db := f.file("users.pdb")
	if out, err := exec.CommandContext(t.Context(), pw, "mkdb", db, "-f", users).CombinedOutput(); err != nil { //nolint:gosec // a test's own
		t.Fatalf("pure-pw: %v\n%s", err, out)
	}
	Run(t, &Command{Name: "pure-ftpd", Path: path, Ready: Listens(f.port), Args: []string{
		"-S", fmt.Sprintf("127.0.0.1,%d", f.port), "-p", fmt.Sprintf("%d:%d", f.passiveLow, f.passiveHigh),
		"-E", "-A", "-u", "1", "-l", "puredb:" + db, "-Y", "1", "-2", f.certAndKey, "-H", "-c", "500", "-C", "500",
		"-g", f.file("pid"), "-D", "-z",
	}})
	return f
}
