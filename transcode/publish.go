package transcode

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/storage"
)

// cleanupTimeout bounds the removal of what a failed job wrote.
const cleanupTimeout = 30 * time.Second

// publisher writes the files of one job to its destinations and knows how to
// take them back. It is safe for concurrent use.
type publisher struct {
	task         *Task
	plan         *Plan
	destinations []*destination
	// need is how many of them must be good.
	need int
	// stall is how long one may take nothing; 0 is for ever.
	stall time.Duration
	// background is what ends at destinations that were given up.
	background sync.WaitGroup

	mu    sync.Mutex
	files []PublishedFile
	index map[string]int // of files, by path
}

// prefixes are the beginnings of all paths that the plan publishes.
func (p *Plan) prefixes() []string {
	var list []string
	for _, f := range p.Files {
		list = append(list, f.Path)
	}
	for _, h := range p.HLS {
		list = append(list, h.Dir)
	}
	for _, t := range p.Thumbnails {
		list = append(list, t.Dir)
	}
	for _, a := range p.Animations {
		list = append(list, a.Path)
	}
	return list
}

func (p *publisher) close() {
	p.background.Wait()
	for _, d := range p.destinations {
		d.close()
	}
}

// create begins a file at every destination. info is completed and recorded
// when the file is closed.
func (p *publisher) create(ctx context.Context, info PublishedFile, opts storage.WriterOptions) (*publishedFile, error) {
	ctx, end := p.task.engine.hooks.start(ctx, SpanUpload, slog.String("path", info.Path), slog.Int("destinations", p.good()))
	f := &publishedFile{p: p, ctx: ctx, info: info, uploaded: p.uploaded(ctx, end)}
	opts.ContentType = info.ContentType
	f.join()
	if err := f.open(opts); err != nil {
		return nil, errors.Join(err, f.Abort())
	}
	return f, nil
}

// put publishes a small file.
func (p *publisher) put(ctx context.Context, info PublishedFile, data []byte) error {
	f, err := p.create(ctx, info, storage.WriterOptions{})
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Abort())
	}
	return f.Close()
}

// copyFrom publishes what src holds.
func (p *publisher) copyFrom(ctx context.Context, info PublishedFile, src io.Reader) error {
	f, err := p.create(ctx, info, storage.WriterOptions{})
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, src); err != nil {
		return errors.Join(err, f.Abort())
	}
	return f.Close()
}

// record adds a file that is now published, or its new version. Of those of a
// growing file the first is told and the last.
func (p *publisher) record(info PublishedFile, growing bool) {
	p.mu.Lock()
	i, again := p.index[info.Path]
	if again {
		p.files[i] = info
	} else {
		p.index[info.Path] = len(p.files)
		p.files = append(p.files, info)
	}
	p.mu.Unlock()
	if !again || !growing {
		p.task.events.add(PublishedEvent{File: info})
	}
}

// sorted returns all files by output and path.
func (p *publisher) sorted() []PublishedFile {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := slices.Clone(p.files)
	slices.SortStableFunc(list, func(a, b PublishedFile) int {
		if a.Output != b.Output {
			return a.Output - b.Output
		}
		return strings.Compare(a.Path, b.Path)
	})
	return list
}

// uploaded returns a function that tells the hooks, once, how an upload ended.
func (p *publisher) uploaded(ctx context.Context, end func(error, ...slog.Attr)) func(int64, int, error) {
	var once sync.Once
	return func(size int64, copies int, err error) {
		once.Do(func() {
			if err != nil {
				end(err)
				return
			}
			h := p.task.engine.hooks
			h.add(ctx, CounterFiles, 1)
			h.add(ctx, CounterWritten, float64(size)*float64(copies))
			end(nil, slog.Int64("bytes", size))
		})
	}
}

// folderSink is a publisher as the sink of one HLS presentation.
type folderSink struct {
	p      *publisher
	dir    string
	output int
	// describe completes what is known of a file by its name.
	describe func(info *PublishedFile, growing bool)
}

// Create implements packager.Sink.
func (s *folderSink) Create(ctx context.Context, name string, opts *packager.FileOptions) (packager.File, error) {
	info := PublishedFile{Output: s.output, Path: path.Join(s.dir, name)}
	w := storage.WriterOptions{}
	if opts == nil {
		opts = &packager.FileOptions{}
	}
	info.ContentType = opts.ContentType
	switch {
	case opts.Immutable:
		w.CacheControl = cacheImmutable
	case opts.Growing:
		w.CacheControl = "no-cache"
	}
	s.describe(&info, opts.Growing)
	f, err := s.p.create(ctx, info, w)
	if err != nil {
		return nil, err
	}
	f.growing = opts.Growing
	return f, nil
}

// cacheImmutable is the cache control of what never changes under its name.
const cacheImmutable = "public, max-age=31536000, immutable"

func publishHint(k rendition.Kind) string {
	switch k {
	case rendition.Quota:
		return "make room at the destination, then run the job again"
	case rendition.Permission:
		return "check that the job may write to the destination"
	case rendition.Unavailable:
		return "the destination does not answer; run the job again later"
	default:
		return ""
	}
}
