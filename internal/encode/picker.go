//go:build cgo

package encode

import (
	"time"

	"github.com/rendition-sdk/rendition/internal/av"
)

// picker chooses the frames of a set of stills from decoded frames in display
// order: the key frame at or before each time, or the frame itself where exact
// is asked for or the key frame is too far away to stand for it.
type picker struct {
	times []time.Duration
	exact bool
	near  time.Duration // how far a key frame may be before its time
	next  int           // index of the next time
	key   held
	any   held
}

// held is a frame kept until a later one shows that it is the right one.
type held struct {
	frame *av.Frame
	at    time.Duration
}

func (h *held) set(f *av.Frame, at time.Duration) error {
	ref, err := f.Ref()
	if err != nil {
		return err
	}
	h.frame.Free()
	h.frame, h.at = ref, at
	return nil
}

func newPicker(s *Stills) *picker {
	return &picker{times: s.Times, exact: s.Exact, near: nearness(s.Times)}
}

// nearness is how far before its time a key frame may lie to stand for it:
// half the distance of the stills, so that no two show the same picture for
// lack of a key frame between them.
func nearness(times []time.Duration) time.Duration {
	if len(times) < 2 {
		return 2 * time.Second
	}
	near := times[1] - times[0]
	for i := 2; i < len(times); i++ {
		near = min(near, times[i]-times[i-1])
	}
	return near / 2
}

// done reports that every still has been taken.
func (p *picker) done() bool { return p.next >= len(p.times) }

// frame looks at the frame shown from at on; f stays the caller's.
func (p *picker) frame(f *av.Frame, at time.Duration, take func(int, *av.Frame) error) error {
	for !p.done() && p.times[p.next] < at {
		if err := p.take(f, take); err != nil {
			return err
		}
	}
	if p.done() {
		return nil
	}
	if err := p.any.set(f, at); err != nil {
		return err
	}
	if f.Key() {
		return p.key.set(f, at)
	}
	return nil
}

// flush takes what is left from the last frames.
func (p *picker) flush(take func(int, *av.Frame) error) error {
	for !p.done() && p.any.frame != nil {
		if err := p.take(p.any.frame, take); err != nil {
			return err
		}
	}
	return nil
}

// take gives the best frame for the next time, fallback where there is none before it.
func (p *picker) take(fallback *av.Frame, take func(int, *av.Frame) error) error {
	at, f := p.times[p.next], fallback
	switch {
	case !p.exact && p.key.frame != nil && at-p.key.at <= p.near:
		f = p.key.frame
	case p.any.frame != nil:
		f = p.any.frame
	}
	p.next++
	return take(p.next-1, f)
}

func (p *picker) close() {
	p.key.frame.Free()
	p.any.frame.Free()
}
