package mp4

import (
	"context"
	"errors"
	"fmt"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// guard runs f and turns a panic of the box library into an error.
func guard(op string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &rendition.Error{Kind: rendition.Internal, Op: op, Err: fmt.Errorf("box library panicked: %v", p)}
		}
	}()
	return f()
}

// wrap makes err a *rendition.Error of kind unless it is one already.
func wrap(kind rendition.Kind, op, key string, err error) error {
	if e := (*rendition.Error)(nil); err == nil || errors.As(err, &e) {
		return err
	}
	return &rendition.Error{Kind: kind, Op: op, Key: key, Err: err}
}

func canceled(ctx context.Context, op string) error {
	return &rendition.Error{Kind: rendition.Canceled, Op: op, Err: context.Cause(ctx)}
}

// trackName is what errors call a track.
func trackName(t *packager.Track, number int) string {
	return fmt.Sprintf("track %d (%s %s)", number, t.Type, t.Codec)
}
