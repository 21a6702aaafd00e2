package memstore

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// Options are those of a Store. The zero value is good.
type Options struct {
	// MaxBytes is the quota: objects and unfinished uploads together. A write
	// that would exceed it fails with kind Quota. Default 0, no limit.
	MaxBytes int64
	// Name is what messages call the store. Default "mem://".
	Name string
	// Now is the clock of modification times. Default time.Now.
	Now func() time.Time
	// Bucket are the options of the Bucket; its Name is that of this struct.
	Bucket *storage.Options
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.Name == "" {
		c.Name = "mem://"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &c
}

// New returns a Bucket over a new, empty Store.
func New(opts *Options) *storage.Bucket { return NewStore(opts).Bucket() }

// Store is the memory itself. Several Buckets may use one; it lives as long as
// something refers to it. It is safe for concurrent use.
type Store struct {
	opts *Options

	mu      sync.RWMutex
	objects map[string]*object
	used    int64 // bytes of objects and unfinished uploads
	version int64 // of the newest object
}

type object struct {
	data []byte // never changed once stored
	info driver.Info
}

// NewStore returns an empty Store.
func NewStore(opts *Options) *Store {
	return &Store{opts: opts.withDefaults(), objects: map[string]*object{}}
}

// Bucket returns a Bucket over the store. Closing it leaves the objects.
func (s *Store) Bucket() *storage.Bucket {
	var o storage.Options
	if s.opts.Bucket != nil {
		o = *s.opts.Bucket
	}
	o.Name = s.opts.Name
	return storage.NewBucket(&mem{s}, &o)
}

// Used is the number of bytes that count against MaxBytes.
func (s *Store) Used() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.used
}

// grow takes n bytes of the quota, or gives them back when n is negative.
func (s *Store) grow(n int64) error {
	if s.opts.MaxBytes > 0 && n > 0 && s.used+n > s.opts.MaxBytes {
		return &driver.Error{Kind: rendition.Quota, Err: errFull, Hint: "delete objects or raise MaxBytes"}
	}
	s.used += n
	return nil
}

// put stores an object whose bytes count already.
func (s *Store) put(key string, data []byte, info driver.Info) *driver.Info {
	if old := s.objects[key]; old != nil {
		s.used -= int64(len(old.data))
	}
	s.version++
	info.Key, info.Size, info.ModTime = key, int64(len(data)), s.opts.Now()
	info.ETag = `"` + strconv.FormatInt(s.version, 36) + `"`
	s.objects[key] = &object{data: data, info: info}
	return &info
}

// mem is the driver.
type mem struct{ *Store }

var _ interface {
	driver.Driver
	driver.Copier
} = (*mem)(nil)

func (*mem) Capabilities() driver.Capabilities {
	return driver.Capabilities{
		AtomicReplace: true, ServerCopy: true, ContentType: true, UserMetadata: true, ConsistentList: true,
	}
}

func (*mem) Classify(err error) rendition.Kind { return driver.DefaultKind(err) }

func (*mem) Close() error { return nil }

func (m *mem) get(ctx context.Context, key string) (*object, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if o := m.objects[key]; o != nil {
		return o, nil
	}
	return nil, errMissing
}

func (m *mem) OpenRange(ctx context.Context, key string, off, length int64, _ *driver.ReadOptions) (*driver.Body, error) {
	o, err := m.get(ctx, key)
	if err != nil {
		return nil, err
	}
	data := o.data[min(off, o.info.Size):]
	if length >= 0 {
		data = data[:min(length, int64(len(data)))]
	}
	return &driver.Body{ReadCloser: io.NopCloser(bytes.NewReader(data)), Info: o.info, Length: int64(len(data))}, nil
}

func (m *mem) Stat(ctx context.Context, key string) (*driver.Info, error) {
	o, err := m.get(ctx, key)
	if err != nil {
		return nil, err
	}
	info := o.info
	return &info, nil
}

func (m *mem) Delete(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if o := m.objects[key]; o != nil {
		m.used -= int64(len(o.data))
		delete(m.objects, key)
	}
	return nil
}

func (m *mem) Copy(ctx context.Context, dst, src string) error {
	o, err := m.get(ctx, src)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.grow(o.info.Size); err != nil {
		return err
	}
	m.put(dst, o.data, o.info)
	return nil
}

func (m *mem) ListPage(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	page := &driver.ListPage{}
	for _, key := range slices.Sorted(maps.Keys(m.objects)) {
		if !strings.HasPrefix(key, req.Prefix) {
			continue
		}
		info := m.objects[key].info
		if req.Delimiter != "" {
			if dir, _, found := strings.Cut(key[len(req.Prefix):], req.Delimiter); found {
				info = driver.Info{Key: req.Prefix + dir + req.Delimiter, IsPrefix: true}
			}
		}
		// The token is the last key of the page before: what sorts up to it has been listed.
		if info.Key <= req.PageToken {
			continue
		}
		if n := len(page.Objects); n > 0 && page.Objects[n-1].Key == info.Key {
			continue
		}
		if len(page.Objects) == req.PageSize {
			page.NextPageToken = page.Objects[req.PageSize-1].Key
			break
		}
		page.Objects = append(page.Objects, info)
	}
	return page, nil
}
