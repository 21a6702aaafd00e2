package codec

// bitReader reads big-endian bit fields. Past the end it returns zeros and
// remembers that it did.
type bitReader struct {
	data []byte
	pos  int // in bits
	over bool
}

func (r *bitReader) read(n int) uint32 {
	var v uint32
	for range n {
		v <<= 1
		i := r.pos >> 3
		if i >= len(r.data) {
			r.over = true
			continue
		}
		v |= uint32(r.data[i]>>(7-r.pos&7)) & 1
		r.pos++
	}
	return v
}

func (r *bitReader) flag() bool { return r.read(1) == 1 }

// left is the number of bits that remain.
func (r *bitReader) left() int { return len(r.data)*8 - r.pos }

// bitWriter appends big-endian bit fields.
type bitWriter struct {
	data []byte
	n    int
}

func (w *bitWriter) write(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.n&7 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[len(w.data)-1] |= byte(v>>i&1) << (7 - w.n&7)
		w.n++
	}
}
