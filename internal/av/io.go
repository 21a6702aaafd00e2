//go:build cgo

package av

//#include <errno.h>
//#include "shim.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/cgo"
	"sync/atomic"
	"unsafe"

	"github.com/rendition-sdk/rendition"

	"github.com/asticode/go-astiav"
)

const (
	// ioBufferSize is libav's read buffer. Network sources are read in pieces of it.
	ioBufferSize = 32 << 10
	// maxEmptyReads is how often a reader may return neither bytes nor an error.
	maxEmptyReads = 100
)

// avio connects an AVIOContext to a Go reader or writer. libav calls it on the
// goroutine that called libav, so it needs no lock; only the counter is read
// from elsewhere.
type avio struct {
	ctx    context.Context
	r      rendition.SourceReader
	w      io.Writer
	pb     *C.AVIOContext
	handle cgo.Handle
	bytes  atomic.Int64
	size   int64
	err    error // the first error of r or w, which libav would only hand on as a number
}

// newReaderIO wraps r. The caller keeps r and closes it after free.
func newReaderIO(ctx context.Context, r rendition.SourceReader) (*avio, error) {
	return (&avio{ctx: ctx, r: r, size: r.Size()}).open(false, true)
}

// newWriterIO wraps w, which libav may seek in when it is an io.WriteSeeker.
func newWriterIO(ctx context.Context, w io.Writer) (*avio, error) {
	_, seekable := w.(io.WriteSeeker)
	return (&avio{ctx: ctx, w: w, size: -1}).open(true, seekable)
}

func (a *avio) open(writable, seekable bool) (*avio, error) {
	a.handle = cgo.NewHandle(a)
	a.pb = C.rd_io_new(C.uintptr_t(a.handle), ioBufferSize, cbool(writable), cbool(seekable))
	if a.pb == nil {
		a.handle.Delete()
		return nil, errNoMemory
	}
	return a, nil
}

// free releases the C side. Nothing of libav may use it afterwards.
func (a *avio) free() {
	C.rd_io_free(a.pb)
	a.handle.Delete()
}

// cause returns what a call into libav that returned err really failed with.
func (a *avio) cause(err error) error {
	switch {
	case a.ctx.Err() != nil:
		return &rendition.Error{Kind: rendition.Canceled, Op: "av: i/o", Err: context.Cause(a.ctx)}
	case a.err != nil:
		return a.err
	default:
		return err
	}
}

// fail keeps the first error and returns the code that makes libav stop.
func (a *avio) fail(op string, err error) C.int {
	if a.ctx.Err() != nil {
		return C.int(astiav.ErrExit)
	}
	if a.err == nil {
		a.err = ioError(op, err)
	}
	return -C.EIO
}

// ioError gives a Kind to an error of a reader or writer that has none.
func ioError(op string, err error) error {
	if e := (*rendition.Error)(nil); errors.As(err, &e) {
		return err
	}
	kind := rendition.Unavailable
	switch {
	case errors.Is(err, fs.ErrNotExist):
		kind = rendition.NotFound
	case errors.Is(err, fs.ErrPermission):
		kind = rendition.Permission
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		kind = rendition.Canceled
	}
	return &rendition.Error{Kind: kind, Op: "av: " + op, Err: err}
}

// recovered turns a panic of a host's reader into an error: it must not unwind
// C frames.
func (a *avio) recovered(op string, v any) C.int {
	return a.fail(op, &rendition.Error{Kind: rendition.Internal, Op: "av: " + op, Err: fmt.Errorf("panic: %v", v)})
}

func (a *avio) read(b []byte) (n C.int) {
	defer func() {
		if v := recover(); v != nil {
			n = a.recovered("read", v)
		}
	}()
	for range maxEmptyReads {
		if a.ctx.Err() != nil {
			return C.int(astiav.ErrExit)
		}
		n, err := a.r.Read(b)
		if n > 0 { // an error comes again at the next call
			a.bytes.Add(int64(n))
			return C.int(n)
		}
		if errors.Is(err, io.EOF) {
			return C.int(astiav.ErrEof)
		}
		if err != nil {
			return a.fail("read", err)
		}
	}
	return a.fail("read", io.ErrNoProgress)
}

func (a *avio) write(b []byte) (n C.int) {
	defer func() {
		if v := recover(); v != nil {
			n = a.recovered("write", v)
		}
	}()
	if a.ctx.Err() != nil {
		return C.int(astiav.ErrExit)
	}
	written, err := a.w.Write(b)
	a.bytes.Add(int64(max(written, 0)))
	if err == nil && written < len(b) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return a.fail("write", err)
	}
	return C.int(written)
}

func (a *avio) seek(offset int64, whence int) (pos C.int64_t) {
	defer func() {
		if v := recover(); v != nil {
			pos = C.int64_t(a.recovered("seek", v))
		}
	}()
	if whence&C.AVSEEK_SIZE != 0 {
		if a.r == nil || a.size < 0 {
			return -C.ENOSYS
		}
		return C.int64_t(a.size)
	}
	whence &^= C.AVSEEK_FORCE
	if whence == io.SeekEnd && a.size >= 0 {
		offset, whence = a.size+offset, io.SeekStart
	}
	if whence == io.SeekStart && offset < 0 {
		return -C.EINVAL // a wrong offset in the file, not a failure of the reader
	}
	var s io.Seeker = a.r
	if a.r == nil {
		s, _ = a.w.(io.Seeker)
	}
	if s == nil {
		return -C.ENOSYS
	}
	n, err := s.Seek(offset, whence)
	if err != nil {
		if a.r != nil && a.size < 0 {
			return -C.ENOSYS // a stream that can not seek: the demuxer reads on
		}
		return C.int64_t(a.fail("seek", err))
	}
	return C.int64_t(n)
}

// find returns the avio of a handle that libav hands back.
func find(handle C.uintptr_t) *avio { return cgo.Handle(handle).Value().(*avio) }

//export rdRead
func rdRead(handle C.uintptr_t, buf *C.uint8_t, size C.int) C.int {
	return find(handle).read(unsafe.Slice((*byte)(buf), int(size)))
}

//export rdWrite
func rdWrite(handle C.uintptr_t, buf *C.uint8_t, size C.int) C.int {
	return find(handle).write(unsafe.Slice((*byte)(buf), int(size)))
}

//export rdSeek
func rdSeek(handle C.uintptr_t, offset C.int64_t, whence C.int) C.int64_t {
	return find(handle).seek(int64(offset), int(whence))
}

func cbool(b bool) C.int {
	if b {
		return 1
	}
	return 0
}
