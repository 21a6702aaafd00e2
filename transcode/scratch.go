package transcode

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/internal/scratch"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/filestore"
)

// scratchNone is the Config.Scratch that keeps nothing.
const scratchNone = "none"

// scratchPlace is an engine's scratch store: open while jobs run, so that the
// engine holds nothing between them.
type scratchPlace struct {
	cfg *Config

	mu      sync.Mutex
	users   int
	bucket  *storage.Bucket
	store   *scratch.Store
	cleaned bool
}

func newScratchPlace(cfg *Config) *scratchPlace { return &scratchPlace{cfg: cfg} }

// open returns the store, nil for none or one that cannot be reached; done must be
// called when the job ends. An error says that Config.Scratch cannot work at all.
func (p *scratchPlace) open(ctx context.Context) (store *scratch.Store, done func(), err error) {
	if p.cfg.Scratch == scratchNone {
		return nil, func() {}, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.users == 0 {
		if p.bucket, err = p.openBucket(ctx); err != nil {
			if ctx.Err() != nil || misconfigured(err) {
				return nil, nil, err
			}
			p.cfg.Logger.Warn("the scratch store cannot be reached: if the job is interrupted, it begins again", "error", err)
			return nil, func() {}, nil
		}
		p.store = scratch.New(p.bucket, &scratch.Options{Limit: p.cfg.ScratchLimit, Logger: p.cfg.Logger})
	}
	p.users++
	return p.store, p.done, nil
}

// misconfigured reports whether opening the store can never succeed as it was asked for.
func misconfigured(err error) bool {
	switch rendition.KindOf(err) {
	case rendition.InvalidJob, rendition.Unsupported, rendition.Exists:
		return true
	default:
		return false
	}
}

func (p *scratchPlace) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.users--; p.users == 0 {
		_ = p.bucket.Close() // everything in it is committed
		p.bucket, p.store = nil, nil
	}
}

func (p *scratchPlace) openBucket(ctx context.Context) (*storage.Bucket, error) {
	if p.cfg.Scratch != "" {
		b, err := p.cfg.Opener.OpenBucket(ctx, p.cfg.Scratch)
		return b, inField("Config.Scratch", err)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir() // a service without a home
	}
	return filestore.Open(ctx, filepath.Join(dir, "rendition", "scratch"), &filestore.Options{Sync: true, DirMode: 0o700, FileMode: 0o600})
}

// clear removes a completed job's chunks, and once in an engine's life what
// others have left for too long. A failure costs room on the disk and no more.
func (p *scratchPlace) clear(ctx context.Context, store *scratch.Store, res *chunk.Result) {
	if store == nil {
		return
	}
	p.mu.Lock()
	first := !p.cleaned
	p.cleaned = true
	p.mu.Unlock()
	err := store.Remove(ctx, res.Keys...)
	if err == nil && first {
		_, err = store.Clean(ctx, nil)
	}
	if err != nil && ctx.Err() == nil {
		p.cfg.Logger.Warn("the scratch store could not be cleaned", "error", err)
	}
}
