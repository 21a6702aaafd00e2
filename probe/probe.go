package probe

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"github.com/rendition-sdk/rendition"
)

// Defaults of Options.
const (
	// DefaultSampleBytes is enough for some pictures of most streams.
	DefaultSampleBytes = 512 << 10
	// DefaultScanBytes bounds what is read to measure a duration.
	DefaultScanBytes = 32 << 20
)

// Options are the options of ProbeWith. A nil pointer means the defaults.
type Options struct {
	// Logger receives what FFmpeg's libraries log; nil drops it.
	Logger *slog.Logger
	// SampleBytes is how many bytes are read behind the headers to look at the
	// first pictures and packets; 0 means DefaultSampleBytes, less than 0 none:
	// then HDR metadata and captions that stand in the pictures alone are not
	// found, and variable frame rates only where an index tells them.
	SampleBytes int64
	// ScanBytes is how many bytes are read to measure a duration that no header
	// tells; 0 means DefaultScanBytes, less than 0 none. Of a longer source the
	// end is read, or the duration estimated, and a warning says so.
	ScanBytes int64
}

func (o *Options) withDefaults() Options {
	c := Options{}
	if o != nil {
		c = *o
	}
	c.SampleBytes = max(cmp.Or(c.SampleBytes, DefaultSampleBytes), 0)
	c.ScanBytes = max(cmp.Or(c.ScanBytes, DefaultScanBytes), 0)
	return c
}

// Probe describes source with the default options: see ProbeWith.
func Probe(ctx context.Context, source rendition.Source) (*rendition.Media, error) {
	return ProbeWith(ctx, source, nil)
}

// ProbeWith opens source, describes it and closes it. Nothing of the source is
// kept. It is safe for concurrent use with different sources, and with one
// source whose Open is.
//
// The errors are InvalidInput where the source is empty, damaged or no media,
// Unsupported for playlists and other files that only point to media, Canceled
// when ctx ends, and else what the source's own errors say, such as NotFound.
func ProbeWith(ctx context.Context, source rendition.Source, opts *Options) (*rendition.Media, error) {
	if source == nil {
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: "probe: open", Err: errors.New("the source is nil")}
	}
	if ctx.Err() != nil {
		return nil, &rendition.Error{Kind: rendition.Canceled, Op: "probe: open", Key: source.Name(), Err: context.Cause(ctx)}
	}
	return inspect(ctx, source, opts.withDefaults())
}
