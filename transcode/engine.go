package transcode

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/probe"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/opener"
)

// Config are the options of New. A nil pointer means the defaults.
type Config struct {
	// Logger receives what happens, at level Debug and Warn. Default: discarded.
	Logger *slog.Logger
	// Opener opens the URLs of jobs. Default: opener.New, which knows local
	// paths, file:, mem:, http: and https:.
	Opener *storage.Opener
	// MaxJobs is how many jobs run at a time; more wait in StateQueued. One job
	// uses all cores. Default 1.
	MaxJobs int
	// TempDir holds encoded output that is too large for memory until it is
	// published, in files without a name. Default: the system's.
	TempDir string
	// SpoolMemory is how many bytes of each output are kept in memory before
	// TempDir is used. Default 32 MiB.
	SpoolMemory int64
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
	d.MaxJobs = max(d.MaxJobs, 1)
	return &d
}

// Engine runs jobs. It is safe for concurrent use and holds nothing that must
// be closed: when all its tasks have ended, nothing of it runs.
type Engine struct {
	cfg   *Config
	slots chan struct{}
}

// New returns an engine.
func New(cfg *Config) *Engine {
	c := cfg.withDefaults()
	return &Engine{cfg: c, slots: make(chan struct{}, c.MaxJobs)}
}

// RunOptions are the options of Start and Run. A nil pointer means the defaults.
type RunOptions struct {
	// OnEvent is called for every event, in order, from one goroutine that the
	// job does not wait for except at its end. It must not call Wait.
	OnEvent func(Event)
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
// of the job; nothing has then been opened or written.
func (e *Engine) Start(ctx context.Context, job *Job, opts *RunOptions) (*Task, error) {
	if err := job.Validate(); err != nil {
		return nil, err
	}
	t := newTask(ctx, e, job, opts)
	go t.main()
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
	if job.Input.S3 != nil {
		return nil, nil, errNoS3("input.s3")
	}
	bucket, key, err := e.cfg.Opener.OpenObject(ctx, job.Input.URL)
	if err != nil {
		return nil, nil, inField("input.url", err)
	}
	return bucket.Source(key), func() { _ = bucket.Close() }, nil
}

// progressInterval is how often progress is reported.
const progressInterval = 200 * time.Millisecond
