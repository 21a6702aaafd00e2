package servers

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// FTP is a server for FTP that was started.
type FTP struct {
	// Addr is host:port for plain FTP and explicit TLS.
	Addr string
	// Implicit is host:port for implicit TLS; "" when the server has none.
	Implicit string
	// User and Password may log in.
	User, Password string
	// Dir is the folder on this machine that the login leads to, as "/".
	Dir string
	// Roots trusts the server's certificate, which is for localhost and 127.0.0.1.
	Roots *x509.CertPool
	// Certificate is it in DER, and CertFile its file in PEM.
	Certificate []byte
	CertFile    string

	dir         string // of the server itself
	port        int    // the first of the ports
	key         string // file in PEM
	certAndKey  string // file in PEM
	passiveLow  int
	passiveHigh int
}

const (
	ftpUser     = "rendition-ftp"
	ftpPassword = "rendition-ftp-secret" // the same stands in scripts/servers/vsftpd.sh
	// ftpCrypt is ftpPassword as crypt(3) writes it with SHA-512.
	ftpCrypt = "$6$renditionftp$uz2ged7KWHRVA4XMxmvAphKEy4ylSQ53xOx1L90YcHeotEhjQ7eMcgzbvPqhQZSfmZ5UXtyYX6brfPQq7KI5L/"
	// ftpPassive is how many ports there are for passive data connections.
	ftpPassive = 200
	// nobody is Debian's user of that name, and nogroup's number: whom files belong to.
	nobody = 65534
)

// newFTP makes the folders and the certificate of a server, with room for two ports to listen on. It
// needs root, as the servers do, which change to the user nobody.
func newFTP(t testing.TB, name string) *FTP {
	t.Helper()
	if os.Geteuid() != 0 {
		ftpMissing(t, name, "FTP servers start as root only")
	}
	port := Ports(t, 2+ftpPassive)
	f := &FTP{
		Addr: Addr(port), User: ftpUser, Password: ftpPassword, dir: ftpDir(t), port: port,
		passiveLow: port + 2, passiveHigh: port + 1 + ftpPassive,
	}
	f.Dir = filepath.Join(f.dir, "files")
	if err := os.Mkdir(f.Dir, 0o755); err != nil { //nolint:gosec // the server's user enters it
		t.Fatal(err)
	}
	if err := os.Chown(f.Dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	if err := f.certify(); err != nil {
		t.Fatal(err)
	}
	return f
}

// ftpMissing skips t, or fails it when TEST_REQUIRE names the server.
func ftpMissing(t testing.TB, name, why string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("TEST_REQUIRE"), ","), name) {
		t.Fatalf("%s is required by TEST_REQUIRE: %s", name, why)
	}
	t.Skip(name + ": " + why)
}

// ftpDir is a temporary folder that the user nobody may enter, which t.TempDir is not.
func ftpDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rendition-ftp-")
	if err == nil {
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		err = os.Chmod(dir, 0o755) //nolint:gosec // the server's user enters it
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// certify makes a certificate that signs itself.
func (f *FTP) certify() error {
	key, err := rsa.GenerateKey(rand.Reader, 2048) // what all three servers know
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA:        true, BasicConstraintsValid: true,
	}
	if f.Certificate, err = x509.CreateCertificate(rand.Reader, template, template, key.Public(), key); err != nil {
		return err
	}
	cert, err := x509.ParseCertificate(f.Certificate)
	if err != nil {
		return err
	}
	f.Roots = x509.NewCertPool()
	f.Roots.AddCert(cert)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.Certificate})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	f.CertFile, f.key, f.certAndKey = f.file("cert.pem"), f.file("key.pem"), f.file("both.pem")
	for file, data := range map[string][]byte{f.CertFile: certPEM, f.key: keyPEM, f.certAndKey: append(keyPEM, certPEM...)} {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (f *FTP) file(name string) string { return filepath.Join(f.dir, name) }

// write writes a file of the server's settings and returns its path.
func (f *FTP) write(t testing.TB, name, format string, args ...any) string {
	t.Helper()
	if err := os.WriteFile(f.file(name), fmt.Appendf(nil, format, args...), 0o600); err != nil {
		t.Fatal(err)
	}
	return f.file(name)
}
