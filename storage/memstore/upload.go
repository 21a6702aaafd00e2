package memstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"sync"

	"github.com/rendition-sdk/rendition/storage/driver"
)

var (
	errMissing = fmt.Errorf("there is no such object: %w", fs.ErrNotExist)
	errFull    = errors.New("the memory store is full")
)

// upload keeps the parts until they become the object.
type upload struct {
	store *Store
	key   string
	info  driver.Info

	mu     sync.Mutex
	parts  map[int][]byte
	staged int64 // bytes of parts, counted against the quota
}

func (m *mem) NewUpload(ctx context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return &upload{store: m.Store, key: key, parts: map[int][]byte{}, info: driver.Info{
		ContentType: opts.ContentType, CacheControl: opts.CacheControl, Metadata: maps.Clone(opts.Metadata),
	}}, nil
}

func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := u.stage(part.Index, part.Size); err != nil {
		return err
	}
	data := make([]byte, part.Size)
	if _, err := io.ReadFull(part.Body, data); err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.parts[part.Index] = data
	return nil
}

// stage takes the quota for a part, once however often it is tried.
func (u *upload) stage(index int, size int64) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, again := u.parts[index]; again {
		return nil
	}
	u.store.mu.Lock()
	defer u.store.mu.Unlock()
	if err := u.store.grow(size); err != nil {
		return err
	}
	u.parts[index] = nil
	u.staged += size
	return nil
}

func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	data := u.parts[0]
	if len(u.parts) > 1 {
		data = make([]byte, 0, u.staged)
		for i := range len(u.parts) {
			data = append(data, u.parts[i]...)
		}
	}
	u.store.mu.Lock()
	defer u.store.mu.Unlock()
	return u.store.put(u.key, data, u.info), nil
}

func (u *upload) Abort(context.Context) error {
	u.store.mu.Lock()
	defer u.store.mu.Unlock()
	u.store.used -= u.staged
	u.staged, u.parts = 0, nil
	return nil
}
