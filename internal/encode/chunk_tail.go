//go:build cgo

package encode

import "github.com/rendition-sdk/rendition/internal/av"

// maxTails is how many decoders wait for the chunk behind the one they stopped at.
const maxTails = 2

// tail is an input and a decoder at the end of a chunk. The chunk behind it goes
// on with them instead of decoding a run-up, when it is begun next: then cutting
// costs nothing. What it encodes is the same in both cases.
type tail struct {
	in  *av.Input
	dec *av.Decoder
	// frames are the last decoded ones, oldest first, which show what the next
	// chunk begins with.
	frames []*av.Frame
}

func (t *tail) close() {
	for _, f := range t.frames {
		f.Free()
	}
	t.dec.Close()
	_ = t.in.Close() // it was only read
}

// begin notes that chunk k is begun and returns the tail that leads to it, nil for none.
func (c *Chunker) begin(k int) *tail {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tails[k]
	delete(c.tails, k)
	c.begun[k] = true
	return t
}

// wantsTail reports whether a tail may be left for chunk k. Several branches may
// begin a chunk far apart, and all frames between would have to be kept.
func (c *Chunker) wantsTail(k int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return k < len(c.starts) && len(c.branches) == 1 && !c.begun[k]
}

// leave keeps t for chunk k, or closes it where it came too late.
func (c *Chunker) leave(k int, t *tail) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.begun[k] || c.tails[k] != nil {
		t.close()
		return
	}
	c.tails[k] = t
	if len(c.tails) <= maxTails {
		return
	}
	first := k
	for i := range c.tails {
		first = min(first, i)
	}
	c.tails[first].close()
	delete(c.tails, first)
}

// remember keeps a reference of the frames that the next chunk needs as well:
// the last ones until the chunk is full, and all from there on.
func (d *chunkDecode) remember(f *av.Frame) error {
	ref, err := f.Ref()
	if err != nil {
		return err
	}
	d.last = append(d.last, ref)
	keep := 2 // what is shown at the boundary, and what came behind it
	if d.chunker.branches[0].deinterlace {
		keep += 2 * fieldMargin
	}
	if !d.wasFull && len(d.last) > keep {
		d.last[0].Free()
		d.last = d.last[1:]
	}
	return nil
}

// forget frees what remember kept.
func (d *chunkDecode) forget() {
	for _, f := range d.last {
		f.Free()
	}
	d.last = nil
}
