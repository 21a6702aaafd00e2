//go:build cgo

package av

//#include <errno.h>
import "C"

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rendition-sdk/rendition"

	"github.com/asticode/go-astiav"
)

// Codes that go-astiav does not name.
const (
	errNoMemory = astiav.Error(-C.ENOMEM)
	errNoSpace  = astiav.Error(-C.ENOSPC)
	errNoSystem = astiav.Error(-C.ENOSYS)
	errInvalid  = astiav.Error(-C.EINVAL)
)

// check turns a libav return code into an error, nil when it is not negative.
func check(code C.int) error {
	if code >= 0 {
		return nil
	}
	return astiav.Error(code)
}

// wrap returns err as a *rendition.Error of operation op, which reads
// "package: verb" without its package. A *rendition.Error keeps its Kind, the
// end of a stream is io.EOF itself, nil stays nil.
func wrap(op string, err error) error { return wrapLines(op, err, nil) }

// wrapLines is wrap with libav's own words behind the cause.
func wrapLines(op string, err error, lines []string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, astiav.ErrEof) || errors.Is(err, io.EOF) {
		return io.EOF
	}
	if e := (*rendition.Error)(nil); errors.As(err, &e) {
		return &rendition.Error{Kind: e.Kind, Op: "av: " + op, Err: err, Fault: e.Fault}
	}
	kind := avKind(err)
	if len(lines) > 0 {
		err = fmt.Errorf("%w: %s", err, strings.Join(lines, "; "))
	}
	return &rendition.Error{Kind: kind, Op: "av: " + op, Err: err}
}

// avKind maps libav's codes.
func avKind(err error) rendition.Kind {
	var code astiav.Error
	if !errors.As(err, &code) {
		return rendition.KindOf(err)
	}
	switch code {
	case astiav.ErrInvaliddata, astiav.ErrDemuxerNotFound, astiav.ErrBufferTooSmall, astiav.ErrStreamNotFound, astiav.ErrEio:
		return rendition.InvalidInput
	case astiav.ErrDecoderNotFound, astiav.ErrEncoderNotFound, astiav.ErrMuxerNotFound, astiav.ErrFilterNotFound,
		astiav.ErrBsfNotFound, astiav.ErrProtocolNotFound, astiav.ErrPatchwelcome, astiav.ErrExperimental, errNoSystem:
		return rendition.Unsupported
	case errNoMemory, errNoSpace:
		return rendition.Quota
	case astiav.ErrExit:
		return rendition.Canceled
	default:
		return rendition.Internal
	}
}
