package servers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Azurite is a running Azurite, Microsoft's emulator of Azure Blob Storage.
type Azurite struct {
	// Endpoint is the URL of the account's blob service.
	Endpoint string
	// Account and Key are the one account there is; the key is base64.
	Account, Key string
	// Roots hold its certificate; nil without TLS.
	Roots *x509.CertPool
}

// The account that Azurite has by default, as its manual tells everybody.
const (
	azuriteAccount = "devstoreaccount1"
	azuriteKey     = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)

// StartAzurite starts Azurite over plain HTTP, with a folder of its own.
func StartAzurite(t testing.TB) *Azurite { return startAzurite(t, "http") }

// StartAzuriteTLS starts Azurite over HTTPS. It takes tokens whose issuer, audience and times are
// those of Entra ID, and does not check their signatures (its level "basic").
func StartAzuriteTLS(t testing.TB) *Azurite {
	t.Helper()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	roots := azuriteCertificate(t, cert, key)
	a := startAzurite(t, "https", "--oauth", "basic", "--cert", cert, "--key", key)
	a.Roots = roots
	return a
}

func startAzurite(t testing.TB, scheme string, args ...string) *Azurite {
	t.Helper()
	path := Program(t, "azurite", "azurite/node_modules/.bin/azurite-blob")
	port := Ports(t, 1)
	dir := t.TempDir()
	// The API versions of the SDK are newer than those that it knows.
	args = append(args, "--blobHost", "127.0.0.1", "--blobPort", strconv.Itoa(port), "--location", dir,
		"--silent", "--skipApiVersionCheck", "--disableTelemetry")
	Run(t, &Command{Name: "azurite", Path: path, Args: args, Dir: dir, Ready: Listens(port)})
	return &Azurite{Endpoint: scheme + "://" + Addr(port) + "/" + azuriteAccount, Account: azuriteAccount, Key: azuriteKey}
}

// azuriteCertificate writes a self-signed certificate for loopback and its key.
func azuriteCertificate(t testing.TB, certFile, keyFile string) *x509.CertPool {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "azurite"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	must(err)
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	must(os.WriteFile(certFile, certPEM, 0o600))
	must(os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certPEM)
	return roots
}
