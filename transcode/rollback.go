package transcode

import (
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// rollback takes back what this job wrote at every destination.
func (p *publisher) rollback(ctx context.Context) error {
	p.background.Wait()
	errs := make([]error, len(p.destinations))
	var all sync.WaitGroup
	for i, d := range p.destinations {
		if d.bucket == nil {
			continue
		}
		all.Go(func() {
			d.files.Wait()
			errs[i] = p.takeBack(ctx, d)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// takeBack takes back what this job wrote at a destination and nothing else: files
// that name others get their earlier contents again, then new files are removed, what
// names others first. It works although the job's context has ended, for a bounded
// time, and does nothing once it has succeeded. No file may be under way there.
func (p *publisher) takeBack(ctx context.Context, d *destination) error {
	d.mu.Lock()
	written, done := slices.Clone(d.written), d.undone
	d.mu.Unlock()
	if done || len(written) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	err := p.restore(ctx, d.bucket, d.earlier)
	if err == nil { // else what the new playlist names stays, or it would name nothing
		err = p.remove(ctx, d, written)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.undone, d.left = err == nil, err
	return err
}

// restore puts the earlier playlists and indexes back, what names others last:
// the segments of an earlier run are all there, but its media playlist may be
// one that this run began to grow under the same name.
func (p *publisher) restore(ctx context.Context, b *storage.Bucket, e *earlierRun) error {
	e.mu.Lock()
	replaced := maps.Clone(e.replaced)
	e.mu.Unlock()
	for _, name := range slices.Backward(p.namingFirst(slices.Sorted(maps.Keys(replaced)))) {
		old := replaced[name]
		if now, err := b.ReadAll(ctx, name, maxIndexBytes); err == nil && string(now) == string(old) {
			continue
		}
		if err := b.WriteAll(ctx, name, old, nil); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes what is new, but what a playlist at the destination names: it
// belongs to another run of the same job, which writes the same names.
func (p *publisher) remove(ctx context.Context, d *destination, names []string) error {
	masters := p.mastersOf(ctx, d.bucket, names)
	slices.Reverse(names)
	for _, name := range p.namingFirst(names) {
		if d.earlier.has(name) || named(masters, name) {
			continue
		}
		if err := d.bucket.Delete(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// namingFirst puts the multivariant playlists before the media playlists, and
// these before all else. The order of writing does not say it: what grows is
// written before the segments that it comes to name.
func (p *publisher) namingFirst(names []string) []string {
	rank := func(name string) int {
		switch {
		case slices.ContainsFunc(p.plan.HLS, func(h HLSPackage) bool { return h.Master == name }):
			return 0
		case path.Ext(name) == ".m3u8":
			return 1
		default:
			return 2
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

// mastersOf reads the multivariant playlists that other runs have published
// into the folders of this job, by folder. written is what this one has.
func (p *publisher) mastersOf(ctx context.Context, b *storage.Bucket, written []string) map[string]string {
	texts := map[string]string{}
	for _, h := range p.plan.HLS {
		if slices.Contains(written, h.Master) {
			continue // this job's own, or restored: then its keys protect what it names
		}
		if text, err := b.ReadAll(ctx, h.Master, maxIndexBytes); err == nil {
			texts[h.Dir] = string(text)
		}
	}
	return texts
}

// named reports whether a multivariant playlist names the media playlist that
// the file belongs to: both begin with the same folder and content key.
func named(masters map[string]string, name string) bool {
	for dir, text := range masters {
		rest, ok := strings.CutPrefix(name, dir)
		key, _, found := strings.Cut(path.Base(rest), "_")
		if ok && found && strings.Contains(text, path.Join(path.Dir(rest), key)+"_") {
			return true
		}
	}
	return false
}

// checkThere proves that every file written so far is still at the
// destinations, before a playlist names them: another run of the same job, which
// writes the same names, may have been canceled and have cleaned up.
func (p *publisher) checkThere(ctx context.Context, dir string) error {
	p.mu.Lock()
	files := slices.Clone(p.files)
	p.mu.Unlock()
	return p.everywhere(ctx, func(d *destination) error {
		if !d.earlier.listed {
			return nil
		}
		sizes := map[string]int64{}
		for obj, err := range d.bucket.List(ctx, &storage.ListOptions{Prefix: dir}) {
			if err != nil {
				return err
			}
			sizes[obj.Key] = obj.Size
		}
		for _, f := range files {
			if size, there := sizes[f.Path]; strings.HasPrefix(f.Path, dir) && (!there || size != f.Size) {
				return &rendition.Error{
					Kind: rendition.Integrity, Op: "transcode: verify", Key: f.Path, Fault: rendition.FaultDestination,
					Err:  errors.New("the file was removed or changed at the destination while the job ran"),
					Hint: "run the job again; do not run the same job twice at a time",
				}
			}
		}
		return nil
	})
}

// errNotReadable says that none of the destinations can be read at all.
var errNotReadable = errors.New("no destination can be read")

// readAll reads a published file back, from the first destination that gives it.
// That a store has no reading is no failure.
func (p *publisher) readAll(ctx context.Context, name string, limit int64) ([]byte, error) {
	for _, d := range p.destinations {
		if d.failed() != nil {
			continue
		}
		data, err := d.bucket.ReadAll(ctx, name, limit)
		if err == nil {
			return data, nil
		}
		if rendition.KindOf(err) == rendition.Unsupported {
			continue
		}
		if err := p.giveUp(ctx, d, err); err != nil {
			return nil, err
		}
	}
	if err := p.enough(); err != nil {
		return nil, err
	}
	return nil, errNotReadable
}
