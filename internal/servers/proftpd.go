package servers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// StartProFTPD starts ProFTPD with a user of its own. As by default, it wants data
// connections with TLS to resume the session of the control connection.
func StartProFTPD(t testing.TB) *FTP {
	t.Helper()
	path := Program(t, "proftpd", "proftpd/usr/sbin/proftpd")
	modules := filepath.Join(strings.TrimSuffix(path, "/usr/sbin/proftpd"), "usr/lib/proftpd")
	f := newFTP(t, "proftpd")
	users := f.write(t, "users", "%s:%s:%d:%d::%s:/bin/sh\n", f.User, ftpCrypt, nobody, nobody, f.Dir)
	settings := f.write(t, "proftpd.conf", `
ModulePath %[1]s
LoadModule mod_tls.c
DefaultAddress 127.0.0.1
SocketBindTight on
ServerType standalone
UseIPv6 off
UseReverseDNS off
PidFile %[2]s/pid
ScoreboardFile %[2]s/score
DelayEngine off
WtmpLog off
SystemLog %[2]s/system.log
MaxInstances 500
<Global>
  User nobody
  Group nogroup
  AuthOrder mod_auth_file.c
  AuthUserFile %[3]s
  RequireValidShell off
  DefaultRoot ~
  AllowOverwrite on
  AllowStoreRestart on
  AllowRetrieveRestart on
  PassivePorts %[4]d %[5]d
  TransferLog none
  TLSEngine on
  TLSRequired off
  TLSRSACertificateFile %[6]s
  TLSRSACertificateKeyFile %[7]s
  TLSLog %[2]s/tls.log
</Global>
Port %[8]d
<VirtualHost 127.0.0.1>
  Port %[9]d
  TLSOptions UseImplicitSSL
</VirtualHost>
`, modules, f.dir, users, f.passiveLow, f.passiveHigh, f.CertFile, f.key, f.port, f.port+1)
	args := []string{"-n", "-q", "-c", settings}
	if _, err := os.Stat(modules); err != nil {
		t.Fatalf("proftpd has no modules: %v", err)
	}
	Run(t, &Command{Name: "proftpd", Path: path, Args: args, Ready: Listens(f.port)})
	f.Implicit = Addr(f.port + 1)
	return f
}
