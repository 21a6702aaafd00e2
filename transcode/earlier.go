package transcode

import (
	"context"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// earlierRun is what one bucket held under the job's names before the job, which
// never removes it.
type earlierRun struct {
	// listed says that keys is all there was; else they are looked up one by one.
	listed bool

	mu   sync.Mutex
	keys map[string]bool
	// replaced are the old contents of files that name others.
	replaced map[string][]byte
}

// lookAround notes what an earlier run left under the names this plan uses.
func lookAround(ctx context.Context, b *storage.Bucket, plan *Plan) (*earlierRun, error) {
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
				return nil, err
			}
			e.keys[obj.Key] = true
		}
	}
	return e, nil
}

// remember notes what a bucket holds at a path that is about to be written.
// What cannot be found out counts as there: it is not this job's to remove.
func (e *earlierRun) remember(ctx context.Context, b *storage.Bucket, name string, role FileRole) {
	there := e.has(name)
	if !e.listed {
		_, err := b.Stat(ctx, name)
		there = rendition.KindOf(err) != rendition.NotFound
	}
	if !there {
		return
	}
	var old []byte
	if role == RoleMaster || role == RolePlaylist || role == RoleVTT {
		old, _ = b.ReadAll(ctx, name, maxIndexBytes) // nil, which is not put back, when it cannot be read
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.keys[name] = true
	if old != nil {
		e.replaced[name] = old
	}
}

// has reports whether a path was there before the job.
func (e *earlierRun) has(name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.keys[name]
}

// maxIndexBytes is the largest playlist or index that is kept for being put back.
const maxIndexBytes = 4 << 20
