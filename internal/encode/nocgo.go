//go:build !cgo

package encode

import (
	"context"
	"errors"
	"io"
	"log/slog"

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
