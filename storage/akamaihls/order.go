package akamaihls

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// maxFailed bounds what is remembered of files that did not arrive: the oldest are out of every playlist by then.
const maxFailed = 10_000

// order knows which files are on their way and which did not arrive.
type order struct {
	patience time.Duration

	mu      sync.Mutex
	flights map[string]*flight
	failed  map[string]bool
}

func newOrder(patience time.Duration) *order {
	return &order{patience: patience, flights: map[string]*flight{}, failed: map[string]bool{}}
}

// flight is one file on its way.
type flight struct {
	order *order
	key   string
	over  chan struct{} // closed at its end
	once  sync.Once
}

func (o *order) begin(key string) *flight {
	f := &flight{order: o, key: key, over: make(chan struct{})}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flights[key] = f
	return f
}

func (f *flight) end(arrived bool) {
	f.once.Do(func() {
		o := f.order
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.flights[f.key] == f {
			delete(o.flights, f.key)
		}
		switch {
		case arrived:
			delete(o.failed, f.key)
		case len(o.failed) < maxFailed:
			o.failed[f.key] = true
		}
		close(f.over)
	})
}

// wait returns when all that a playlist names has arrived, as far as this process writes it.
func (o *order) wait(ctx context.Context, playlist, text string) error {
	timer := time.NewTimer(o.patience)
	defer timer.Stop()
	for _, key := range named(playlist, text) {
		o.mu.Lock()
		f := o.flights[key]
		o.mu.Unlock()
		if f != nil {
			select {
			case <-f.over:
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-timer.C:
				return notThere(key, "is still on its way")
			}
		}
		o.mu.Lock()
		failed := o.failed[key]
		o.mu.Unlock()
		if failed {
			return notThere(key, "has not arrived")
		}
	}
	return nil
}

func notThere(key, why string) error {
	return &driver.Error{
		Kind: rendition.Unavailable, Err: fmt.Errorf("the playlist names %q, which %s", key, why),
		Hint: "write the segment again, then the playlist",
	}
}

func isPlaylist(key string) bool {
	ext := strings.ToLower(path.Ext(key))
	return ext == ".m3u8" || ext == ".m3u"
}

// named are the keys of what a playlist names: segments, keys, initialization sections, other playlists (RFC 8216
// section 4). What lies elsewhere is left out.
func named(playlist, text string) []string {
	base := &url.URL{Path: "/" + playlist}
	var keys []string
	add := func(ref string) {
		u, err := url.Parse(ref)
		if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || u.Path[0] == '/' {
			return
		}
		key := strings.TrimPrefix(base.ResolveReference(u).Path, "/")
		if key != playlist {
			keys = append(keys, key)
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			add(line)
			continue
		}
		for rest := line; ; {
			_, after, found := strings.Cut(rest, `URI="`)
			if !found {
				break
			}
			ref, tail, closed := strings.Cut(after, `"`)
			if !closed {
				break
			}
			add(ref)
			rest = tail
		}
	}
	return keys
}
