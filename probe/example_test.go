//go:build cgo

package probe_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/probe"
)

func ExampleProbe() {
	// Any rendition.Source will do: a storage.Bucket makes one of each of its objects.
	source := memory{name: "notes.mp4", data: []byte("Dear diary, today I renamed a text file.")}

	media, err := probe.Probe(context.Background(), source)
	if errors.Is(err, rendition.InvalidInput) {
		fmt.Println("rejected:", err)
		return
	}
	fmt.Println(media.DurationSeconds, err)
	// Output: rejected: probe: open: notes.mp4: not a media file, or of a format that is not known (check that the name leads to the right file)
}
