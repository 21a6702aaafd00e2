package mp4

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// DefaultMemoryLimit is the default of Options.MemoryLimit.
const DefaultMemoryLimit = 32 << 20

// Options change how a Writer works. nil and the zero value are good defaults.
type Options struct {
	// Brand is "mp4" (default) or "mov" for QuickTime.
	Brand string
	// Tags are the file's metadata under FFmpeg's names: "title", "artist",
	// "comment", "date", ... Names without a standard box are written as
	// free-form tags in MP4 and left out in QuickTime.
	Tags map[string]string
	// Chapters are written as Nero chapters (at most 255); times are in seconds.
	Chapters []rendition.Chapter
	// CreationTime is written to the headers. Zero means none, so that the same
	// samples give the same bytes.
	CreationTime time.Time
	// MemoryLimit is the number of bytes of samples held in memory before they
	// go to temporary files; 0 means DefaultMemoryLimit, negative none. Each
	// track with a temporary file holds 256 KiB more.
	MemoryLimit int64
	// TempDir is the folder for temporary files; empty means os.TempDir().
	// They have no name there once they are open (but on Windows).
	TempDir string
	// SpoolFunc opens the place for the samples of one track instead of a
	// temporary file; nil means a temporary file.
	SpoolFunc func() (Spool, error)
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.Brand == "" {
		c.Brand = "mp4"
	}
	if c.MemoryLimit == 0 {
		c.MemoryLimit = DefaultMemoryLimit
	}
	if c.SpoolFunc == nil {
		dir := c.TempDir
		c.SpoolFunc = func() (Spool, error) { return openTemp(dir) }
	}
	return &c
}

// Writer makes one progressive MP4 file. Tracks may be added at any time before
// Finish, and several goroutines may use it, each with its own TrackWriter.
type Writer struct {
	opts   *Options
	budget budget

	mu     sync.Mutex
	tracks []*TrackWriter
	done   bool
}

// NewWriter returns a Writer. It takes no resources before the first sample.
func NewWriter(opts *Options) *Writer {
	o := opts.withDefaults()
	return &Writer{opts: o, budget: budget{limit: o.MemoryLimit}}
}

// AddTrack adds a track. Tracks stand in the file in the order of Track.Order,
// then as they were added.
//
// Errors: InvalidJob for a description that cannot be written or a Writer that
// is finished, InvalidInput for a Config that cannot be read, Unsupported for a
// codec MP4 has no place for, Quota over packager.MaxTracks.
func (w *Writer) AddTrack(t packager.Track) (*TrackWriter, error) {
	const op = "mp4: add track"
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.done:
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Err: errors.New("the writer is finished")}
	case w.opts.Brand != "mp4" && w.opts.Brand != "mov":
		return nil, &rendition.Error{
			Kind: rendition.InvalidJob, Op: op, Key: "Options.Brand",
			Err: fmt.Errorf("brand is %q", w.opts.Brand), Hint: `use "mp4" or "mov"`,
		}
	case len(w.tracks) >= packager.MaxTracks:
		return nil, &rendition.Error{Kind: rendition.Quota, Op: op, Err: fmt.Errorf("more than %d tracks", packager.MaxTracks)}
	}
	t.Config = slices.Clone(t.Config)
	s, err := newStream(op, t, len(w.tracks)+1)
	if err != nil {
		return nil, err
	}
	tw := &TrackWriter{stream: s, spool: trackSpool{budget: &w.budget, open: w.opts.SpoolFunc}}
	tw.table.track = &s.track
	w.tracks = append(w.tracks, tw)
	return tw, nil
}

// Abort frees everything. It must not run at the same time as a WriteSample.
// After Finish it does nothing: the File owns the samples then.
func (w *Writer) Abort() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return
	}
	w.done = true
	for _, t := range w.tracks {
		// Nobody can act on a spool that does not close, and Abort has its
		// reason already.
		_ = t.spool.close()
		t.err = &rendition.Error{Kind: rendition.Canceled, Op: "mp4: write sample", Key: t.stream.name, Err: errors.New("the writer was aborted")}
	}
}

// Finish completes the file. No WriteSample may run at the same time. When it
// fails everything is freed; otherwise the caller must Close the File.
//
// Errors: InvalidJob for a file without tracks or a second Finish, InvalidInput
// for a track without samples, Canceled, and the Kinds of a failed spool.
func (w *Writer) Finish(ctx context.Context) (*File, error) {
	const op = "mp4: finish file"
	w.mu.Lock()
	if w.done {
		w.mu.Unlock()
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Err: errors.New("the writer is finished")}
	}
	tracks := slices.Clone(w.tracks)
	w.mu.Unlock()
	f, err := w.finish(ctx, op, tracks)
	if err != nil {
		w.Abort()
		return nil, err
	}
	w.mu.Lock()
	w.done = true
	w.mu.Unlock()
	return f, nil
}

func (w *Writer) finish(ctx context.Context, op string, tracks []*TrackWriter) (*File, error) {
	if len(tracks) == 0 {
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Err: errors.New("the file has no tracks")}
	}
	slices.SortStableFunc(tracks, func(a, b *TrackWriter) int { return a.stream.track.Order - b.stream.track.Order })
	for _, t := range tracks {
		if t.err != nil {
			return nil, t.err
		}
		if len(t.table.sizes) == 0 {
			return nil, &rendition.Error{Kind: rendition.InvalidInput, Op: op, Key: t.stream.name, Err: errors.New("the track has no samples")}
		}
		if err := t.spool.seal(); err != nil {
			return nil, err
		}
	}
	if ctx.Err() != nil {
		return nil, canceled(ctx, op)
	}
	var f *File
	err := guard(op, func() (err error) {
		f, err = newFile(w.opts, tracks)
		return wrap(rendition.Internal, op, "", err)
	})
	return f, err
}

// TrackWriter takes the samples of one track. It is for one goroutine at a time.
type TrackWriter struct {
	stream *stream
	table  table
	spool  trackSpool
	err    error
}

// WriteSample appends a sample. After an error every further call returns it.
//
// Errors: InvalidInput for a sample that cannot stand in the file (the Key
// names the track and the time), Canceled, and the Kinds of a failed spool:
// Quota for a full disk, Permission, Unavailable.
func (t *TrackWriter) WriteSample(ctx context.Context, s packager.Sample) error {
	const op = "mp4: write sample"
	if t.err != nil {
		return t.err
	}
	if ctx.Err() != nil {
		return canceled(ctx, op)
	}
	data, err := t.stream.admit(op, &s)
	if err == nil {
		err = t.spool.write(data)
	}
	if err != nil {
		t.err = wrap(rendition.Unavailable, op, t.stream.name, err)
		return t.err
	}
	t.table.add(&s, len(data))
	return nil
}
