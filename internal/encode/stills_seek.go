//go:build cgo

package encode

import (
	"errors"
	"sort"
	"time"

	"github.com/rendition-sdk/rendition/internal/av"
)

// stills takes each still from a key frame near it, or decodes on to it.
func (d *seeker) stills(s *Stills) error {
	w := newStillWriter(d.ctx, s, d.spec.Media.Streams[s.Stream].Video, d.log)
	defer w.close()
	near := nearness(s.Times)
	keys := d.keys()
	for i, t := range s.Times {
		if !d.spec.Media.Seekable {
			return d.stillsInOnePass(s, w, i)
		}
		done, err := d.nearKey(s, w, i, keys.near(t, near))
		if err == nil && !done {
			err = d.decodeTo(s, w, i, keys)
		}
		if errors.Is(err, errNoSeek) {
			return d.stillsInOnePass(s, w, i)
		}
		if err != nil {
			return err
		}
	}
	return w.finish()
}

// errNoSeek says that a source cannot go to a place after all.
var errNoSeek = &NotCutError{"it cannot be sought in"}

// keyIndex are the times of a stream's key frames on the source's timeline,
// ascending; empty where the container does not list them.
type keyIndex []time.Duration

func (d *seeker) keys() keyIndex {
	if !HasIndex(d.spec.Media) || d.in.SeekTime(d.in.StartTime()) != nil { // Matroska reads its index then
		return nil
	}
	var list keyIndex
	tb := d.in.TimeBase(d.stream)
	for _, t := range d.in.KeyFrames(d.stream) {
		list = append(list, d.time(tb, t))
	}
	return list
}

// before is the last key frame at or before t, negative for none.
func (k keyIndex) before(t time.Duration) time.Duration {
	if i := sort.Search(len(k), func(i int) bool { return k[i] > t }); i > 0 {
		return k[i-1]
	}
	return -1
}

// span is the time to seek to for a still at t, and how far from t its key frame may lie.
type span struct {
	seek, before, after time.Duration
}

// near chooses between the key frame before t and, where that is too far away, the
// one behind it.
func (k keyIndex) near(t, near time.Duration) span {
	s := span{seek: t, before: near}
	if last := k.before(t); last < 0 || t-last <= near {
		return s
	}
	if i := sort.Search(len(k), func(i int) bool { return k[i] > t }); i < len(k) && k[i]-t <= near {
		// Times in MP4's index are those of decoding, a little before the picture's.
		return span{seek: k[i] + time.Millisecond, after: near + time.Second}
	}
	return span{seek: -1} // to be decoded: no key frame need be looked at
}

// nearKey takes still i from the key frame that at leads to, if it will do.
func (d *seeker) nearKey(s *Stills, w *stillWriter, i int, at span) (bool, error) {
	if s.Exact || at.seek < 0 {
		return false, nil
	}
	if d.seek(at.seek) != nil {
		return false, errNoSeek
	}
	f, shown, err := d.keyFrame()
	if err != nil || f == nil {
		return false, err
	}
	defer f.Free()
	t := s.Times[i]
	if shown > t+at.after && i > 0 || t-shown > at.before && shown < t {
		return false, nil
	}
	return true, w.still(i, f)
}

// decodeTo decodes to still i's time and takes it: on from where the decoder is, if it
// has passed the last key frame before that already, else from there.
func (d *seeker) decodeTo(s *Stills, w *stillWriter, i int, keys keyIndex) error {
	t := s.Times[i]
	if key := keys.before(t); d.pos < 0 || d.pos > t || key < 0 || key > d.pos {
		if d.seek(t) != nil {
			return errNoSeek
		}
	}
	// Any picture about that time will do unless it has to be exact.
	d.dec.SkipNonReference(!s.Exact && d.spec.Media.Streams[d.stream].Video.HasBFrames)
	defer d.dec.SkipNonReference(false)
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
