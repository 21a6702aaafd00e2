//go:build cgo

package encode

import (
	"errors"

	"github.com/rendition-sdk/rendition/internal/av"
)

// joint runs an encoder so that the ends of a piece are what they would be in the
// middle of a stream, where it knows the pictures before and behind.
type joint struct {
	av.Joint
	enc  *av.Encoder
	emit func(*av.Packet) error
	// last are the pictures at the end: the very last, and those to be shown again.
	last    []*av.Frame
	from    int64 // the first slot of those that are kept
	in, out int
	end     int64 // the slot behind the last picture
	ending  bool
}

// errAllOut stops an encoder that has given all that is wanted.
var errAllOut = errors.New("all pictures are out")

func (j *joint) encode(f *av.Frame) error {
	if j.in == 0 && j.Better > 0 && f.PTS() > 0 {
		if err := f.Improve(j.Better); err != nil {
			return err
		}
	}
	j.in++
	j.end = f.PTS() + 1
	if err := j.keep(f); err != nil {
		return err
	}
	return j.enc.Encode(f, j.packet)
}

func (j *joint) keep(f *av.Frame) error {
	if j.Ahead == 0 || f.PTS() < j.from {
		return nil
	}
	r, err := f.Ref()
	if err != nil {
		return err
	}
	if len(j.last) > j.Ahead {
		j.last[0].Free()
		j.last = append(j.last[:0], j.last[1:]...)
	}
	j.last = append(j.last, r)
	return nil
}

// finish lets the encoder look at the last pictures in reverse behind a key frame: in
// place of the next piece, where things move much the same. Without it, one that
// weighs pictures by what refers to them gives up the last ones, and one that is held
// back by its cap spends what the next key frame needs. None of these pictures is
// encoded: it is enough that they were looked at.
func (j *joint) finish() error {
	j.ending = j.Ahead > 0
	for i := range len(j.last) - 1 {
		at := len(j.last) - 2
		f := j.last[at]
		f.SetPTS(j.end + int64(i))
		f.ForceKey(i == 0)
		err := j.enc.Encode(f, j.packet)
		f.Free()
		j.last = append(j.last[:at], j.last[at+1:]...)
		if err != nil {
			return unlessAllOut(err)
		}
	}
	return unlessAllOut(j.enc.Encode(nil, j.packet))
}

func unlessAllOut(err error) error {
	if errors.Is(err, errAllOut) {
		return nil
	}
	return err
}

// packet passes on what belongs to the piece. That comes out first: groups of
// pictures are closed.
func (j *joint) packet(p *av.Packet) error {
	if err := j.emit(p); err != nil {
		return err
	}
	if j.out++; j.ending && j.out == j.in {
		return errAllOut
	}
	return nil
}

func (j *joint) free() {
	for _, f := range j.last {
		f.Free()
	}
	j.last = nil
}
