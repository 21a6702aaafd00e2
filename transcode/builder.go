package transcode

import (
	"slices"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// Builder makes a Job step by step. Its methods return the Builder itself and
// never fail; Build reports everything that is wrong. It is not safe for
// concurrent use.
type Builder struct {
	job Job
}

// NewJob begins a job whose source is a storage URL or a local path. Leave it
// empty when From follows.
func NewJob(input string) *Builder {
	return &Builder{job: Job{Input: Input{URL: input}}}
}

// From takes the source from a Source, such as bucket.Source(key), instead of a URL.
func (b *Builder) From(source rendition.Source) *Builder {
	b.job.Input.Source = source
	return b
}

// To sends the results to a storage URL or local folder; several receive
// a copy of every file each.
func (b *Builder) To(destinations ...string) *Builder {
	if len(destinations) == 1 {
		b.job.Output.URL, b.job.Output.URLs = destinations[0], nil
		return b
	}
	b.job.Output.URL, b.job.Output.URLs = "", slices.Clone(destinations)
	return b
}

// ToBucket sends the results to a Bucket; several receive a copy of every file
// each. The caller closes them after the run.
func (b *Builder) ToBucket(buckets ...*storage.Bucket) *Builder {
	if len(buckets) == 1 {
		b.job.Output.Bucket, b.job.Output.Buckets = buckets[0], nil
		return b
	}
	b.job.Output.Bucket, b.job.Output.Buckets = nil, slices.Clone(buckets)
	return b
}

// AtLeast lets the job succeed when n of its destinations have received everything.
func (b *Builder) AtLeast(n int) *Builder {
	b.job.Output.AtLeast = n
	return b
}

// Check says whether destinations are proven before anything is encoded; the
// default is as Destination.Check has it.
func (b *Builder) Check(on bool) *Builder {
	b.job.Output.Check = &on
	return b
}

// Subpath is appended to the destination's prefix.
func (b *Builder) Subpath(path string) *Builder {
	b.job.OutSubpath = path
	return b
}

// OnTruncated says what to do with a source that ends early: "fail" or "warn".
func (b *Builder) OnTruncated(action string) *Builder {
	b.job.OnTruncated = action
	return b
}

// File adds a media file. Nil means the defaults: an MP4 of the source's size.
func (b *Builder) File(o *FileOutput) *Builder {
	if o == nil {
		o = &FileOutput{}
	}
	return b.add(o)
}

// HLS adds an HLS presentation. Nil means an automatic ladder.
func (b *Builder) HLS(o *HLSOutput) *Builder {
	if o == nil {
		o = &HLSOutput{Ladder: AutoLadder()}
	}
	return b.add(o)
}

// Thumbnails adds a set of stills. Nil means one every 10 seconds.
func (b *Builder) Thumbnails(o *ThumbnailsOutput) *Builder {
	if o == nil {
		o = &ThumbnailsOutput{Interval: Seconds(10)}
	}
	return b.add(o)
}

// GIF adds an animated preview. Nil means the first 3 seconds.
func (b *Builder) GIF(o *GIFOutput) *Builder {
	if o == nil {
		o = &GIFOutput{Duration: Seconds(3)}
	}
	return b.add(o)
}

func (b *Builder) add(o Output) *Builder {
	b.job.Outputs = append(b.job.Outputs, o)
	return b
}

// Build validates the job and returns it. The job is the caller's; the Builder
// may go on to build another, which shares the outputs added so far.
func (b *Builder) Build() (*Job, error) {
	job := b.job
	job.Outputs = slices.Clone(job.Outputs)
	if err := job.Validate(); err != nil {
		return nil, err
	}
	return &job, nil
}

// Heights returns a ladder of one rung for each height in pixels.
func Heights(heights ...int) Ladder {
	rungs := make([]Rung, len(heights))
	for i, h := range heights {
		rungs[i].Height = h
	}
	return Ladder{Rungs: rungs}
}

// AutoLadder returns the ladder that is chosen from the source.
func AutoLadder() Ladder { return Ladder{Auto: true} }

// CRF returns a pointer to a constant quality, for the fields named CRF.
func CRF(quality int) *int { return &quality }
