package chunk

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/sched"
	"github.com/rendition-sdk/rendition/internal/scratch"
	"github.com/rendition-sdk/rendition/packager"
)

// Attempts is how often a chunk is tried before it fails the job.
const Attempts = 3

// maxWaiting is how many bytes of finished samples wait in memory for their
// turn to be written. What is in the scratch store as well is read back from there.
const maxWaiting = 64 << 20

// Options are those of Run.
type Options struct {
	// Spec is the work. Its Gate is replaced by that of Turns.
	Spec *encode.Spec
	// Cut says where to cut; nil is the default.
	Cut *encode.CutOptions
	// Turns says when a piece of work may run. Required.
	Turns *sched.Job
	// Scratch keeps finished pieces; nil keeps nothing.
	Scratch *scratch.Store
	// Source names the source and the engine's version: pieces are kept under it.
	// Required with Scratch.
	Source string
	// LowestFirst encodes the smallest video of the first chunk before the
	// others, so that it can be watched soon.
	LowestFirst bool
	// OnePass does not cut.
	OnePass bool
	// Observer is told what happens; nil for nobody.
	Observer Observer
	// Logger may be nil.
	Logger *slog.Logger
}

func (o *Options) withDefaults() *Options {
	c := *o
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	if c.Observer == nil {
		c.Observer = nobody{}
	}
	return &c
}

// SegmentEnder is a SampleWriter that wants to know what comes behind a chunk: the
// next sample, without its data, is a key frame before which nothing is shown.
type SegmentEnder interface {
	EndSegment(ctx context.Context, next packager.Sample) error
}

// Observer is told what happens to chunks. Its methods are called from many
// goroutines and must return soon.
type Observer interface {
	// Began is called when the encode of a piece of work begins; the function it
	// returns is called at its end.
	Began(w Work) func(err error)
	// Kept is called for each piece that an earlier run has left.
	Kept(w Work)
	// Retried is called before a piece of work is tried again.
	Retried(w Work, attempt int, err error)
}

// Work is one piece of work: some videos of one chunk.
type Work struct {
	// Chunk counts from 0; below that it is a pass over the whole: -1 all in one, -2
	// sound, -3 stills and previews.
	Chunk, Chunks int
	// Start is where it begins on the source's timeline.
	Start time.Duration
	// Videos are the videos encoded.
	Videos []*encode.Video
	// Attempt counts from 1; 0 of a piece that is kept.
	Attempt int
	// Repair says that a piece is encoded again, because its rate buffer did not
	// fit behind the piece before.
	Repair bool
}

// name is what a log calls it.
func (w Work) name() string {
	switch w.Chunk {
	case wholePass:
		return "the whole"
	case soundPass:
		return "sound"
	case imagePass:
		return "images"
	default:
		return fmt.Sprintf("chunk %d of %d", w.Chunk, w.Chunks)
	}
}

type nobody struct{}

func (nobody) Began(Work) func(error)   { return func(error) {} }
func (nobody) Kept(Work)                {}
func (nobody) Retried(Work, int, error) {}
