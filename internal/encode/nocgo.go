//go:build !cgo

package encode

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/rendition-sdk/rendition"
)

// errNoCgo says that this program was built without cgo.
func errNoCgo() error {
	return &rendition.Error{
		Kind: rendition.Unsupported, Op: "encode", Err: errors.New("this program was built without cgo"),
		Hint: "build it with CGO_ENABLED=1 and FFmpeg 7.1",
	}
}

// Run is not there without cgo.
func Run(context.Context, *Spec) (*Stats, error) { return nil, errNoCgo() }

// Check is not there without cgo.
func Check(context.Context, rendition.Source, Expect) error { return errNoCgo() }

// Mux is not there without cgo.
type Mux struct{}

// NewMux returns a Mux whose Finish fails.
func NewMux(string, int64, string, *slog.Logger) *Mux { return &Mux{} }

// Track returns nil: without cgo nothing writes to it.
func (*Mux) Track() SampleWriter { return nil }

// Finish fails.
func (*Mux) Finish(context.Context) (io.ReaderAt, int64, error) { return nil, 0, errNoCgo() }

// Close does nothing.
func (*Mux) Close() {}

// Chunker is not there without cgo.
type Chunker struct{}

// NotCutError is the error of a source that cannot be cut.
type NotCutError struct{ Reason string }

func (e *NotCutError) Error() string { return e.Reason }

// NewChunker is not there without cgo.
func NewChunker(context.Context, *Spec, *CutOptions) (*Chunker, error) { return nil, errNoCgo() }

// NewStretches is not there without cgo.
func NewStretches(context.Context, *Spec, StretchOptions) (*Chunker, []int, error) {
	return nil, nil, errNoCgo()
}

// Run is not there without cgo.
func (*Chunker) Run(context.Context, int, []*Piece, func()) (*ChunkStats, error) {
	return nil, errNoCgo()
}

// Close does nothing.
func (*Chunker) Close() {}

// Chunks is 0.
func (*Chunker) Chunks() int { return 0 }

// Start is 0.
func (*Chunker) Start(int) time.Duration { return 0 }

// RunUp is 0.
func (*Chunker) RunUp(int) time.Duration { return 0 }

// Slots is none.
func (*Chunker) Slots(int, *Video) (Slots, bool) { return Slots{}, false }

// Larger is none.
func (*Chunker) Larger(*Video) [][2]int { return nil }
