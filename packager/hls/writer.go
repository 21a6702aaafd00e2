package hls

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/mp4"
)

// Writer makes one presentation. Tracks may be added at any time before Flush,
// and several goroutines may use it, each with its own TrackWriter.
//
// It writes to the sink in the order a reader needs: init segment, media
// segments, media playlists, multivariant playlist. Until the last one is
// there, nothing looks complete. After a failure the caller throws away what
// was written; the Writer holds nothing but memory.
//
// With Options.Growing it keeps that order for each segment: behind it the
// track's media playlist is written with one segment more, and behind that the
// multivariant playlist where it has a track more to name. A segment is listed
// when its duration is known, which takes the first samples of the next one. A
// media playlist stays open (without EXT-X-ENDLIST) until WriteMediaPlaylists
// lists the last segments, and is the same but for what was appended.
type Writer struct {
	sink packager.Sink
	opts *Options

	mu        sync.Mutex
	tracks    []*TrackWriter
	flushed   bool
	listed    bool
	playlists map[string]FileInfo // as they were written last, by name
	shown     int                 // tracks that the early multivariant playlist names
	showing   bool                // it is being written
}

// NewWriter returns a Writer. It writes nothing before the first segment.
func NewWriter(sink packager.Sink, opts *Options) *Writer {
	return &Writer{sink: sink, opts: opts.withDefaults(), playlists: map[string]FileInfo{}}
}

// AddTrack adds a track. Tracks are listed in the order of Track.Order, then as
// they were added; Track.Default marks the audio track a player begins with.
//
// Errors: InvalidJob for a description or name that cannot be written, a name
// that is taken, or a Writer that is flushed; InvalidInput for a Config that
// cannot be read; Unsupported for a codec MP4 has no place for; Quota over
// packager.MaxTracks; Canceled.
func (w *Writer) AddTrack(ctx context.Context, t packager.Track, opts *TrackOptions) (*TrackWriter, error) {
	const op = "hls: add track"
	if ctx.Err() != nil {
		return nil, canceled(ctx, op, "")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	tw := &TrackWriter{writer: w, track: t, number: len(w.tracks) + 1}
	if opts != nil {
		tw.opts = *opts
	}
	if tw.opts.Name == "" {
		tw.opts.Name = fmt.Sprintf("%s%d", t.Type, tw.number)
	}
	if tw.opts.Group == "" {
		tw.opts.Group = w.opts.AudioGroup
	}
	if err := w.check(tw); err != nil {
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: tw.opts.Name, Err: err}
	}
	if len(w.tracks) >= packager.MaxTracks {
		return nil, &rendition.Error{Kind: rendition.Quota, Op: op, Err: fmt.Errorf("more than %d tracks", packager.MaxTracks)}
	}
	frag, err := mp4.NewFragmenter(t, tw.number, nil)
	if err != nil {
		return nil, err
	}
	tw.frag = frag
	tw.grid = grid{step: w.opts.SegmentDuration, timescale: t.Timescale, index: 1}
	w.tracks = append(w.tracks, tw)
	return tw, nil
}

// maxSegmentSeconds is the longest Options.SegmentDuration.
const maxSegmentSeconds = 3600

func (w *Writer) check(tw *TrackWriter) error {
	d := w.opts.SegmentDuration
	name := tw.opts.Name + "/" + tw.opts.Stem + "init.mp4"
	switch {
	case w.flushed:
		return errors.New("the writer is flushed")
	case d.Num <= 0 || d.Den <= 0 || d.Num > maxSegmentSeconds*d.Den || d.Num > 1<<30 || d.Den > 1<<30 || d.Float64() < 0.1:
		return fmt.Errorf("the segment duration is %s seconds, not within 1/10 and %d", d, maxSegmentSeconds)
	case !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00"):
		return fmt.Errorf("%q is not a relative slash-separated path", name)
	case strings.Contains(tw.opts.Stem, "/"):
		return fmt.Errorf("the stem %q is not part of a file name", tw.opts.Stem)
	case !fs.ValidPath(w.opts.MasterName) || !fs.ValidPath(w.opts.MediaName) || strings.Contains(w.opts.MasterName+w.opts.MediaName, "/"):
		return errors.New("the playlist names are not file names")
	case w.opts.TargetDuration < 0 || w.opts.TargetDuration > maxSegmentSeconds:
		return fmt.Errorf("the target duration is %d seconds, not within 0 and %d", w.opts.TargetDuration, maxSegmentSeconds)
	case slices.ContainsFunc(w.opts.Expect, func(e ExpectedTrack) bool { return e.Name == "" }):
		return errors.New("an expected track has no name")
	case slices.ContainsFunc(w.tracks, func(t *TrackWriter) bool { return t.opts.Name == tw.opts.Name && t.opts.Stem == tw.opts.Stem }):
		return errors.New("another track has this name")
	}
	return nil
}

// Flush ends all tracks and writes their last segments. No WriteSample may run
// at the same time. Afterwards Result describes the segments. A second Flush does nothing.
//
// Errors: InvalidJob for a presentation without tracks, InvalidInput for a
// track without samples, Canceled, the first error of a track, and what the sink returns.
func (w *Writer) Flush(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.flush(ctx)
}

func (w *Writer) flush(ctx context.Context) error {
	const op = "hls: flush"
	if len(w.tracks) == 0 {
		return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Err: errors.New("the presentation has no tracks")}
	}
	if w.flushed {
		return nil
	}
	if ctx.Err() != nil {
		return canceled(ctx, op, "")
	}
	for _, t := range w.tracks {
		if err := t.flush(ctx); err != nil {
			return err
		}
	}
	w.flushed = true
	slices.SortStableFunc(w.tracks, func(a, b *TrackWriter) int { return a.track.Order - b.track.Order })
	return nil
}

// WriteMediaPlaylists writes the media playlist of every track, after Flush
// where that has not been called.
//
// Errors: those of Flush.
func (w *Writer) WriteMediaPlaylists(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.flush(ctx); err != nil {
		return err
	}
	if w.listed {
		return nil
	}
	for _, t := range w.tracks {
		info, err := t.writePlaylist(ctx, t.segments, false)
		if err != nil {
			return err
		}
		w.playlists[info.Name] = info
	}
	w.listed = true
	return nil
}

func (t *TrackWriter) playlistName() string { return t.file(t.writer.opts.MediaName) }

func (t *TrackWriter) playlist(list []Segment, open bool) *mediaPlaylist {
	p := &mediaPlaylist{
		initName: t.opts.Stem + "init.mp4", targetDuration: targetDuration(list, t.track.Timescale),
		durations: extinf(list, t.track.Timescale), event: t.writer.opts.Growing, open: open,
	}
	if p.event {
		p.targetDuration = t.writer.opts.targetDuration()
	}
	for _, s := range list {
		p.names = append(p.names, s.Name[len(t.opts.Name)+1:])
	}
	return p
}

// WriteMultivariant writes the multivariant playlist, which makes the
// presentation visible, after the media playlists where they are not written.
//
// Errors: those of WriteMediaPlaylists.
func (w *Writer) WriteMultivariant(ctx context.Context) error {
	if err := w.WriteMediaPlaylists(ctx); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []*entry
	for _, t := range w.tracks {
		list = append(list, t.entry(t.segments))
	}
	info, err := put(ctx, w.sink, w.opts.MasterName, encodeMultivariant(multivariant(w.opts, list)), playlistFile(false))
	if err != nil {
		return err
	}
	w.playlists[info.Name] = info
	return nil
}

// Finish is Flush, WriteMediaPlaylists and WriteMultivariant.
func (w *Writer) Finish(ctx context.Context) (*Result, error) {
	if err := w.WriteMultivariant(ctx); err != nil {
		return nil, err
	}
	return w.Result(), nil
}
