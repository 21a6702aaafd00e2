package driver

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"syscall"
	"time"

	"github.com/rendition-sdk/rendition"
)

// ErrChanged is returned by a driver that notices that an object is no longer
// the version it was when it was opened. It is of kind Integrity.
var ErrChanged = errors.New("the object changed while it was read")

// Error lets a driver say more about a failure than Classify can: a hint for
// the user or the pause a server asked for. It needs no Classify.
type Error struct {
	Kind rendition.Kind
	// Err is the cause. It holds no secret.
	Err error
	// Hint says what to do about it, as a clause without a full stop.
	Hint string
	// RetryAfter is the pause that the server asked for; 0 is none.
	RetryAfter time.Duration
}

// Error returns the text of the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Kind.Error()
	}
	return e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// kindsOf maps what the operating system says; the first match wins.
var kindsOf = []struct {
	err  error
	kind rendition.Kind
}{
	{ErrChanged, rendition.Integrity},
	{syscall.ENOSPC, rendition.Quota},
	{syscall.EDQUOT, rendition.Quota},
	{syscall.EFBIG, rendition.Quota},
	{syscall.EMFILE, rendition.Quota},
	{syscall.ENFILE, rendition.Quota},
	{syscall.EROFS, rendition.Permission},
	{syscall.ENAMETOOLONG, rendition.InvalidJob},
	{syscall.ELOOP, rendition.NotFound},
	{syscall.EISDIR, rendition.Exists},
	{syscall.ENOTDIR, rendition.Exists},
	{syscall.ENOTEMPTY, rendition.Exists},
	{fs.ErrNotExist, rendition.NotFound},
	{fs.ErrExist, rendition.Exists},
	{fs.ErrPermission, rendition.Permission},
	{errors.ErrUnsupported, rendition.Unsupported},
	{context.Canceled, rendition.Canceled},
	{context.DeadlineExceeded, rendition.Canceled},
	{io.ErrUnexpectedEOF, rendition.Unavailable},
	{syscall.ECONNREFUSED, rendition.Unavailable},
	{syscall.ECONNRESET, rendition.Unavailable},
	{syscall.ECONNABORTED, rendition.Unavailable},
	{syscall.EPIPE, rendition.Unavailable},
	{syscall.ETIMEDOUT, rendition.Unavailable},
	{syscall.EIO, rendition.Unavailable},
	{net.ErrClosed, rendition.Unavailable},
}

// DefaultKind gives the kind of an error of the operating system, the network
// or the standard library. What it does not know is Internal.
func DefaultKind(err error) rendition.Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	for _, k := range kindsOf {
		if errors.Is(err, k.err) {
			return k.kind
		}
	}
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return rendition.NotFound
	}
	var nerr net.Error
	if errors.As(err, &nerr) {
		return rendition.Unavailable
	}
	return rendition.Internal
}
