package transcode

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// RedeliverOptions are the options of Redeliver. A nil pointer means the defaults.
type RedeliverOptions struct {
	// To are the destinations to make whole, by their index in Result.Destinations.
	// Default: those that failed.
	To []int
	// From is the destination to copy from, by its index. Default: the first that
	// was saved and is not in To.
	From *int
	// ToBucket is a destination that the job does not name, instead of To, and
	// FromBucket a place to copy from instead of From: both with the files at the paths
	// that the Result gives. The caller closes them.
	ToBucket, FromBucket *storage.Bucket
	// Overwrite copies files too that are there and right. SizeOnly takes a file for
	// right that has the right size; else its content type is compared where the store keeps
	// one, and it is read for its SHA-256.
	Overwrite, SizeOnly bool
	// Parallel is how many files are copied at a time, of each at most three parts of
	// storage.DefaultPartSize in memory. Default 4.
	Parallel int
	// OnProgress is called at the beginning, for every file that is done, and about
	// five times a second in between; never by two goroutines at a time. The work waits for it.
	OnProgress func(RedeliverProgress)
}

// RedeliverProgress is how far a redelivery is.
type RedeliverProgress struct {
	// Destination is the one being written to; its Files and Bytes are those that are
	// there now, and its state is empty until it is over.
	Destination DestinationResult
	// Files and Bytes are how many there will be.
	Files int
	Bytes int64
	// Skipped is how many files were there.
	Skipped int
}

// Redelivery is what Redeliver did.
type Redelivery struct {
	// Destinations are those that were to be made whole, as they are now: saved, or
	// failed and why. A host puts them into the places of its Result's, by Index; that of
	// ToBucket has -1.
	Destinations []DestinationResult `json:"destinations"`
	// Copied and Skipped are how many files were copied, and were there; Bytes is
	// what was copied.
	Copied  int   `json:"copied"`
	Skipped int   `json:"skipped"`
	Bytes   int64 `json:"bytes"`
	// Elapsed is the wall time.
	Elapsed Time `json:"elapsed"`
}

// Redeliver makes destinations whole that failed when job was run, without encoding
// again: it copies every file of result from a good destination, verifies each by
// its size and SHA-256, and gives it its content type. Files that name others come
// behind them, multivariant playlists last, so that a destination looks complete
// when it is. What is there and right is skipped, so a Redeliver that failed or was
// canceled goes on when it is called again; it takes nothing back.
//
// job need only name the same destinations as the one that was run, in the same
// order: credentials may be new. With nothing to do the Redelivery is empty.
//
// A destination that fails does not keep others from being made whole; the error
// is then that of the first, and the Redelivery says more. Kinds: InvalidJob when
// there is nothing to copy from or an index is wrong; Integrity when a file at the
// good destination is not the one that was published; Canceled; and those of the
// destinations, each tried again for Config.RetryFor.
func (e *Engine) Redeliver(ctx context.Context, job *Job, result *Result, opts *RedeliverOptions) (*Redelivery, error) {
	began := time.Now()
	r, err := e.newRedeliverer(job, result, opts)
	if err != nil {
		return nil, err
	}
	done := &Redelivery{}
	var first error
	for _, to := range r.to {
		if ctx.Err() != nil {
			first = canceledRedelivery(ctx)
			break
		}
		res, err := r.deliver(e.hooks.countRetries(ctx), to, done)
		done.Destinations = append(done.Destinations, res)
		if first == nil {
			first = err
		}
	}
	done.Elapsed = seconds(time.Since(began))
	return done, first
}

func canceledRedelivery(ctx context.Context) error {
	return &rendition.Error{Kind: rendition.Canceled, Op: opRedeliver, Err: context.Cause(ctx)}
}

const (
	opRedeliver      = "transcode: redeliver"
	defaultRedeliver = 4
)

// redeliverer is one call of Redeliver.
type redeliverer struct {
	engine *Engine
	opts   RedeliverOptions
	sub    string
	files  [3][]PublishedFile // in the order of copying
	total  int
	bytes  int64
	from   target
	to     []target
}

// target is one end of a redelivery.
type target struct {
	place
	index int
}

func (e *Engine) newRedeliverer(job *Job, result *Result, opts *RedeliverOptions) (*redeliverer, error) {
	r := &redeliverer{engine: e}
	if opts != nil {
		r.opts = *opts
	}
	if r.opts.Parallel <= 0 {
		r.opts.Parallel = defaultRedeliver
	}
	var v validator
	v.redeliver(job, result, &r.opts)
	if err := v.err(opRedeliver); err != nil {
		return nil, err
	}
	r.sub = job.OutSubpath
	r.choose(job.Output.places(), result)
	if len(r.to) > 0 && r.from.place == (place{}) {
		return nil, &rendition.Error{
			Kind: rendition.InvalidJob, Op: opRedeliver, Err: errors.New("no destination has the files"),
			Hint: "give From or FromBucket, or run the job again",
		}
	}
	for _, f := range result.Files {
		i := copyOrder(f.Role)
		r.files[i] = append(r.files[i], f)
		r.total, r.bytes = r.total+1, r.bytes+f.Size
	}
	return r, nil
}

// copyOrder is when a file is copied: behind all that it names.
func copyOrder(role FileRole) int {
	switch role {
	case RoleMaster:
		return 2
	case RolePlaylist, RoleVTT:
		return 1
	default:
		return 0
	}
}

// choose fills from and to.
func (r *redeliverer) choose(places []place, result *Result) {
	to := r.opts.To
	if len(to) == 0 && r.opts.ToBucket == nil {
		for _, d := range result.Destinations {
			if d.State == DestinationFailed {
				to = append(to, d.Index)
			}
		}
	}
	for _, i := range to {
		r.to = append(r.to, target{places[i], i})
	}
	if b := r.opts.ToBucket; b != nil {
		r.to = []target{{place{field: "ToBucket", bucket: b}, -1}}
	}
	if b := r.opts.FromBucket; b != nil {
		r.from = target{place{field: "FromBucket", bucket: b}, -1}
		return
	}
	if r.opts.From != nil {
		r.from = target{places[*r.opts.From], *r.opts.From}
		return
	}
	for _, d := range result.Destinations {
		if d.State == DestinationSaved && !slices.Contains(to, d.Index) {
			r.from = target{places[d.Index], d.Index}
			return
		}
	}
}

// redeliver checks what Redeliver is given.
func (v *validator) redeliver(job *Job, result *Result, opts *RedeliverOptions) {
	if job == nil || result == nil {
		v.invalid("", "give the job and its result")
		return
	}
	v.destination(&job.Output)
	v.subpath(job.OutSubpath)
	n := len(job.Output.places())
	index := func(at string, i int) {
		if i < 0 || i >= n {
			v.invalid(at, "is %d, and the job has %d destinations, counted from 0", i, n)
		}
	}
	for i, d := range result.Destinations {
		index(itemPath("destinations", i), d.Index)
	}
	for i, to := range opts.To {
		index(itemPath("To", i), to)
		if opts.From != nil && *opts.From == to || slices.Index(opts.To, to) < i {
			v.invalid(itemPath("To", i), "is the destination %d twice", to)
		}
	}
	if opts.From != nil {
		index("From", *opts.From)
	}
	if opts.ToBucket != nil && len(opts.To) > 0 || opts.FromBucket != nil && opts.From != nil {
		v.invalid("", "a Bucket and an index are given for the same end; give one")
	}
	if len(result.Files) == 0 {
		v.invalid("files", "is empty: there is nothing to copy")
	}
	for i, f := range result.Files {
		if err := storage.ValidateKey(f.Path); err != nil {
			v.invalid(itemPath("files", i), "%w", err)
		}
		if _, err := sumOf(&f); err != nil {
			v.invalid(itemPath("files", i), "has no SHA-256")
		}
	}
}

// deliver makes one destination whole.
func (r *redeliverer) deliver(ctx context.Context, to target, done *Redelivery) (DestinationResult, error) {
	ctx, end := r.engine.hooks.start(ctx, SpanRedeliver, slog.Int("destination", to.index), slog.Int("files", r.total))
	c := &copying{r: r, done: done, res: DestinationResult{Index: to.index, Name: to.name()}}
	err := c.run(ctx, &to)
	if err != nil && ctx.Err() != nil {
		err = canceledRedelivery(ctx)
	}
	c.finish(err)
	end(err, slog.Int64("bytes", c.copied))
	return c.res, err
}
