package sftpstore

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// login is how the user proves who he is.
type login struct {
	user, password string
	keys           []ssh.Signer
	agent          bool
}

func newLogin(o *Options) (*login, error) {
	l := &login{user: o.User, password: o.Password.Reveal(), agent: o.Agent}
	for _, load := range []func(*Options) ([]byte, error){keyText, keyFile} {
		text, err := load(o)
		if err != nil {
			return nil, err
		}
		if text == nil {
			continue
		}
		key, err := parseKey(text, o.Passphrase.Reveal())
		if err != nil {
			return nil, err
		}
		l.keys = append(l.keys, key)
	}
	if l.password == "" && len(l.keys) == 0 && !l.agent {
		return nil, invalid("set Password, PrivateKey, PrivateKeyFile or Agent", "there is no way to log in")
	}
	return l, nil
}

func keyText(o *Options) ([]byte, error) {
	if o.PrivateKey == "" {
		return nil, nil
	}
	return []byte(o.PrivateKey.Reveal()), nil
}

func keyFile(o *Options) ([]byte, error) {
	if o.PrivateKeyFile == "" {
		return nil, nil
	}
	text, err := os.ReadFile(o.PrivateKeyFile)
	if err != nil {
		return nil, invalid("check PrivateKeyFile", "the private key cannot be read: %w", err)
	}
	return text, nil
}

// parseKey reads a private key. Its errors hold nothing of it.
func parseKey(text []byte, passphrase string) (ssh.Signer, error) {
	refuse := func(kind rendition.Kind, hint, why string) (ssh.Signer, error) {
		return nil, &driver.Error{Kind: kind, Err: errors.New(why), Hint: hint}
	}
	key, err := ssh.ParsePrivateKey(text)
	var encrypted *ssh.PassphraseMissingError
	if errors.As(err, &encrypted) {
		if passphrase == "" {
			return refuse(rendition.Permission, "set Passphrase", "the private key is encrypted and no passphrase is given")
		}
		key, err = ssh.ParsePrivateKeyWithPassphrase(text, []byte(passphrase))
		if errors.Is(err, x509.IncorrectPasswordError) {
			return refuse(rendition.Permission, "check Passphrase", "the passphrase does not open the private key")
		}
	}
	switch {
	case err == nil:
		return key, nil
	case strings.HasPrefix(string(text), "PuTTY-User-Key-File"):
		return refuse(rendition.InvalidJob, "export it with puttygen -O private-openssh-new", "the private key is in PuTTY's own form")
	case strings.HasPrefix(string(text), "ssh-") || strings.HasPrefix(string(text), "ecdsa-"):
		return refuse(rendition.InvalidJob, "give the private key, the file without .pub", "this is a public key and not a private one")
	}
	return refuse(rendition.InvalidJob, "give the text of a key as ssh-keygen writes it", "the private key cannot be read")
}

// methods are the ways to log in, for one connection; done frees them after the login.
func (l *login) methods(ctx context.Context) (methods []ssh.AuthMethod, done func(), err error) {
	done = func() {}
	keys := l.keys
	if l.agent {
		socket := os.Getenv("SSH_AUTH_SOCK")
		if socket == "" {
			return nil, nil, invalid("start ssh-agent, or leave Agent out", "the environment variable SSH_AUTH_SOCK is not set")
		}
		// Not Options.Dial: this is a file of this machine and nothing that a URL could name.
		conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
		if err != nil {
			return nil, nil, invalid("start ssh-agent, or leave Agent out", "the ssh-agent does not answer: %w", err)
		}
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		done = func() {
			stop()
			_ = conn.Close()
		}
		more, err := agent.NewClient(conn).Signers()
		if err != nil {
			done()
			return nil, nil, invalid("start ssh-agent, or leave Agent out", "the ssh-agent does not answer: %w", err)
		}
		keys = append(keys[:len(keys):len(keys)], more...)
	}
	if len(keys) > 0 {
		methods = append(methods, ssh.PublicKeys(keys...))
	}
	if l.password != "" {
		methods = append(methods, ssh.Password(l.password), ssh.KeyboardInteractive(l.answer))
	}
	return methods, done, nil
}

// answer gives the password to a server that asks one hidden question, and to no other:
// a second one may be for a code, and what is shown is no password.
func (l *login) answer(_, _ string, questions []string, echos []bool) ([]string, error) {
	switch {
	case len(questions) == 0:
		return nil, nil
	case len(questions) == 1 && !echos[0]:
		return []string{l.password}, nil
	}
	return nil, fmt.Errorf("the server asks %d questions, and only a password can be given", len(questions))
}

func (l *login) hint() string {
	switch {
	case l.password != "" && len(l.keys) == 0 && !l.agent:
		return "check the user and the password"
	case l.password == "":
		return "check the user, and that the server has the public key"
	default:
		return "check the user, the password, and that the server has the public key"
	}
}
