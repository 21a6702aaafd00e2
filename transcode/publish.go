package transcode

import (
	"cmp"
	"context"
	"encoding/hex"
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
	task    *Task
	plan    *Plan
	buckets []*storage.Bucket
	closers []io.Closer

	mu    sync.Mutex
	files []PublishedFile
	index map[string]int // of files, by path
	// earlier is what each bucket held before this job, which it never removes.
	earlier []*earlierRun
	// written are the paths this job created or may have created, each once, in
	// the order of their first writing.
	written []string
	known   map[string]bool // the same as a set
}

// earlierRun is what one bucket held under the job's names before the job.
type earlierRun struct {
	// listed says that keys is all there was; else they are looked up one by one.
	listed bool
	keys   map[string]bool
	// replaced are the old contents of files that name others.
	replaced map[string][]byte
}

// openPublisher opens the job's destinations.
func (r *jobRun) openPublisher(ctx context.Context) (*publisher, error) {
	p := &publisher{task: r.task, plan: r.plan, index: map[string]int{}, known: map[string]bool{}}
	dest := r.job.Output
	switch {
	case dest.Bucket != nil:
		p.buckets = []*storage.Bucket{dest.Bucket}
	case dest.S3 != nil:
		return nil, errNoS3("output.s3")
	default:
		urls := dest.URLs
		if dest.URL != "" {
			urls = append([]string{dest.URL}, urls...)
		}
		for _, u := range urls {
			b, err := r.engine.cfg.Opener.OpenBucket(ctx, u)
			if err != nil {
				p.close()
				return nil, inField("output", destinationFault(err))
			}
			p.buckets = append(p.buckets, b)
			p.closers = append(p.closers, b)
		}
	}
	if sub := strings.Trim(r.job.OutSubpath, "/"); sub != "" {
		for i, b := range p.buckets {
			p.buckets[i] = b.Prefix(sub + "/")
		}
	}
	if err := p.lookAround(ctx, r.plan); err != nil {
		p.close()
		return nil, err
	}
	if d := r.engine.cfg.RetryFor; d > 0 {
		for i, b := range p.buckets {
			p.buckets[i] = b.RetryFor(d) // from now on there is work to lose
		}
	}
	return p, nil
}

// lookAround notes what an earlier run left under the names this plan uses.
func (p *publisher) lookAround(ctx context.Context, plan *Plan) error {
	for _, b := range p.buckets {
		e := &earlierRun{listed: true, keys: map[string]bool{}, replaced: map[string][]byte{}}
		for _, prefix := range plan.prefixes() {
			for obj, err := range b.List(ctx, &storage.ListOptions{Prefix: prefix}) {
				if kind := rendition.KindOf(err); kind == rendition.Unsupported || kind == rendition.Permission {
					e.listed = false
					break
				}
				if rendition.KindOf(err) == rendition.NotFound {
					break
				}
				if err != nil {
					return destinationFault(err)
				}
				e.keys[obj.Key] = true
			}
		}
		p.earlier = append(p.earlier, e)
	}
	return nil
}

// remember notes what a bucket holds at a path that is about to be written.
// What cannot be found out counts as there: it is not this job's to remove.
func (e *earlierRun) remember(ctx context.Context, b *storage.Bucket, name string, role FileRole) {
	if !e.listed {
		_, err := b.Stat(ctx, name)
		e.keys[name] = rendition.KindOf(err) != rendition.NotFound
	}
	if !e.keys[name] || (role != RoleMaster && role != RolePlaylist && role != RoleVTT) {
		return
	}
	if old, err := b.ReadAll(ctx, name, maxIndexBytes); err == nil {
		e.replaced[name] = old
	}
}

// maxIndexBytes is the largest playlist or index that is kept for being put back.
const maxIndexBytes = 4 << 20

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
	for _, c := range p.closers {
		_ = c.Close()
	}
}

// create begins a file at every destination. info is completed and recorded
// when the file is closed.
func (p *publisher) create(ctx context.Context, info PublishedFile, opts storage.WriterOptions) (*publishedFile, error) {
	ctx, end := p.task.engine.hooks.start(ctx, SpanUpload, slog.String("path", info.Path), slog.Int("destinations", len(p.buckets)))
	p.begin(ctx, &info)
	f := &publishedFile{p: p, info: info, uploaded: p.uploaded(ctx, end)}
	opts.ContentType = info.ContentType
	for _, b := range p.buckets {
		w, err := b.NewWriter(ctx, info.Path, &opts)
		if err != nil {
			return nil, errors.Join(f.failed(err), f.Abort())
		}
		f.writers = append(f.writers, w)
	}
	return f, nil
}

// begin notes a path before its first writing, and what was there before.
func (p *publisher) begin(ctx context.Context, info *PublishedFile) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known[info.Path] {
		return // what is there now is this job's own
	}
	p.known[info.Path] = true
	p.written = append(p.written, info.Path)
	for i, b := range p.buckets {
		p.earlier[i].remember(ctx, b, info.Path, info.Role)
	}
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

// publishedFile is one file on its way to every destination.
type publishedFile struct {
	p       *publisher
	info    PublishedFile
	growing bool // it will be written again
	writers []*storage.Writer
	// uploaded tells the hooks how it ended; err is why it failed, so far.
	uploaded func(size int64, err error)
	err      error
}

// Write implements io.Writer.
func (f *publishedFile) Write(b []byte) (int, error) {
	for _, w := range f.writers {
		if _, err := w.Write(b); err != nil {
			return 0, f.failed(err)
		}
	}
	return len(b), nil
}

// Close commits the file everywhere.
func (f *publishedFile) Close() error {
	for _, w := range f.writers {
		if err := w.Close(); err != nil {
			return errors.Join(f.failed(err), f.Abort())
		}
	}
	if len(f.writers) > 0 {
		f.info.Size = f.writers[0].Size()
		f.info.SHA256 = hex.EncodeToString(f.writers[0].SHA256())
	}
	f.uploaded(f.info.Size, nil)
	f.p.record(f.info, f.growing)
	return nil
}

// Abort throws the file away.
func (f *publishedFile) Abort() error {
	var errs []error
	for _, w := range f.writers {
		errs = append(errs, w.Abort())
	}
	f.uploaded(0, cmp.Or(f.err, errGivenUp))
	return errors.Join(errs...)
}

// failed keeps why the file could not be written.
func (f *publishedFile) failed(err error) error {
	f.err = destinationFault(err)
	return f.err
}

// errGivenUp is why the upload of a file ended that was not at fault itself.
var errGivenUp = errors.New("the job gave the file up")

// uploaded returns a function that tells the hooks, once, how an upload ended.
func (p *publisher) uploaded(ctx context.Context, end func(error, ...slog.Attr)) func(int64, error) {
	var once sync.Once
	return func(size int64, err error) {
		once.Do(func() {
			if err != nil {
				end(err)
				return
			}
			h := p.task.engine.hooks
			h.add(ctx, CounterFiles, 1)
			h.add(ctx, CounterWritten, float64(size)*float64(len(p.buckets)))
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
		w.CacheControl = "public, max-age=31536000, immutable"
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

// destinationFault marks a storage error as one of the destination.
func destinationFault(err error) error {
	var e *rendition.Error
	if err == nil || !errors.As(err, &e) || e.Kind == rendition.Canceled {
		return err
	}
	return &rendition.Error{Kind: e.Kind, Op: "transcode: publish", Err: err, Fault: rendition.FaultDestination, Hint: publishHint(e.Kind)}
}

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
