package chunk

import (
	"fmt"

	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/scratch"
)

// engineVersion is part of all keys: pieces of an engine that made other bytes of the
// same settings are not found.
const engineVersion = "v3"

// keyOf is the beginning of the keys of a video's pieces. larger are the sizes that
// it is scaled down from.
func keyOf(o *Options, v *encode.Video, larger [][2]int) (string, error) {
	h, err := scratch.Hash("video", v.VideoSettings, larger, o.Spec.Media.Streams[v.Stream])
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s/%s/%s/", engineVersion, o.Source, h), nil
}

// pieceKey is the key of one piece.
func (t *track) pieceKey(s encode.Slots, bufferInit int) string {
	return fmt.Sprintf("%s%d-%d-%d", t.prefix, s.From, s.To, bufferInit)
}
