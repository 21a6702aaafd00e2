package encode

import (
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// CutOptions say how NewChunker cuts. A nil pointer means the defaults.
type CutOptions struct {
	// Target is about how long a chunk is. Default 10 seconds.
	Target time.Duration
	// Segment is the length that chunks are whole multiples of, in seconds; it is
	// rounded to whole key-frame intervals. Default one interval.
	Segment float64
	// ShortFirst makes the first chunk one segment long, so that it is done soon.
	ShortFirst bool
}

const defaultChunk = 10 * time.Second

func (o *CutOptions) withDefaults() CutOptions {
	c := CutOptions{}
	if o != nil {
		c = *o
	}
	if c.Target <= 0 {
		c.Target = defaultChunk
	}
	return c
}

// shortest is the length below which cutting is not worth it.
func (o CutOptions) shortest() time.Duration { return o.Target * 3 / 2 }

// Slots is a stretch of a video's frames, counted from the start of its clip:
// From is the first, To the one behind the last, 0 where it goes on to the end
// of the source.
type Slots struct {
	From, To int64
}

// Piece is the part of one video that lies in one chunk.
type Piece struct {
	Video *Video
	// BufferInit is Video's rate buffer at the start, in percent; 0 is the default.
	BufferInit int
	// Track and Samples are what the encoder made of it.
	Track   packager.Track
	Samples []packager.Sample
}

// ChunkStats is what the encode of one chunk saw of the source.
type ChunkStats struct {
	// End is the end of the last frame on the source's timeline.
	End time.Duration
	// Frames and Errors are those of the chunk itself, without its run-up.
	Frames, Errors int
	// ReadToEnd says that the source ended in this chunk.
	ReadToEnd bool
	// LastError is the reason of the last of Errors; nil if none.
	LastError error
}

// HasIndex reports whether a source is in a container that lists its key frames,
// so that it can be cut.
func HasIndex(m *rendition.Media) bool {
	for _, name := range strings.Split(m.Container, ",") {
		if name == "mp4" || name == "matroska" {
			return m.Seekable
		}
	}
	return false
}
