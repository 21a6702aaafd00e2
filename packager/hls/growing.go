package hls

import (
	"context"
	"fmt"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// A growing media playlist is EXT-X-PLAYLIST-TYPE EVENT from its first version
// to its last, which only adds EXT-X-ENDLIST. It cannot become VOD: a server may
// append lines to a playlist and add EXT-X-ENDLIST, and nothing else of it may
// change (RFC 8216 clauses 4.3.3.5 and 6.2.1). Players take an EVENT playlist
// that has ended for one of VOD. So it also keeps EXT-X-START to its end. What is listed is final: the file is complete,
// the duration known, the target duration kept.

// grow lists the segment before the one in the making as soon as its end is
// known: when nothing that still comes can be shown before what begins this one.
// Decode times grow, and nothing is shown before it is decoded.
func (t *TrackWriter) grow(ctx context.Context, s *packager.Sample) error {
	switch {
	case !t.writer.opts.Growing || len(t.segments) == 0:
		return nil
	case t.listed == len(t.segments) && s.PTS < t.begin:
		return &rendition.Error{
			Kind: rendition.InvalidInput, Op: "hls: write sample", Key: t.opts.Name,
			Err:  fmt.Errorf("pts %d lies before segment %d, which begins at %d and follows one that is listed", s.PTS, t.listed+1, t.begin),
			Hint: "samples of a growing presentation must not have a pts before their dts",
		}
	case t.listed == len(t.segments) || s.DTS < t.start:
		return nil
	}
	t.begin = t.start
	return t.list(ctx, len(t.segments), t.segmentStart())
}

// list writes the media playlist with the first n segments, the last of which
// ends at end.
func (t *TrackWriter) list(ctx context.Context, n int, end int64) error {
	if err := t.settle(n, end); err != nil {
		return err
	}
	t.listed = n
	info, err := t.writePlaylist(ctx, t.segments[:n], true)
	if err != nil {
		return err
	}
	return t.writer.show(ctx, t, t.entry(t.segments[:n]), info)
}

// settle makes the durations of the first n segments final. One that is longer
// than the target duration, which a growing playlist has named already, is an
// error: players may stall on it (RFC 8216 clauses 4.3.3.1 and 6.2.1).
func (t *TrackWriter) settle(n int, end int64) error {
	fresh := t.segments[t.listed:n]
	settle(fresh, end)
	o := t.writer.opts
	if !o.Growing {
		return nil
	}
	for i := range fresh {
		if d := targetDuration(fresh[i:i+1], t.track.Timescale); d > o.targetDuration() {
			return &rendition.Error{
				Kind: rendition.InvalidInput, Op: "hls: list segment", Key: fresh[i].Name,
				Err:  fmt.Errorf("it lasts about %d seconds, longer than the target duration of %d", d, o.targetDuration()),
				Hint: "put key frames on the segment grid and leave no gaps, or raise TargetDuration, or do without Growing",
			}
		}
	}
	return nil
}

// writePlaylist writes the media playlist with the given segments; open says
// that more will come.
func (t *TrackWriter) writePlaylist(ctx context.Context, list []Segment, open bool) (FileInfo, error) {
	data, err := t.playlist(list, open).encode()
	if err != nil {
		return FileInfo{}, &rendition.Error{Kind: rendition.Internal, Op: "hls: write media playlist", Key: t.opts.Name, Err: err}
	}
	return put(ctx, t.writer.sink, t.playlistName(), data, playlistFile(open))
}
