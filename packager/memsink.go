package packager

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/rendition-sdk/rendition"
)

// MemSink is a Sink that keeps its files in memory, for tests and for hosts
// that serve them from there. The zero value is empty and ready; it must not be copied.
type MemSink struct {
	mu      sync.Mutex
	files   map[string][]byte
	options map[string]FileOptions
	order   []string
}

// Create begins a file. Errors: InvalidJob for a name that is not a relative
// slash path, Canceled.
func (s *MemSink) Create(ctx context.Context, name string, opts *FileOptions) (File, error) {
	const op = "packager: create file"
	if err := checkName(op, name); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, canceled(ctx, op, name)
	}
	f := &memFile{ctx: ctx, sink: s, name: name}
	if opts != nil {
		f.opts = *opts
	}
	return f, nil
}

// Bytes returns the content of a committed file, nil if there is none. The
// caller must not change it.
func (s *MemSink) Bytes(name string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[name]
}

// Options returns the hints a committed file was created with.
func (s *MemSink) Options(name string) FileOptions {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.options[name]
}

// Names returns the names of the committed files, sorted.
func (s *MemSink) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.files))
}

// Order returns the names of the files in the order they were committed.
func (s *MemSink) Order() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.order)
}

func (s *MemSink) commit(f *memFile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files, s.options = map[string][]byte{}, map[string]FileOptions{}
	}
	s.files[f.name], s.options[f.name] = f.data.Bytes(), f.opts
	s.order = append(s.order, f.name)
}

type memFile struct {
	ctx  context.Context
	sink *MemSink
	name string
	opts FileOptions
	data bytes.Buffer
	done bool
}

func (f *memFile) Write(p []byte) (int, error) {
	const op = "packager: write file"
	if f.ctx.Err() != nil {
		return 0, canceled(f.ctx, op, f.name)
	}
	if f.done {
		return 0, &rendition.Error{Kind: rendition.Internal, Op: op, Key: f.name, Err: errors.New("the file is closed")}
	}
	return f.data.Write(p)
}

func (f *memFile) Close() error {
	if f.done {
		return nil
	}
	f.done = true
	if f.ctx.Err() != nil {
		return canceled(f.ctx, "packager: commit file", f.name)
	}
	f.sink.commit(f)
	return nil
}

func (f *memFile) Abort() error {
	f.done = true
	return nil
}
