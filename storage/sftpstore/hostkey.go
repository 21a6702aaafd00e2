package sftpstore

import (
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

var errNoCommonKey = errors.New("no host key of that kind")

// keyError is a host key that is not accepted.
type keyError string

func (e keyError) Error() string { return string(e) }

// trust decides whether a server is the right one.
type trust struct {
	addr     string
	insecure bool
	prints   []string        // pinned fingerprints
	keys     []ssh.PublicKey // pinned keys
	known    ssh.HostKeyCallback

	mu   sync.Mutex
	last [][]string // the algorithms that worked, for the next connection
}

func newTrust(addr string, o *Options) (*trust, error) {
	t := &trust{addr: addr, insecure: o.InsecureIgnoreHostKey}
	for line := range strings.Lines(o.HostKey) {
		if err := t.pin(strings.TrimSpace(line)); err != nil {
			return nil, err
		}
	}
	if o.KnownHostsFile != "" {
		if _, err := os.Stat(o.KnownHostsFile); err != nil {
			return nil, invalid("check KnownHostsFile", "the known-hosts file cannot be read: %w", err)
		}
		known, err := knownhosts.New(o.KnownHostsFile)
		if err != nil {
			return nil, invalid("check KnownHostsFile", "the known-hosts file is broken: %w", err)
		}
		t.known = known
	}
	return t, nil
}

// pin reads one line of Options.HostKey: a fingerprint, a public key, or a line of a
// known_hosts file, of which the hosts are not looked at.
func (t *trust) pin(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	if hash, ok := strings.CutPrefix(line, "SHA256:"); ok {
		hash = strings.TrimRight(hash, "=")
		if len(hash) != 43 || strings.ContainsAny(hash, " \t") {
			return invalid("write it as ssh-keygen -l prints it: SHA256: and 43 characters", "HostKey has a fingerprint that is none")
		}
		t.prints = append(t.prints, "SHA256:"+hash)
		return nil
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
	if err != nil {
		var marker string
		if marker, _, key, _, _, err = ssh.ParseKnownHosts([]byte(line)); err == nil && marker != "" {
			err = errors.New("a marker")
		}
	}
	if err != nil {
		return invalid(`write "SHA256:..." or "ssh-ed25519 AAAA..."`, "HostKey has a line that is no fingerprint and no public key")
	}
	t.keys = append(t.keys, key)
	return nil
}

// check says whether a server with this key is the right one.
func (t *trust) check(key ssh.PublicKey) error {
	if t.insecure || t.pinned(key) {
		return nil
	}
	offered := key.Type() + " " + ssh.FingerprintSHA256(key)
	refuse := func(text, hint string) error {
		return &driver.Error{Kind: rendition.Permission, Err: keyError(text), Hint: hint}
	}
	var err error
	if t.known != nil {
		if err = t.known(t.addr, anyAddr(), key); err == nil {
			return nil
		}
	}
	var revoked *knownhosts.RevokedError
	var other *knownhosts.KeyError
	switch {
	case errors.As(err, &revoked):
		return refuse("the host key of "+t.addr+" ("+offered+") is revoked", "do not connect; ask who runs the server")
	case errors.As(err, &other) && len(other.Want) > 0, len(t.keys)+len(t.prints) > 0:
		return refuse("the host key of "+t.addr+" is "+offered+", and another one is known",
			"somebody may be between, or the server has a new key; ask who runs it, and only then change the known-hosts file or HostKey")
	}
	return refuse("the host key of "+t.addr+" is not known", "the server offers "+offered+
		"; when that is right, set HostKey to the fingerprint or add the key to the known-hosts file")
}

func (t *trust) pinned(key ssh.PublicKey) bool {
	return slices.Contains(t.prints, ssh.FingerprintSHA256(key)) ||
		slices.ContainsFunc(t.keys, func(k ssh.PublicKey) bool { return string(k.Marshal()) == string(key.Marshal()) })
}

// anyAddr stands for the address that was dialed, which the check of names does not look at.
func anyAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero} }

// families are the kinds of host keys, best first.
var families = [][]string{
	{ssh.KeyAlgoED25519},
	{ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521},
	{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256},
}

// attempts are the algorithms to ask the server for, a connection each until one
// fits; nil is what the library prefers.
func (t *trust) attempts() [][]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		t.last = t.first()
	}
	return t.last
}

func (t *trust) first() [][]string {
	if t.insecure {
		return [][]string{nil}
	}
	var types []string
	for _, k := range t.keys {
		types = append(types, k.Type())
	}
	if len(t.prints) > 0 {
		return families
	}
	for _, k := range t.knownKeys() {
		types = append(types, k.Key.Type())
	}
	var all []string
	for _, family := range families {
		for _, algorithm := range family {
			if slices.Contains(types, algorithm) || (slices.Contains(types, ssh.KeyAlgoRSA) && strings.HasPrefix(algorithm, "rsa-")) {
				all = append(all, algorithm)
			}
		}
	}
	if len(all) == 0 {
		return [][]string{nil}
	}
	return [][]string{all}
}

// knownKeys are the keys of the host in the known-hosts file, which tells them when
// it is asked for one that cannot be there.
func (t *trust) knownKeys() []knownhosts.KnownKey {
	var other *knownhosts.KeyError
	if t.known == nil || !errors.As(t.known(t.addr, anyAddr(), noKey{}), &other) {
		return nil
	}
	return other.Want
}

// worked remembers what the next connection is to ask for.
func (t *trust) worked(algorithms []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = [][]string{algorithms}
}

// noKey is a public key that no host has.
type noKey struct{}

func (noKey) Type() string                        { return "none" }
func (noKey) Marshal() []byte                     { return []byte("none") }
func (noKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }
