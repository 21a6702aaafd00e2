package chunk

import (
	"context"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition/internal/encode"
)

// sound makes all sound in one pass: cut sound clicks. A pass that fails is
// done again from its beginning, and what is written by then is not written
// twice.
func (r *run) sound() error {
	if len(r.o.Spec.Audio) == 0 {
		return nil
	}
	s := *r.o.Spec
	s.Video, s.Stills, s.Animations, s.Audio, s.Gate = nil, nil, nil, nil, r.soundGate
	var replays []*replay
	for _, a := range r.o.Spec.Audio {
		p := &replay{ctx: r.ctx, writers: a.Writers, counter: &a.Counter}
		replays = append(replays, p)
		s.Audio = append(s.Audio, a.WithWriters(p))
	}
	return r.pass(soundPass, func() error {
		for _, p := range replays {
			p.attempt()
		}
		stats, err := encode.Run(r.ctx, &s)
		r.soundStats = stats
		if slices.ContainsFunc(replays, func(p *replay) bool { return p.failed }) {
			return final(err)
		}
		for i := 0; err == nil && i < len(replays); i++ {
			err = final(replays[i].complete())
		}
		return err
	})
}

// soundLead is how far sound may be ahead of the picture while somebody watches: then
// the cores are wanted for the picture.
const soundLead = 30 * time.Second

// soundGate is the gate of the sound's pass.
func (r *run) soundGate(ctx context.Context) error {
	if err := r.o.Turns.Gate(ctx); err != nil || !r.o.LowestFirst {
		return err
	}
	for {
		r.mu.Lock()
		more := r.more
		r.mu.Unlock()
		if r.soundAhead() < soundLead {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// soundAhead is how far the sound is ahead of the picture that is furthest; nothing
// when that is at its end.
func (r *run) soundAhead() time.Duration {
	var sound, picture time.Duration
	for _, a := range r.o.Spec.Audio {
		sound = max(sound, a.Counter.Duration())
	}
	for _, t := range r.tracks {
		if t.over.Load() {
			return 0
		}
		picture = max(picture, t.video.Counter.Duration())
	}
	return sound - picture
}

// progressed wakes who waits for the picture.
func (r *run) progressed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.more)
	r.more = make(chan struct{})
}

// images takes stills and previews from the key frames they are near. Those that
// were taken before a failure are not taken twice.
func (r *run) images() error {
	if len(r.o.Spec.Stills)+len(r.o.Spec.Animations) == 0 {
		return nil
	}
	s := *r.o.Spec
	s.Video, s.Audio, s.Stills, s.Animations = nil, nil, nil, nil
	for _, st := range r.o.Spec.Stills {
		s.Stills = append(s.Stills, st.WithHandlers(
			onlyNew(func(ctx context.Context, i int, data []byte) error {
				defer st.Done.Add(1)
				return st.Still(ctx, i, data)
			}), onlyNew(st.Sheet)))
	}
	s.Animations = r.o.Spec.Animations
	return r.pass(imagePass, func() error {
		_, err := encode.Run(r.ctx, &s)
		return err
	})
}

// onlyNew leaves out what comes a second time.
func onlyNew(f func(context.Context, int, []byte) error) func(context.Context, int, []byte) error {
	given := map[int]bool{}
	return func(ctx context.Context, i int, data []byte) error {
		if given[i] {
			return nil
		}
		given[i] = true
		return final(f(ctx, i, data))
	}
}

// The numbers of passes in place of that of a chunk.
const (
	wholePass = -1
	soundPass = -2
	imagePass = -3
)

// pass does what is not cut, again where that may help.
func (r *run) pass(number int, do func() error) error {
	return r.o.retry(r.ctx, Work{Chunk: number, Chunks: r.chunker.Chunks()}, do)
}
