//go:build !cgo

package probe

import (
	"context"
	"errors"

	"github.com/rendition-sdk/rendition"
)

// inspect needs FFmpeg's libraries, which are reached through cgo.
func inspect(_ context.Context, source rendition.Source, _ Options) (*rendition.Media, error) {
	return nil, &rendition.Error{
		Kind: rendition.Unsupported, Op: "probe: open", Key: source.Name(),
		Err: errors.New("this program was built without cgo"), Hint: "build it with CGO_ENABLED=1 and FFmpeg 7.1",
	}
}
