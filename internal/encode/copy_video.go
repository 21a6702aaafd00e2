//go:build cgo

package encode

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
	"github.com/rendition-sdk/rendition/packager"
)

// wireCopies connects the copies of video to their streams. A stream that
// nobody else wants is not decoded.
func (r *run) wireCopies() {
	for _, v := range r.spec.Video {
		if !v.Copy {
			continue
		}
		q := newQueue[*av.Packet](packetQueue)
		s := r.stream(v.Stream, v.Clip)
		s.copies = append(s.copies, q)
		r.spawn(func() error { return r.copyVideo(v, q) })
	}
}

// copyVideo passes coded pictures on as they are.
func (r *run) copyVideo(v *Video, in *queue[*av.Packet]) error {
	c := newVideoCopy(r, v)
	defer func() { c.torn.Free() }()
	err := in.each(r.ctx, c.take)
	if err != nil {
		return err
	}
	return c.finish()
}

// videoCopy is the state of copyVideo. Times are in ticks of the output.
type videoCopy struct {
	run    *run
	video  *Video
	info   *rendition.VideoInfo
	clock  copyClock
	config []byte
	out    *sampleOut

	torn    *av.Packet // the last packet, where it is damaged
	started bool
	cutOff  bool   // pictures before the first key frame were left out
	first   int64  // PTS of the first key frame
	keyPTS  int64  // PTS of the last one
	hidden  *int64 // PTS of the last picture behind the beginning that an edit list hides
	lastDTS int64
	// held are samples that are not to be shown, since they lie behind the end:
	// they are needed only when one to be shown follows. waiting is the sample before the
	// next one, which tells its length.
	held    []packager.Sample
	waiting *copySample
}

func newVideoCopy(r *run, v *Video) *videoCopy {
	c := &videoCopy{
		run: r, video: v, info: r.spec.Media.Streams[v.Stream].Video, config: r.in.Extradata(v.Stream),
		clock: newCopyClock(r.in.TimeBase(v.Stream), r.start),
	}
	if v.Codec == rendition.VP9 || v.Codec == rendition.VP8 {
		c.config = nil // what Matroska has is no configuration record; it is read from the first key frame
	}
	c.out = &sampleOut{run: r, writers: v.Writers, counter: &v.Counter, tick: 1 / float64(c.clock.timescale)}
	return c
}

// take owns p. A damaged packet waits for the next one: the last of a source
// that is cut off is a part of a picture, and is left out.
func (c *videoCopy) take(p *av.Packet) error {
	if before := c.torn; before != nil {
		c.torn = nil
		err := c.packet(before)
		before.Free()
		if err != nil {
			p.Free()
			return err
		}
	}
	if p.Corrupt() {
		c.torn = p
		return nil
	}
	defer p.Free()
	return c.packet(p)
}

func (c *videoCopy) packet(p *av.Packet) error {
	if p.PTS() == av.NoTimestamp {
		return c.refuse("the source does not say when all of its pictures are shown")
	}
	if !c.started && !p.Key() {
		c.cutOff = true // a recording that began in the middle: nothing can be decoded yet
		return nil
	}
	s := packager.Sample{
		PTS: c.clock.at(p.PTS()), Duration: c.clock.length(p.Duration()), Key: p.Key(), Data: p.Data(),
	}
	s.DTS = c.decodeTime(p, &s)
	if !c.started {
		if err := c.start(&s); err != nil {
			return err
		}
	}
	if c.cutOff && s.PTS < c.first {
		return nil // it refers to pictures that were left out
	}
	if err := c.check(p, &s); err != nil {
		return err
	}
	return c.clip(s, p.Hidden())
}

// decodeTime is the packet's, made to grow. Where it is missing it follows from
// the picture before.
func (c *videoCopy) decodeTime(p *av.Packet, s *packager.Sample) int64 {
	dts := s.PTS
	switch {
	case p.DTS() != av.NoTimestamp:
		dts = c.clock.at(p.DTS())
	case c.started:
		dts = min(dts, c.lastDTS+max(s.Duration, 1))
	case c.info.HasBFrames:
		dts -= 2 * s.Duration
	}
	if c.started && dts <= c.lastDTS {
		dts = c.lastDTS + 1
	}
	c.lastDTS = dts
	return dts
}

// start begins the output at its first key frame.
func (c *videoCopy) start(first *packager.Sample) error {
	if c.video.NoEdits && first.PTS+first.Duration/2 < 0 {
		return c.refuse("the source hides its first %s by an edit list, which hls and Matroska do not have", c.text(-first.PTS))
	}
	c.started, c.first, c.keyPTS = true, first.PTS, first.PTS
	return c.explain(c.out.start(c.track()))
}

// check refuses what a copy cannot carry on.
func (c *videoCopy) check(p *av.Packet, s *packager.Sample) error {
	if total := c.run.spec.Media.Duration; total > 0 && c.clock.seconds(s.PTS) > (total+maxOverrun).Seconds() {
		return beyondEnd("a frame", "shown", c.clock.seconds(s.PTS))
	}
	if config := p.NewConfig(); len(config) > 0 && len(c.config) > 0 && !bytes.Equal(config, c.config) {
		return c.refuse("the source's coding changes at %s, which a copy cannot say", c.text(s.PTS))
	}
	switch {
	case p.Hidden() && s.PTS >= 0:
		c.hidden = &s.PTS
	case c.hidden != nil && s.PTS > *c.hidden:
		return c.refuse("the source leaves out pictures at %s by an edit list, which a copy cannot do", c.text(*c.hidden))
	}
	if s.Key {
		c.keyPTS = s.PTS
	} else if c.video.Independent && s.PTS < c.keyPTS {
		return c.refuse("pictures before the key frame at %s follow it (an open group of pictures), so that no segment can begin there",
			c.text(c.keyPTS))
	}
	return nil
}

// clip leaves out what lies behind the end of the clip or of an edit list, but
// for pictures that others before the end are coded against.
func (c *videoCopy) clip(s packager.Sample, hidden bool) error {
	end := c.video.Clip.Duration
	if hidden && s.PTS >= 0 || end > 0 && c.clock.seconds(s.PTS) >= end.Seconds() {
		c.held = append(c.held, s)
		return nil
	}
	for _, h := range c.held {
		if err := c.write(copySample{h, !c.video.NoEdits}); err != nil {
			return err
		}
	}
	c.held = nil
	return c.write(copySample{s, false})
}

// copySample is a sample and whether it is not to be shown.
type copySample struct {
	packager.Sample
	unseen bool
}

// write gives out the sample before s, whose length is known now.
func (c *videoCopy) write(s copySample) error {
	before := c.waiting
	c.waiting = &s
	if before == nil {
		return nil
	}
	if before.Duration == 0 {
		before.Duration = s.DTS - before.DTS
	}
	return c.give(before)
}

func (c *videoCopy) finish() error {
	if c.waiting == nil {
		return c.refuse("the source's video has no key frame")
	}
	if c.waiting.Duration == 0 {
		c.waiting.Duration = c.frame()
	}
	return c.give(c.waiting)
}

func (c *videoCopy) give(s *copySample) error {
	if s.unseen {
		return c.explain(c.out.writeUnseen(s.Sample))
	}
	return c.explain(c.out.write(s.Sample))
}

// writeUnseen gives out a sample that is decoded for others and not shown.
func (o *sampleOut) writeUnseen(s packager.Sample) error {
	s.Duration = 0
	for _, w := range o.writers {
		if err := w.WriteSample(o.run.ctx, s); err != nil {
			return err
		}
	}
	o.counter.add(len(s.Data), 0)
	return nil
}

// frame is the usual length of a picture.
func (c *videoCopy) frame() int64 {
	if rate := c.info.FrameRate.Float64(); rate > 0 {
		return max(1, int64(math.Round(float64(c.clock.timescale)/rate)))
	}
	return 1
}

func (c *videoCopy) track() packager.Track {
	return packager.Track{
		Type: rendition.Video, Codec: c.video.Codec, Timescale: uint32(c.clock.timescale), Config: c.config,
		Width: c.video.Width, Height: c.video.Height, SampleAspect: c.info.SampleAspect, FrameRate: c.video.FrameRate,
		Rotation: c.info.Rotation, Color: c.info.Color, MasteringDisplay: c.info.MasteringDisplay, ContentLight: c.info.ContentLight,
		Default: true,
	}
}

// text prints a time for people.
func (c *videoCopy) text(ticks int64) string { return secondsText(c.clock.seconds(ticks)) }

func secondsText(s float64) string {
	return time.Duration(math.Round(s*1000) * float64(time.Millisecond)).String()
}

const opCopy = "encode: copy video"

// encodeInstead is the way out of every copy that does not fit.
const encodeInstead = `encode the picture instead: give a codec other than "copy"`

func (c *videoCopy) refuse(format string, args ...any) error {
	return &rendition.Error{
		Kind: rendition.InvalidInput, Op: opCopy, Key: c.run.spec.Source.Name(), Err: fmt.Errorf(format, args...), Hint: encodeInstead,
	}
}

// explain adds the way out to an error about the source's samples.
func (c *videoCopy) explain(err error) error {
	var e *rendition.Error
	if err == nil || rendition.KindOf(err) != rendition.InvalidInput || !errors.As(err, &e) {
		return err
	}
	return &rendition.Error{
		Kind: e.Kind, Fault: e.Fault, Op: opCopy, Key: c.run.spec.Source.Name(), Err: err, Hint: cmp.Or(e.Hint, encodeInstead),
	}
}
