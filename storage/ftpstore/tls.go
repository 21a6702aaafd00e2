package ftpstore

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"strings"
)

// errPin is a certificate that is not the pinned one.
var errPin = errors.New("the server's certificate is not the one that was pinned")

func (o *Options) tlsConfig(host string) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.TLSConfig != nil {
		c = o.TLSConfig.Clone()
	}
	if c.ServerName == "" {
		c.ServerName = host
	}
	if o.RootCAs != nil {
		c.RootCAs = o.RootCAs
	}
	c.InsecureSkipVerify = c.InsecureSkipVerify || o.InsecureSkipVerify
	if o.PinnedSHA256 == "" {
		return c, nil
	}
	pin, err := hex.DecodeString(strings.ReplaceAll(o.PinnedSHA256, ":", ""))
	if err != nil || len(pin) != sha256.Size {
		return nil, errors.New("the pinned certificate is not given as the 64 hex digits of a SHA-256")
	}
	// The pin stands in place of the chain; it is looked at for resumed sessions too.
	c.InsecureSkipVerify = true
	also := c.VerifyConnection
	c.VerifyConnection = func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) == 0 {
			return errPin
		}
		if sum := sha256.Sum256(state.PeerCertificates[0].Raw); !bytes.Equal(sum[:], pin) {
			return errPin
		}
		if also != nil {
			return also(state)
		}
		return nil
	}
	return c, nil
}
