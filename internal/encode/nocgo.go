//go:build !cgo

package encode

import (
	"context"
	"errors"

	"github.com/rendition-sdk/rendition"
)

// Run reports that this program was built without cgo.
func Run(context.Context, *Spec) (*Stats, error) {
	return nil, &rendition.Error{
		Kind: rendition.Unsupported, Op: "encode", Err: errors.New("this program was built without cgo"),
		Hint: "build it with CGO_ENABLED=1 and FFmpeg 7.1",
	}
}
