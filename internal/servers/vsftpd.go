package servers

import (
	"fmt"
	"os"
	"testing"
)

// StartVsftpd starts vsftpd with its default require_ssl_reuse=YES: a data connection
// with TLS has to resume the session of the control connection. It has no MLSD.
// Users are guests that a PAM service of the tests knows (scripts/servers/vsftpd.sh).
func StartVsftpd(t testing.TB) *FTP {
	t.Helper()
	path := Program(t, "vsftpd", "vsftpd/usr/sbin/vsftpd")
	if _, err := os.Stat("/etc/pam.d/rendition-vsftpd"); err != nil {
		ftpMissing(t, "vsftpd", "no PAM service rendition-vsftpd; run scripts/servers.sh vsftpd")
	}
	f := newFTP(t, "vsftpd")
	if err := os.Mkdir(f.file("empty"), 0o755); err != nil { //nolint:gosec // it is empty
		t.Fatal(err)
	}
	// The guest has to have a home, though it is not used, which nobody has not.
	const daemon = 1
	if err := os.Chown(f.Dir, daemon, daemon); err != nil {
		t.Fatal(err)
	}
	settings := fmt.Sprintf(`
listen=YES
listen_address=127.0.0.1
background=NO
anonymous_enable=NO
local_enable=YES
guest_enable=YES
guest_username=daemon
virtual_use_local_privs=YES
local_root=%s
chroot_local_user=YES
allow_writeable_chroot=YES
secure_chroot_dir=%s
nopriv_user=nobody
pam_service_name=rendition-vsftpd
write_enable=YES
local_umask=022
pasv_min_port=%d
pasv_max_port=%d
connect_from_port_20=NO
max_clients=0
max_per_ip=0
max_login_fails=3
delay_failed_login=0
delay_successful_login=0
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
utf8_filesystem=YES
ssl_enable=YES
force_local_data_ssl=NO
force_local_logins_ssl=NO
require_ssl_reuse=YES
ssl_ciphers=HIGH
rsa_cert_file=%s
rsa_private_key_file=%s
`, f.Dir, f.file("empty"), f.passiveLow, f.passiveHigh, f.CertFile, f.key)
	explicit := f.write(t, "explicit.conf", "%slisten_port=%d\n", settings, f.port)
	Run(t, &Command{Name: "vsftpd", Path: path, Args: []string{explicit}, Ready: Listens(f.port)})
	implicit := f.write(t, "implicit.conf", "%slisten_port=%d\nimplicit_ssl=YES\n", settings, f.port+1)
	Run(t, &Command{Name: "vsftpd with implicit TLS", Path: path, Args: []string{implicit}, Ready: Listens(f.port + 1)})
	f.Implicit = Addr(f.port + 1)
	return f
}
