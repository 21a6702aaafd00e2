package transcode

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/sched"
	"github.com/rendition-sdk/rendition/probe"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/opener"
)

// Config are the options of New. A nil pointer means the defaults.
type Config struct {
	// Logger receives what happens, at level Debug and Warn. Default: discarded.
	Logger *slog.Logger
	// Opener opens the URLs and S3 locations of jobs. Default: opener.New, which
	// knows local paths, file:, mem:, http: and https:. The package storage/all
	// has one for everything.
	Opener *storage.Opener
	// MaxJobs is how many jobs run at a time; more wait in StateQueued. What runs of
	// them is decided chunk by chunk, by priority and fair share, so that more jobs
	// do not take more cores or memory for encoding. Default 4.
	MaxJobs int
	// MaxQueued is how many jobs may wait; Start refuses more with kind Busy.
	// Default 1000, -1 for any number.
	MaxQueued int
	// Workers is how many chunks of video are encoded at a time, over all jobs.
	// Default: as many as keep all cores busy (GOMAXPROCS, which follows the CPU
	// quota of a container) within MaxMemory. Outputs do not depend on it.
	Workers int
	// MaxMemory is about how many bytes encoders may take at a time, over all jobs;
	// a chunk that needs more by itself still runs, alone. Default half of the
	// machine's memory or of the container's limit, -1 for no limit.
	MaxMemory int64
	// Scratch is where finished chunks are kept, so that a job that was interrupted
	// and is run again encodes only what is missing: a path or any URL that Opener
	// knows. Several engines and machines may share it. Chunks of a job are removed
	// when it completes. Default: rendition/scratch in the user's cache folder;
	// "none" keeps nothing. A store that does not answer or is full is a warning, and
	// chunks are not kept.
	Scratch string
	// ScratchLimit is how many bytes are kept there; the oldest go first. Default
	// 50 GiB, -1 for no limit.
	ScratchLimit int64
	// RetryFor is how long each transfer to a destination is tried again, once the
	// job has begun to encode, while it fails with kind Unavailable. Default 2
	// minutes; -1 is as often as the Bucket does by itself (storage.Options). With
	// Destination.AtLeast a destination that takes nothing for as long (for 2 minutes
	// with -1) has failed.
	RetryFor time.Duration
	// TempDir holds encoded output that is too large for memory until it is
	// published, in files without a name. Default: the system's.
	TempDir string
	// SpoolMemory is how many bytes of each output are kept in memory before
	// TempDir is used. Default 32 MiB.
	SpoolMemory int64
	// Tracer is told of spans: jobs, chunks, uploads and what is around them.
	// Metrics is told of counts and durations. Default: nobody. docs/observe.md
	// has an example, the package otelhook both for OpenTelemetry.
	Tracer  Tracer
	Metrics Metrics
}

func (c *Config) withDefaults() *Config {
	d := Config{}
	if c != nil {
		d = *c
	}
	d.Logger = cmp.Or(d.Logger, slog.New(slog.DiscardHandler))
	if d.Opener == nil {
		d.Opener = opener.New(nil)
	}
	if d.MaxJobs <= 0 {
		d.MaxJobs = defaultMaxJobs
	}
	if d.MaxQueued == 0 {
		d.MaxQueued = defaultMaxQueued
	}
	if d.RetryFor == 0 {
		d.RetryFor = defaultRetryFor
	}
	return &d
}

// patient is a bucket whose transfers are tried again for RetryFor.
func (c *Config) patient(b *storage.Bucket) *storage.Bucket {
	if c.RetryFor > 0 {
		return b.RetryFor(c.RetryFor)
	}
	return b
}

// stallLimit is how long a destination may take nothing where others are enough.
func (c *Config) stallLimit() time.Duration {
	if c.RetryFor > 0 {
		return c.RetryFor
	}
	return defaultRetryFor
}

// Engine runs jobs. It is safe for concurrent use and holds nothing that must
// be closed: when all its tasks have ended, nothing of it runs.
type Engine struct {
	cfg *Config
	// jobs says which jobs run, work which of their chunks.
	jobs, work *sched.Scheduler
	scratch    *scratchPlace
	intake     intake
	hooks      *hooks
}

// New returns an engine.
func New(cfg *Config) *Engine {
	c := cfg.withDefaults()
	return &Engine{
		cfg:     c,
		jobs:    sched.New(&sched.Options{Slots: c.MaxJobs, Memory: -1}),
		work:    sched.New(&sched.Options{Slots: c.Workers, Memory: c.MaxMemory}),
		scratch: newScratchPlace(c),
		hooks:   newHooks(c),
		intake:  intake{limit: c.MaxQueued, tasks: map[*Task]bool{}},
	}
}

// RunOptions are the options of Start and Run. A nil pointer means the defaults.
type RunOptions struct {
	// OnEvent is called for every event, in order, from one goroutine that the
	// job does not wait for except at its end. It must not call Wait.
	OnEvent func(Event)
	// Priority decides which job comes first, the higher one; a running job of
	// lower priority finishes the chunks it is at. Default 0.
	Priority int
	// Weight is the job's share of the cores among running jobs of its priority.
	// Default 1.
	Weight float64
}

// Run starts job and waits for its end. When ctx ends first, the job is
// canceled, cleaned up, and the error is of Kind Canceled.
func (e *Engine) Run(ctx context.Context, job *Job, opts *RunOptions) (*Result, error) {
	t, err := e.Start(ctx, job, opts)
	if err != nil {
		return nil, err
	}
	return t.Wait()
}

// Start validates job and begins it. ctx covers the job's whole life: when it
// ends, the job is canceled. An error of Kind InvalidJob reports every problem
// of the job; nothing has then been opened or written. Kind Busy: more jobs wait
// than Config.MaxQueued, or the engine is being drained.
func (e *Engine) Start(ctx context.Context, job *Job, opts *RunOptions) (*Task, error) {
	if err := job.Validate(); err != nil {
		return nil, err
	}
	t := newTask(ctx, e, job, opts)
	if err := e.intake.enter(t); err != nil {
		t.abandon()
		return nil, err
	}
	go t.main(t.ctx) //nolint:contextcheck // newTask derived it from ctx
	return t, nil
}

// Plan probes the job's source and says what a run would do, without doing it.
func (e *Engine) Plan(ctx context.Context, job *Job) (*Plan, error) {
	if err := job.Validate(); err != nil {
		return nil, err
	}
	src, done, err := e.openInput(ctx, job)
	if err != nil {
		return nil, err
	}
	defer done()
	media, err := probe.Probe(ctx, src)
	if err != nil {
		return nil, err
	}
	return NewPlan(job, media)
}

// openInput finds the job's source; done releases what was opened for it.
func (e *Engine) openInput(ctx context.Context, job *Job) (src rendition.Source, done func(), err error) {
	if job.Input.Source != nil {
		return job.Input.Source, func() {}, nil
	}
	field, url := "input.url", job.Input.URL
	if s3 := job.Input.S3; s3 != nil {
		field, url = "input.s3", s3.url()
		if err := knowsS3(e.cfg.Opener); err != nil {
			return nil, nil, inField(field, err)
		}
	}
	bucket, key, err := e.cfg.Opener.OpenObject(ctx, url)
	if err != nil {
		return nil, nil, inField(field, err)
	}
	return bucket.Source(key), func() { _ = bucket.Close() }, nil
}

const (
	defaultMaxJobs   = 4
	defaultMaxQueued = 1000
	defaultRetryFor  = 2 * time.Minute
)

// progressInterval is how often progress is reported.
const progressInterval = 200 * time.Millisecond
