package hls

import (
	"context"
	"slices"

	"github.com/rendition-sdk/rendition"
)

// show notes that a track's media playlist is written, and writes the
// multivariant playlist when there is something new to name. One goroutine
// writes at a time; the others leave their news and go on, so that no track
// waits for another one's sink. After a failure nothing more is shown.
func (w *Writer) show(ctx context.Context, t *TrackWriter, e *entry, info FileInfo) error {
	if busy := w.note(t, e, info); busy {
		return nil // the one that writes looks again when it is done
	}
	for {
		data := w.early()
		if data == nil {
			return nil
		}
		info, err := put(ctx, w.sink, w.opts.MasterName, data, playlistFile(true))
		if err != nil {
			return err
		}
		w.mu.Lock()
		w.playlists[info.Name] = info
		w.mu.Unlock()
	}
}

// note keeps a track's news and takes on the writing, unless it is being done.
func (w *Writer) note(t *TrackWriter, e *entry, info FileInfo) (busy bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.playlists[info.Name] = info
	t.shown = e
	busy, w.showing = w.showing, true
	return busy
}

// early returns the next multivariant playlist; nil when it would name nothing
// new, and then the writing is over.
func (w *Writer) early() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.begun()
	if len(list) <= w.shown {
		w.showing = false
		return nil
	}
	w.shown = len(list)
	return encodeMultivariant(multivariant(w.opts, promised(list)))
}

// promised are the tracks with the bandwidths of what is promised and what is
// measured so far, whichever is larger.
func promised(list []*entry) []*entry {
	out := make([]*entry, len(list))
	for i, e := range list {
		c := *e
		c.average = max(c.average, c.opts.AverageBitrate)
		c.peak = max(c.peak, c.opts.PeakBitrate, c.average)
		out[i] = &c
	}
	return out
}

// begun are the tracks that the early multivariant playlist names: those with
// a media playlist, but audio only when its whole group has begun (the members
// of a group must not differ between versions or groups, RFC 8216 clause
// 4.3.4.1.1), and a picture that has sound only together with it.
func (w *Writer) begun() []*entry {
	pending := map[string]bool{} // audio groups of which a track is still to begin
	var video, audio bool        // there is to be some
	for _, e := range w.expected() {
		video = video || e.Type == rendition.Video
		if e.Type == rendition.Audio {
			audio = true
			pending[e.Group] = pending[e.Group] || !w.hasBegun(e.Name)
		}
	}
	var list []*entry
	var pictures, sounds int
	for _, t := range w.tracks {
		switch {
		case t.shown == nil:
			continue
		case t.track.Type == rendition.Video:
			pictures++
		case pending[t.opts.Group]:
			continue
		default:
			sounds++
		}
		list = append(list, t.shown)
	}
	if video && pictures == 0 || audio && sounds == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b *entry) int { return a.track.Order - b.track.Order })
	return list
}

// expected are all tracks that were announced or added.
func (w *Writer) expected() []ExpectedTrack {
	list := slices.Clone(w.opts.Expect)
	for _, t := range w.tracks {
		list = append(list, ExpectedTrack{Type: t.track.Type, Name: t.opts.Name, Group: t.opts.Group})
	}
	return list
}

// hasBegun reports whether a track of that name is listed.
func (w *Writer) hasBegun(name string) bool {
	return slices.ContainsFunc(w.tracks, func(t *TrackWriter) bool { return t.opts.Name == name && t.shown != nil })
}
