package chunk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// replay is what stands between a pass that is done again and the writers of one
// of its tracks: what they have been given already is compared and not given again.
type replay struct {
	ctx     context.Context //nolint:containedctx // the run's: writers keep what they open beyond a failed attempt
	writers []encode.SampleWriter
	counter *encode.Counter

	track packager.Track
	begun bool
	given int       // samples that the writers have
	sum   hash.Hash // of these
	// seen and check are the same of this attempt.
	seen   int
	check  hash.Hash
	failed bool // a writer failed, so that nobody knows what it has
}

var errReplay = errors.New("the second attempt did not make what the first one had made")

// attempt begins another pass.
func (r *replay) attempt() {
	r.seen, r.check = 0, sha256.New()
	if r.sum == nil {
		r.sum = sha256.New()
	}
}

// Start implements encode.SampleWriter.
func (r *replay) Start(_ context.Context, t packager.Track) error {
	if r.begun {
		if !bytes.Equal(t.Config, r.track.Config) || t.Timescale != r.track.Timescale {
			return r.differs()
		}
		return nil
	}
	r.begun, r.track = true, t
	return r.each(func(w encode.SampleWriter) error { return w.Start(r.ctx, t) })
}

// WriteSample implements encode.SampleWriter.
func (r *replay) WriteSample(_ context.Context, s packager.Sample) error {
	if r.seen++; r.seen <= r.given {
		digest(r.check, &s)
		if r.seen == r.given && !bytes.Equal(r.check.Sum(nil), r.sum.Sum(nil)) {
			return r.differs()
		}
		return nil
	}
	digest(r.sum, &s)
	r.given++
	if err := r.each(func(w encode.SampleWriter) error { return w.WriteSample(r.ctx, s) }); err != nil {
		return err
	}
	end := float64(s.PTS+s.Duration) / float64(r.track.Timescale)
	r.counter.Add(len(s.Data), time.Duration(end*float64(time.Second)))
	return nil
}

func (r *replay) each(f func(encode.SampleWriter) error) error {
	for _, w := range r.writers {
		if err := f(w); err != nil {
			r.failed = true
			return err
		}
	}
	return nil
}

// differs ends the job: what is written cannot be taken back.
func (r *replay) differs() error {
	r.failed = true
	return &rendition.Error{Kind: rendition.Integrity, Op: "encode: try again", Err: errReplay, Hint: "run the job again"}
}

// complete is called at the end of a pass that succeeded.
func (r *replay) complete() error {
	if r.seen < r.given {
		return r.differs()
	}
	return nil
}

func digest(h hash.Hash, s *packager.Sample) {
	var b [24]byte
	binary.BigEndian.PutUint64(b[:], uint64(s.PTS))
	binary.BigEndian.PutUint64(b[8:], uint64(s.Duration))
	binary.BigEndian.PutUint64(b[16:], uint64(len(s.Data)))
	_, _ = h.Write(b[:]) // a hash never fails
	_, _ = h.Write(s.Data)
}
