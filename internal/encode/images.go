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
	d := &seeker{run: r, stream: stream, dec: dec, pkt: av.NewPacket()}
	defer d.pkt.Free()
	err = f(d)
	st := &StreamStats{Frames: dec.Frames(), Errors: dec.Errors(), LastError: dec.LastError()}
	stats.Streams[stream] = st
	stats.BytesRead += in.BytesRead()
	return err
}

// seek goes to the key frame at or before t.
func (d *seeker) seek(t time.Duration) error {
	if err := d.in.SeekKey(d.stream, d.start+t); err != nil {
		return err
	}
	d.dec.Reset()
	return nil
}

// frames decodes from here on until visit returns false or the source ends.
func (d *seeker) frames(visit func(*av.Frame, time.Duration) (bool, error)) error {
	tb := d.dec.TimeBase()
	more := true
	emit := func(f *av.Frame) (err error) {
		defer f.Free()
		if more {
			more, err = visit(f, d.time(tb, f.PTS()))
		}
		return err
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
			return d.dec.Decode(nil, emit)
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

// stills takes each still from the key frame before it, or decodes on to it.
func (d *seeker) stills(s *Stills) error {
	w := newStillWriter(d.ctx, s, d.spec.Media.Streams[s.Stream].Video, d.log)
	defer w.close()
	near := nearness(s.Times)
	for i, t := range s.Times {
		if !d.spec.Media.Seekable || d.seek(t) != nil {
			return d.stillsInOnePass(s, w, i)
		}
		done, err := d.nearKey(s, w, i, near)
		if err != nil {
			return err
		}
		if done {
			continue
		}
		if err := d.seek(t); err != nil {
			return err
		}
		if err := d.decodeTo(s, w, i); err != nil {
			return err
		}
	}
	return w.finish()
}

// nearKey takes still i from the key frame at the current place, if it will do.
func (d *seeker) nearKey(s *Stills, w *stillWriter, i int, near time.Duration) (bool, error) {
	if s.Exact {
		return false, nil
	}
	f, at, err := d.keyFrame()
	if err != nil || f == nil {
		return false, err
	}
	defer f.Free()
	if at > s.Times[i] && i > 0 || s.Times[i]-at > near {
		return false, nil
	}
	return true, w.still(i, f)
}

// decodeTo decodes from the current place to still i's time and takes it.
func (d *seeker) decodeTo(s *Stills, w *stillWriter, i int) error {
	p := newPicker(&Stills{Times: s.Times[i : i+1], Exact: true})
	defer p.close()
	take := func(_ int, f *av.Frame) error { return w.still(i, f) }
	err := d.frames(func(f *av.Frame, at time.Duration) (bool, error) {
		err := p.frame(f, at, take)
		return err == nil && !p.done(), err
	})
	if err != nil {
		return err
	}
	return p.flush(take)
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
