package hls

import (
	"context"
	"fmt"
	"math"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/mp4"
)

// TrackWriter takes the samples of one track and writes its segments. It is for
// one goroutine at a time; several TrackWriters of a Writer work side by side.
type TrackWriter struct {
	writer *Writer
	track  packager.Track
	opts   TrackOptions
	number int
	frag   *mp4.Fragmenter
	grid   grid

	segments  []Segment
	files     []FileInfo
	start     int64 // first presentation time in the segment in the making
	end       int64 // last presentation end so far
	firstPTS  int64
	samples   int64
	closed    bool
	err       error
	initBytes int64

	// Of a growing presentation.
	listed int    // segments in the playlist, whose durations are final
	begin  int64  // where the segment in the making begins, once that is final
	shown  *entry // guarded by writer.mu; nil before the first segment is listed
}

// WriteSample appends a sample. When it begins a new segment, the one before is
// written to the sink before WriteSample returns, the first time behind the
// init segment. After an error every further call returns it.
//
// Errors: InvalidInput for a sample that cannot stand in the track (the Key
// names the track and the time), Quota for a segment over
// packager.MaxSegmentBytes, Canceled, InvalidJob after Flush, and what the sink
// returns. With Options.Growing also InvalidInput for a segment that is longer
// than the target duration, and the playlists are written before it returns.
func (t *TrackWriter) WriteSample(ctx context.Context, s packager.Sample) error {
	const op = "hls: write sample"
	switch {
	case t.err != nil:
		return t.err
	case t.closed:
		return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: t.opts.Name, Hint: "the track was flushed already"}
	case ctx.Err() != nil:
		return canceled(ctx, op, t.opts.Name)
	}
	if err := t.write(ctx, &s); err != nil {
		t.err = err
		return err
	}
	return nil
}

// EndSegment says what the next sample will be, of which Data is not looked at, and
// that nothing which comes from there on is shown before it. A segment that ends there
// is then written, and in a growing presentation listed, now instead of when that
// sample comes. Where no segment ends it does nothing.
//
// Errors: those of WriteSample.
func (t *TrackWriter) EndSegment(ctx context.Context, next packager.Sample) error {
	switch {
	case t.err != nil:
		return t.err
	case t.closed || !t.cuts(&next):
		return nil
	case ctx.Err() != nil:
		return canceled(ctx, "hls: end segment", t.opts.Name)
	}
	t.err = t.writeSegment(ctx, &next.DTS)
	if t.err == nil && t.writer.opts.Growing {
		t.start, t.begin = next.PTS, next.PTS
		t.err = t.list(ctx, len(t.segments), t.segmentStart())
	}
	return t.err
}

func (t *TrackWriter) write(ctx context.Context, s *packager.Sample) error {
	if t.cuts(s) {
		if err := t.writeSegment(ctx, &s.DTS); err != nil {
			return err
		}
	}
	if err := t.frag.Add(*s); err != nil {
		return err
	}
	if t.frag.Len() == 1 {
		t.start = s.PTS
		t.grid.pass(s.PTS + t.tolerance(s))
	}
	if t.samples == 0 {
		t.firstPTS, t.end = s.PTS, s.PTS+s.Duration
	}
	t.samples++
	t.start, t.firstPTS = min(t.start, s.PTS), min(t.firstPTS, s.PTS)
	t.end = max(t.end, s.PTS+s.Duration)
	return t.grow(ctx, s)
}

// cuts says whether s begins a new segment.
func (t *TrackWriter) cuts(s *packager.Sample) bool {
	if t.frag.Len() == 0 || (t.track.Type == rendition.Video && !s.Key) {
		return false
	}
	return s.PTS+t.tolerance(s) >= t.grid.next()
}

// tolerance is how far before a boundary a key frame may lie and still begin
// its segment: half a frame, as timestamps are rounded on their way. Audio
// frames are not tied to the grid and have none.
func (t *TrackWriter) tolerance(s *packager.Sample) int64 {
	if t.track.Type != rendition.Video {
		return 0
	}
	return min(s.Duration, int64(t.track.Timescale)) / 2
}

// writeSegment writes what was gathered; next is the DTS of the sample that
// follows, nil at the end.
func (t *TrackWriter) writeSegment(ctx context.Context, next *int64) error {
	if len(t.segments) == 0 {
		data, err := t.frag.InitSegment()
		if err != nil {
			return err
		}
		if err := t.put(ctx, t.file("init.mp4"), data); err != nil {
			return err
		}
		t.initBytes = int64(len(data))
	}
	if len(t.segments) >= maxSegments {
		return &rendition.Error{
			Kind: rendition.Quota, Op: "hls: write segment", Key: t.opts.Name,
			Err: fmt.Errorf("more than %d segments", maxSegments), Hint: "use a longer segment duration",
		}
	}
	samples := t.frag.Len()
	data, err := t.frag.MediaSegment(next)
	if err != nil {
		return err
	}
	name := t.file(fmt.Sprintf("%05d.m4s", len(t.segments)+1))
	if err := t.put(ctx, name, data); err != nil {
		return err
	}
	t.segments = append(t.segments, Segment{Name: name, Start: t.segmentStart(), Bytes: int64(len(data)), Samples: samples})
	t.start = math.MaxInt64
	// A segment so short that the end of the one before was open until now. At
	// the end of the track the last playlist lists both.
	if n := len(t.segments) - 1; t.writer.opts.Growing && t.listed < n && next != nil {
		return t.list(ctx, n, t.segments[n].Start)
	}
	return nil
}

// segmentStart is where the segment that is being written begins on the
// playlist's timeline. The first one begins at 0 when the track begins within
// it, before or after, so that all playlists share one timeline.
func (t *TrackWriter) segmentStart() int64 {
	if len(t.segments) == 0 && t.start < (&grid{step: t.grid.step, timescale: t.track.Timescale}).at(1) {
		return 0
	}
	return max(0, t.start)
}

func (t *TrackWriter) file(name string) string { return t.opts.Name + "/" + t.opts.Stem + name }

// put writes a whole init or media segment.
func (t *TrackWriter) put(ctx context.Context, name string, data []byte) error {
	opts := &packager.FileOptions{ContentType: "audio/mp4", Immutable: true}
	if t.track.Type == rendition.Video {
		opts.ContentType = "video/mp4"
	}
	info, err := put(ctx, t.writer.sink, name, data, opts)
	if err == nil {
		t.files = append(t.files, info)
	}
	return err
}

// flush ends the track.
func (t *TrackWriter) flush(ctx context.Context) error {
	if t.err != nil || t.closed {
		return t.err
	}
	if t.frag.Len() > 0 {
		if err := t.writeSegment(ctx, nil); err != nil {
			t.err = err
			return err
		}
	}
	if len(t.segments) == 0 {
		return &rendition.Error{Kind: rendition.InvalidInput, Op: "hls: finish track", Key: t.opts.Name, Hint: "the track has no samples"}
	}
	if t.err = t.settle(len(t.segments), t.end); t.err != nil {
		return t.err
	}
	t.closed = true
	return nil
}

// maxSegments is the number of segments of one track.
const maxSegments = 1_000_000
