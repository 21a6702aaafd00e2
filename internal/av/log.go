//go:build cgo

package av

//#include "shim.h"
import "C"

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/asticode/go-astiav"
)

// Limits on libav's log lines: a broken file can cause millions.
const (
	maxErrorLines = 4   // kept for the text of an error
	maxLogLines   = 200 // given to one owner's logger
	maxLineBytes  = 300
)

// libav has one log callback for the whole process. It is installed when the
// first owner registers, and gives each line to the owner of the object it is
// about; lines of objects that are not ours go nowhere.
var (
	logInstall sync.Once
	logNext    atomic.Uintptr
	logOwners  sync.Map // uintptr (owner id or C pointer) -> *logOwner
)

// logOwner receives libav's log lines about one Input, Output, decoder,
// encoder or filter graph. It is safe for concurrent use: libav's own threads
// log too.
type logOwner struct {
	id     uintptr
	logger *slog.Logger // nil drops lines

	mu       sync.Mutex
	pointers []uintptr
	errors   []string // the last ones, without repetitions
	last     string
	logged   int
	refused  bool // a demuxer asked for another file
}

// newLogOwner registers an owner. Its close must be called.
func newLogOwner(logger *slog.Logger) *logOwner {
	logInstall.Do(func() { C.rd_log_install() })
	o := &logOwner{id: logNext.Add(1), logger: logger}
	logOwners.Store(o.id, o)
	return o
}

// watch makes o the owner of the lines of any libav object whose struct begins
// with an AVClass, such as a filter graph's filter.
func (o *logOwner) watch(object unsafe.Pointer) {
	o.mu.Lock()
	o.pointers = append(o.pointers, uintptr(object))
	o.mu.Unlock()
	logOwners.Store(uintptr(object), o)
}

// watchCodec makes o the owner of the lines of a codec context and of its
// threads. It uses the context's opaque field. Call it before the codec opens.
func (o *logOwner) watchCodec(cc *astiav.CodecContext) {
	c := (*C.AVCodecContext)(cc.UnsafePointer())
	*(*uintptr)(unsafe.Pointer(&c.opaque)) = o.id
}

// close ends the ownership. It may be called twice.
func (o *logOwner) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	logOwners.Delete(o.id)
	for _, p := range o.pointers {
		logOwners.Delete(p)
	}
	o.pointers = nil
}

// wrap is the package's wrap with the last error lines in the text.
func (o *logOwner) wrap(op string, err error) error { return wrapLines(op, err, o.lines()) }

// lines returns the last error lines, oldest first.
func (o *logOwner) lines() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.errors)
}

// add takes one line.
func (o *logOwner) add(level int, line string) {
	o.mu.Lock()
	if line == o.last {
		o.mu.Unlock()
		return
	}
	o.last = line
	if level <= C.AV_LOG_ERROR && !slices.Contains(o.errors, line) {
		if len(o.errors) == maxErrorLines {
			o.errors = slices.Delete(o.errors, 0, 1)
		}
		o.errors = append(o.errors, line)
	}
	o.logged++
	logged := o.logged
	o.mu.Unlock()
	if o.logger == nil || logged > maxLogLines {
		return
	}
	if logged == maxLogLines {
		line += " (further lines are left out)"
	}
	o.logger.LogAttrs(context.Background(), slogLevel(level), "libav: "+line)
}

// slogLevel maps a libav level. What libav calls an error is a warning for the
// host: where it matters, a call returns an error as well.
func slogLevel(level int) slog.Level {
	switch {
	case level <= C.AV_LOG_ERROR:
		return slog.LevelWarn
	case level <= C.AV_LOG_WARNING:
		return slog.LevelInfo
	default:
		return slog.LevelDebug
	}
}

//export rdLogLine
func rdLogLine(candidates *C.uintptr_t, n C.int, level C.int, text *C.char) {
	defer func() { _ = recover() }() // a panic of the host's log handler must not unwind C frames
	for _, key := range unsafe.Slice(candidates, int(n)) {
		if o, ok := logOwners.Load(uintptr(key)); ok && key != 0 {
			if line := cleanLine(C.GoString(text)); line != "" {
				o.(*logOwner).add(int(level), line)
			}
			return
		}
	}
}

// cleanLine drops "[mov,mp4 @ 0x55d0c0]" prefixes, whose addresses differ from
// run to run, control characters, and what is too long.
func cleanLine(line string) string {
	for strings.HasPrefix(line, "[") {
		name, rest, ok := strings.Cut(line, "] ")
		if !ok || !strings.Contains(name, " @ ") {
			break
		}
		line = rest
	}
	line = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return ' '
		}
		return r
	}, line)
	line = strings.TrimSpace(line)
	if len(line) > maxLineBytes {
		line = strings.ToValidUTF8(line[:maxLineBytes], "") + "..."
	}
	return line
}

//export rdRefused
func rdRefused(owner C.uintptr_t) {
	if o, ok := logOwners.Load(uintptr(owner)); ok {
		o := o.(*logOwner)
		o.mu.Lock()
		o.refused = true
		o.mu.Unlock()
	}
}

// wasRefused reports whether a demuxer asked for another file.
func (o *logOwner) wasRefused() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.refused
}
