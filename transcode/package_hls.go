package transcode

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/hls"
)

// maxSegmentBytes bounds what verification reads of one segment.
const maxSegmentBytes = packager.MaxSegmentBytes

// hlsPackage is an hls output being made. Its segments are published while the
// job encodes; nothing names them before its playlists come, at the end, or as
// they grow where the plan says so.
type hlsPackage struct {
	run    *jobRun
	plan   *HLSPackage
	writer *hls.Writer
	tracks map[string]*hlsTrack // by folder
	outs   []*renditionOut
}

func (r *jobRun) newHLS(p *HLSPackage, identity string) *hlsPackage {
	h := &hlsPackage{run: r, plan: p, tracks: map[string]*hlsTrack{}}
	sink := &folderSink{p: r.publisher, dir: p.Dir, output: p.Output, describe: h.describe}
	h.writer = hls.NewWriter(sink, &hls.Options{
		SegmentDuration: p.SegmentDuration, MasterName: path.Base(p.Master), Growing: p.Growing, Expect: p.expect(),
	})
	for i, t := range append(append([]HLSTrack{}, p.Video...), p.Audio...) {
		out := r.renditions[t.Rendition]
		w := &hlsTrack{
			hls: h, plan: t, order: i,
			stem: contentKey(identity, r.plan.Media, p.settings(r.plan, t.Rendition)...) + "_",
		}
		h.tracks[t.Name] = w
		h.outs = append(h.outs, out)
		out.copyIntoHLS(p)
		out.to(w, path.Join(p.Dir, t.Name, w.stem+"media.m3u8"))
	}
	return h
}

// expect announces all tracks.
func (h *HLSPackage) expect() []hls.ExpectedTrack {
	var list []hls.ExpectedTrack
	for _, t := range h.Video {
		list = append(list, hls.ExpectedTrack{Type: rendition.Video, Name: t.Name})
	}
	for _, t := range h.Audio {
		list = append(list, hls.ExpectedTrack{Type: rendition.Audio, Name: t.Name})
	}
	return list
}

// settings is what decides on the files of one track, for contentKey. A growing
// playlist has another type than one that comes at the end, and so another name.
func (h *HLSPackage) settings(plan *Plan, id string) []any {
	list := []any{plan.settings(id), h.SegmentDuration}
	if h.Growing {
		list = append(list, "growing")
	}
	return list
}

// settings returns the rendition with an ID, for contentKey.
func (p *Plan) settings(id string) any {
	for _, v := range p.Video {
		if v.ID == id {
			v.ID = ""
			return v
		}
	}
	for _, a := range p.Audio {
		if a.ID == id {
			a.ID = ""
			return a
		}
	}
	return nil
}

// describe says what a file of the presentation is by its name. When a growing
// multivariant playlist is written, codecs are still being found out.
func (h *hlsPackage) describe(f *PublishedFile, growing bool) {
	t := h.tracks[path.Base(path.Dir(f.Path))]
	switch {
	case f.Path == h.plan.Master && growing:
		f.Role = RoleMaster
	case f.Path == h.plan.Master:
		f.Role, f.Codecs = RoleMaster, codecList(h.outs)
	case path.Ext(f.Path) == ".m3u8":
		f.Role = RolePlaylist
	case path.Ext(f.Path) == ".mp4":
		f.Role = RoleInit
	default:
		f.Role = RoleSegment
	}
	if t != nil {
		f.Width, f.Height = t.track.Width, t.track.Height
	}
}

// prepare implements outputPackage: the last segments are written, then the
// first and the last of every track are read back from a destination and decoded.
func (h *hlsPackage) prepare(ctx context.Context) error {
	if err := h.writer.Flush(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, t := range h.writer.Result().Tracks {
		group.Go(func() error { return h.verify(ctx, &t) })
	}
	err := group.Wait()
	if errors.Is(err, errNotReadable) {
		h.run.task.warn(h.plan.Master + " was not verified: " + err.Error())
		return nil
	}
	return err
}

func (h *hlsPackage) verify(ctx context.Context, t *hls.TrackResult) error {
	out := h.run.renditions[h.tracks[t.Name].plan.Rendition]
	tol := frameTolerance(out)
	if diff := t.Duration - out.duration(); diff > tol || diff < -tol {
		return verified(t.Playlist, fmt.Errorf("its segments last %s instead of %s", t.Duration, out.duration()))
	}
	head, err := h.run.publisher.readAll(ctx, path.Join(h.plan.Dir, t.Init), maxSegmentBytes)
	if err != nil {
		return err
	}
	last := len(t.Segments) - 1
	if last > 0 {
		if err := h.verifySegments(ctx, t, 0, 0, head, tol); err != nil {
			return err
		}
	}
	return h.verifySegments(ctx, t, tailOf(t), last, head, tol)
}

// shortTail is how much sound must be decoded to hear any: a decoder swallows
// the first frame, and the last segment may hold no other.
const shortTail = 0.25

// tailOf is the first of the segments that are decoded to see how a track ends.
func tailOf(t *hls.TrackResult) int {
	last := len(t.Segments) - 1
	if t.Type == rendition.Audio && last > 0 && float64(t.Segments[last].Duration) < shortTail*float64(t.Timescale) {
		return last - 1
	}
	return last
}

// verifySegments decodes some segments in a row behind their init segment.
func (h *hlsPackage) verifySegments(ctx context.Context, t *hls.TrackResult, from, to int, head []byte, tol time.Duration) error {
	whole, ticks := bytes.Clone(head), int64(0)
	for _, s := range t.Segments[from : to+1] {
		data, err := h.run.publisher.readAll(ctx, path.Join(h.plan.Dir, s.Name), maxSegmentBytes)
		if err != nil {
			return err
		}
		if int64(len(data)) != s.Bytes {
			return verified(s.Name, fmt.Errorf("it has %d bytes instead of %d", len(data), s.Bytes))
		}
		whole = append(whole, data...)
		ticks += s.Duration
	}
	want := encode.Expect{Duration: time.Duration(float64(ticks) / float64(t.Timescale) * float64(time.Second)), Tolerance: tol}
	if from == 0 { // it counts from 0, also where the track begins later
		want.Duration -= h.run.renditions[h.tracks[t.Name].plan.Rendition].begin()
	}
	want.FirstOnly = to < len(t.Segments)-1 // the last one shows how the track ends
	if t.Type == rendition.Video {
		want.Video = 1
	} else {
		want.Audio = 1
	}
	name := t.Segments[to].Name
	err := verified(name, encode.Check(ctx, &readerSource{name: name, r: bytes.NewReader(whole), size: int64(len(whole))}, want))
	return verifiedCopy([]*renditionOut{h.run.renditions[h.tracks[t.Name].plan.Rendition]}, err)
}

// publish implements outputPackage.
func (h *hlsPackage) publish(ctx context.Context) error {
	if err := h.run.publisher.checkThere(ctx, h.plan.Dir); err != nil {
		return err
	}
	return h.writer.WriteMediaPlaylists(ctx)
}

// publishLast implements outputPackage.
func (h *hlsPackage) publishLast(ctx context.Context) error { return h.writer.WriteMultivariant(ctx) }

func (h *hlsPackage) close() {}

// hlsTrack is one rendition of a presentation.
type hlsTrack struct {
	hls   *hlsPackage
	plan  HLSTrack
	order int
	stem  string
	track packager.Track
	w     *hls.TrackWriter
}

// Start implements encode.SampleWriter.
func (t *hlsTrack) Start(ctx context.Context, track packager.Track) (err error) {
	track.Order, track.Default = t.order, t.plan.Default
	t.track = track
	opts := &hls.TrackOptions{Name: t.plan.Name, Stem: t.stem, Label: t.plan.Label}
	if out := t.hls.run.renditions[t.plan.Rendition]; out.video != nil {
		opts.PeakBitrate, opts.AverageBitrate = out.video.MaxBitrate, out.video.Bitrate
	} else {
		opts.PeakBitrate, opts.AverageBitrate = out.audio.Bitrate, out.audio.Bitrate
	}
	t.w, err = t.hls.writer.AddTrack(ctx, track, opts)
	return err
}

// WriteSample implements encode.SampleWriter.
func (t *hlsTrack) WriteSample(ctx context.Context, s packager.Sample) error {
	return t.w.WriteSample(ctx, s)
}

// EndSegment implements chunk.SegmentEnder.
func (t *hlsTrack) EndSegment(ctx context.Context, next packager.Sample) error {
	return t.w.EndSegment(ctx, next)
}
