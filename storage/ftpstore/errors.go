package ftpstore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/ftpstore/internal/ftp"
)

// Classify gives the kind of an error.
func (*server) Classify(err error) rendition.Kind { return kindOf(err) }

func kindOf(err error) rendition.Kind {
	var said *driver.Error
	if errors.As(explain(err), &said) {
		return said.Kind
	}
	return driver.DefaultKind(err)
}

// explain gives an error of the client its kind and a hint.
func explain(err error) error {
	var said *driver.Error
	var reply *ftp.Error
	var handshake *ftp.TLSError
	switch {
	case err == nil, errors.As(err, &said), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, ftp.ErrNotFound):
		return &driver.Error{Kind: rendition.NotFound, Err: err}
	case errors.As(err, &reply):
		kind, hint := kindOfReply(reply)
		return &driver.Error{Kind: kind, Err: err, Hint: hint}
	case errors.As(err, &handshake):
		return explainTLS(err)
	case errors.Is(err, ftp.ErrControl):
		return &driver.Error{Kind: rendition.InvalidJob, Err: err}
	case errors.Is(err, ftp.ErrProtocol):
		return &driver.Error{Kind: rendition.Unsupported, Err: err, Hint: "check that host, port and Security are those of an FTP server"}
	}
	return err
}

func explainTLS(err error) error {
	var cert *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var plain tls.RecordHeaderError
	switch {
	case errors.Is(err, errPin):
		return &driver.Error{Kind: rendition.Permission, Err: err, Hint: "compare PinnedSHA256 with the server's certificate"}
	case errors.As(err, &cert), errors.As(err, &unknown), errors.As(err, &host):
		return &driver.Error{Kind: rendition.Permission, Err: err, Hint: "give RootCAs or PinnedSHA256 when the certificate is a private one"}
	case errors.As(err, &plain):
		return &driver.Error{Kind: rendition.Unsupported, Err: err, Hint: "the server speaks no TLS from the first byte; use ExplicitTLS"}
	case driver.DefaultKind(err) == rendition.Internal:
		return &driver.Error{Kind: rendition.Unavailable, Err: err}
	}
	return err
}

// kindOfReply maps the codes of RFC 959 section 4.2.2, RFC 2228 section 4 and RFC
// 4217. What 550 means depends on the command: callers look before they ask here.
func kindOfReply(e *ftp.Error) (rendition.Kind, string) {
	if full(e) {
		return rendition.Quota, "make room on the server"
	}
	switch e.Code {
	case 332, 532:
		return rendition.Permission, "the server wants an account (ACCT) beside the password, which this driver does not send"
	case 430, 530:
		return login(e)
	case 521, 533, 534:
		return rendition.Permission, "the server insists on other security; use ExplicitTLS or ImplicitTLS"
	case 522:
		return rendition.Permission, "the server refused the data connection's TLS session or network"
	case 535:
		return rendition.Permission, "the server refused the TLS session"
	case 500, 502, 504, 536:
		if e.Command == "AUTH" {
			return rendition.Unsupported, "the server offers no explicit TLS; use ImplicitTLS where it has that"
		}
		return rendition.Unsupported, ""
	case 501, 503:
		return rendition.InvalidJob, "the server does not accept the name or the order of commands"
	case 550, 551, 553:
		return rendition.Permission, "check that this user may do that there"
	}
	if e.Code < 500 {
		return rendition.Unavailable, "" // 4yz says that it can help to try again (RFC 959 section 4.2)
	}
	return rendition.Internal, ""
}

// login tells a wrong password from a crowded server and from one that wants TLS.
func login(e *ftp.Error) (rendition.Kind, string) {
	text := strings.ToLower(e.Text)
	switch {
	case crowded(e):
		return rendition.Unavailable, "the server has too many connections; allow fewer Connections"
	case containsAny(text, "ssl", "tls", "encrypt", "secure", "cleartext"):
		return rendition.Permission, "the server wants TLS; use ExplicitTLS or ImplicitTLS"
	}
	return rendition.Permission, "check user name and password"
}

// crowded says whether a server refuses a further connection because of their number.
func crowded(err error) bool {
	var e *ftp.Error
	if !errors.As(err, &e) || e.Code != 421 && e.Code != 530 {
		return false
	}
	return containsAny(strings.ToLower(e.Text), "too many", "maximum", "limit", "busy", "full")
}

// full says whether a reply is about room: 452 and 552, and others by their text. vsftpd and Pure-FTPd say
// about a full disk no more than that a write to the file failed.
func full(e *ftp.Error) bool {
	return e.Code == 452 || e.Code == 552 || containsAny(
		strings.ToLower(e.Text), "no space", "disk full", "disk quota", "quota exceeded", "out of space",
		"failure writing to local file", "error during write to file",
	)
}

func containsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// refused is a reply that turned out to be about permissions.
func refused(err error, hint string) error {
	e := new(ftp.Error)
	switch {
	case !errors.As(err, &e), full(e), e.Code/100 != 5:
		return err
	case containsAny(strings.ToLower(e.Text), "file name", "filename", "name too long"):
		return &driver.Error{Kind: rendition.InvalidJob, Err: err, Hint: "choose a key without such characters, or a shorter one"}
	}
	return &driver.Error{Kind: rendition.Permission, Err: err, Hint: hint}
}

// exists is an object where a folder should be, or the other way round.
func exists(text string) error {
	return &driver.Error{Kind: rendition.Exists, Err: errors.New(text), Hint: "choose another key"}
}
