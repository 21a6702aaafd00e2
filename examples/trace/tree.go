package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition/transcode"
)

// tree is a transcode.Tracer that remembers the spans.
type tree struct {
	mu    sync.Mutex
	roots []*span
}

type span struct {
	name     transcode.SpanName
	attrs    []slog.Attr
	children []*span
	began    time.Time
	took     time.Duration
	err      error
}

type spanKey struct{}

// Start implements transcode.Tracer.
func (t *tree) Start(ctx context.Context, name transcode.SpanName, attrs ...slog.Attr) (context.Context, func(error, ...slog.Attr)) {
	s := &span{name: name, attrs: attrs, began: time.Now()}
	t.mu.Lock()
	defer t.mu.Unlock()
	if parent, ok := ctx.Value(spanKey{}).(*span); ok {
		parent.children = append(parent.children, s)
	} else {
		t.roots = append(t.roots, s)
	}
	return context.WithValue(ctx, spanKey{}, s), func(err error, more ...slog.Attr) {
		t.mu.Lock()
		defer t.mu.Unlock()
		s.took, s.err = time.Since(s.began), err
		s.attrs = append(s.attrs, more...)
	}
}

// print writes the spans, each under the one that it lies in.
func (t *tree) print(w io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.roots {
		s.print(w, 0)
	}
}

func (s *span) print(w io.Writer, depth int) {
	fmt.Fprintf(w, "%8.3f s  %s%s", s.took.Seconds(), strings.Repeat("  ", depth), s.name)
	for _, a := range s.attrs {
		fmt.Fprintf(w, " %s=%s", a.Key, a.Value)
	}
	if s.err != nil {
		fmt.Fprintf(w, " failed: %v", s.err)
	}
	fmt.Fprintln(w)
	for _, child := range s.children {
		child.print(w, depth+1)
	}
}
