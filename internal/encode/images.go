//go:build cgo

package encode

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/rendition-sdk/rendition/internal/av"
)

// runImages serves jobs that want images alone: it goes from still to still by
// seeking, and decodes as little as it can.
func runImages(ctx context.Context, spec *Spec) (*Stats, error) {
	stats := &Stats{Streams: map[int]*StreamStats{}}
	for _, s := range spec.Stills {
		err := withInput(ctx, spec, s.Stream, stats, func(d *seeker) error { return d.stills(s) })
		if err != nil {
			return stats, canceled(ctx, err)
		}
	}
	for _, a := range spec.Animations {
		err := withInput(ctx, spec, a.Stream, stats, func(d *seeker) error { return d.animation(a) })
		if err != nil {
			return stats, canceled(ctx, err)
		}
	}
	return stats, nil
}

// canceled prefers the reason that the work was stopped for.
func canceled(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// seeker reads one video stream from place to place.
type seeker struct {
	*run
	stream int
	dec    *av.Decoder
	pkt    *av.Packet
	// pos is the last frame that was decoded on from a key frame, negative for
	// none; rest are the frames that came out of the decoder together with it.
	pos  time.Duration
	rest []shown
}

// shown is a frame and when it is shown.
type shown struct {
	frame *av.Frame
	at    time.Duration
}

func withInput(ctx context.Context, spec *Spec, stream int, stats *Stats, f func(*seeker) error) error {
	in, err := av.OpenInput(ctx, spec.Source, &av.InputOptions{Logger: spec.Logger})
	if err != nil {
		return err
	}
	defer in.Close()
	r := newRun(ctx, spec, in)
	defer func() { _ = r.group.Wait() }() // releases the group's context
	for i := range in.Streams() {
		if i != stream {
			in.Discard(i)
		}
	}
	dec, err := in.NewDecoder(stream, av.DecoderOptions{Threads: decoderThreads(&spec.Media.Streams[stream])})
	if err != nil {
		return err
	}
	defer dec.Close()
	d := &seeker{run: r, stream: stream, dec: dec, pkt: av.NewPacket(), pos: -1}
	defer d.pkt.Free()
	defer d.lose()
	err = f(d)
	st := &StreamStats{Frames: dec.Frames(), Errors: dec.Errors(), LastError: dec.LastError()}
	stats.Streams[stream] = st
	stats.BytesRead += in.BytesRead()
	return err
}

// seek goes to the key frame at or before t.
func (d *seeker) seek(t time.Duration) error {
	d.lose()
	if err := d.in.SeekKey(d.stream, d.start+t); err != nil {
		return err
	}
	d.dec.Reset()
	return nil
}

// lose drops what the decoder knows of the current place.
func (d *seeker) lose() {
	for _, s := range d.rest {
		s.frame.Free()
	}
	d.pos, d.rest = -1, nil
}

// frames decodes from here on until visit returns false or the source ends. The
// frame for which it did so is the first one of the next call.
func (d *seeker) frames(visit func(*av.Frame, time.Duration) (bool, error)) error {
	tb := d.dec.TimeBase()
	more := true
	show := func(s shown) (err error) {
		if more {
			more, err = visit(s.frame, s.at)
		}
		if more || err != nil {
			d.pos = s.at
			s.frame.Free()
			return err
		}
		d.rest = append(d.rest, s)
		return nil
	}
	emit := func(f *av.Frame) error { return show(shown{f, d.time(tb, f.PTS())}) }
	rest := d.rest
	d.rest = nil
	for i, s := range rest {
		if err := show(s); err != nil {
			d.rest = rest[i+1:]
			return err
		}
	}
	for more {
		if d.ctx.Err() != nil {
			return context.Cause(d.ctx)
		}
		if err := d.spec.gate(d.ctx); err != nil {
			return err
		}
		err := d.in.ReadPacket(d.pkt)
		if errors.Is(err, io.EOF) {
			if err = d.dec.Decode(nil, emit); more {
				d.lose() // there is nothing to go on with
			}
			return err
		}
		if err != nil {
			return err
		}
		if d.pkt.Stream() == d.stream {
			err = d.dec.Decode(d.pkt, emit)
		}
		d.pkt.Unref()
		if err != nil {
			return err
		}
	}
	return nil
}

// keyFrame reads on to the next key frame and returns it without waiting for
// the decoder's delay; nil at the end of the source.
func (d *seeker) keyFrame() (found *av.Frame, at time.Duration, err error) {
	keep := func(f *av.Frame) error {
		if found != nil {
			f.Free()
			return nil
		}
		found, at = f, d.time(d.dec.TimeBase(), f.PTS())
		return nil
	}
	for found == nil {
		if d.ctx.Err() != nil {
			return nil, 0, context.Cause(d.ctx)
		}
		if err := d.spec.gate(d.ctx); err != nil {
			return nil, 0, err
		}
		err := d.in.ReadPacket(d.pkt)
		if errors.Is(err, io.EOF) {
			return nil, 0, nil
		}
		if err != nil {
			return nil, 0, err
		}
		if d.pkt.Stream() == d.stream && d.pkt.Key() {
			if err = d.dec.Decode(d.pkt, keep); err == nil {
				err = d.dec.Decode(nil, keep)
			}
			d.dec.Reset()
		}
		d.pkt.Unref()
		if err != nil {
			found.Free()
			return nil, 0, err
		}
	}
	return found, at, nil
}

// stillsInOnePass serves sources that cannot seek, from still number first on.
func (d *seeker) stillsInOnePass(s *Stills, w *stillWriter, first int) error {
	p := newPicker(s)
	defer p.close()
	p.next = first
	err := d.frames(func(f *av.Frame, at time.Duration) (bool, error) {
		err := p.frame(f, at, w.still)
		return err == nil && !p.done(), err
	})
	if err != nil {
		return err
	}
	if err := p.flush(w.still); err != nil {
		return err
	}
	return w.finish()
}

// animation decodes the clip of a preview.
func (d *seeker) animation(a *Animation) error {
	w := newAnimationWriter(d.run, a)
	defer w.close()
	if a.Clip.Start > 0 && d.spec.Media.Seekable {
		if err := d.seek(a.Clip.Start); err != nil {
			d.log.Warn("cannot seek in the source, reading it from its beginning", "error", err)
		}
	}
	err := d.frames(func(f *av.Frame, at time.Duration) (bool, error) {
		return !w.done(at), w.frame(f, at)
	})
	if err != nil {
		return err
	}
	return w.finish()
}
