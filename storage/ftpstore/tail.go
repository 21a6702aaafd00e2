package ftpstore

import "io"

// tail keeps the last bytes of what was sent, up to a limit. Offsets are those
// of the object.
type tail struct {
	buf  []byte // nil until the first keep
	from int64  // offset of the first byte that is kept
	end  int64  // offset behind the last
}

// keep adds size bytes of body, which come at the end. What does not fit pushes
// the oldest out.
func (t *tail) keep(body io.ReadSeeker, size int64, limit int) error {
	if t.buf == nil {
		t.buf = make([]byte, limit)
	}
	room := int64(len(t.buf))
	skip := max(size-room, 0)
	if _, err := body.Seek(skip, io.SeekStart); err != nil {
		return err
	}
	for at := t.end + skip; at < t.end+size; {
		p := t.at(at, t.end+size)
		if _, err := io.ReadFull(body, p); err != nil {
			return err
		}
		at += int64(len(p))
	}
	t.end += size
	t.from = max(t.from, t.end-room)
	return nil
}

// at is the piece of buf for the bytes from an offset, to an end or as far as
// they lie together.
func (t *tail) at(from, end int64) []byte {
	i := from % int64(len(t.buf))
	return t.buf[i:min(i+end-from, int64(len(t.buf)))]
}

// has says whether the bytes from an offset up to the end are kept.
func (t *tail) has(off int64) bool { return off >= t.from && off <= t.end }

// writeFrom gives the bytes from an offset to write, piece by piece.
func (t *tail) writeFrom(off int64, write func(p []byte) error) error {
	for off < t.end {
		p := t.at(off, t.end)
		if err := write(p); err != nil {
			return err
		}
		off += int64(len(p))
	}
	return nil
}
