//go:build cgo

package av

import (
	"github.com/asticode/go-astiav"
)

// Packet is one coded access unit in C memory.
type Packet struct {
	p *astiav.Packet
}

// NewPacket returns an empty packet, to be filled by a demuxer or encoder.
func NewPacket() *Packet { return &Packet{p: astiav.AllocPacket()} }

// Free releases the packet. It may be called twice.
func (p *Packet) Free() {
	if p != nil && p.p != nil {
		p.p.Free()
		p.p = nil
	}
}

// Unref drops the contents and keeps the packet for the next read.
func (p *Packet) Unref() { p.p.Unref() }

// Ref returns a second packet that shares the same bytes; both must be freed.
func (p *Packet) Ref() (*Packet, error) {
	r := NewPacket()
	if err := r.p.Ref(p.p); err != nil {
		r.Free()
		return nil, wrap("packet: ref", err)
	}
	return r, nil
}

// Stream is the index of the stream the packet belongs to.
func (p *Packet) Stream() int { return p.p.StreamIndex() }

// PTS is the presentation time in ticks, NoTimestamp when unknown.
func (p *Packet) PTS() int64 { return p.p.Pts() }

// DTS is the decoding time in ticks, NoTimestamp when unknown.
func (p *Packet) DTS() int64 { return p.p.Dts() }

// Duration is the length in ticks, 0 when unknown.
func (p *Packet) Duration() int64 { return p.p.Duration() }

// Key reports whether decoding can start here.
func (p *Packet) Key() bool { return p.p.Flags().Has(astiav.PacketFlagKey) }

// Corrupt reports whether the demuxer marked the packet as damaged.
func (p *Packet) Corrupt() bool { return p.p.Flags().Has(astiav.PacketFlagCorrupt) }

// Size is the number of coded bytes.
func (p *Packet) Size() int { return p.p.Size() }

// Pos is the packet's byte offset in the source, -1 when unknown.
func (p *Packet) Pos() int64 { return p.p.Pos() }

// Data copies the coded bytes into Go memory.
func (p *Packet) Data() []byte { return p.p.Data() }

// Shift moves both times by ticks.
func (p *Packet) Shift(ticks int64) {
	if pts := p.PTS(); pts != NoTimestamp {
		p.p.SetPts(pts + ticks)
	}
	if dts := p.DTS(); dts != NoTimestamp {
		p.p.SetDts(dts + ticks)
	}
}
