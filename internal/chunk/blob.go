package chunk

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// A piece is kept as the length of its head in 4 bytes, its head in JSON, 29
// bytes for each sample, and the samples' data.

// head is what a kept piece says of itself.
type head struct {
	Track   packager.Track
	Samples int
	// The stats of the piece's chunk.
	Frames, Errors int
	End            int64
	ReadToEnd      bool
}

const sampleHead = 3*8 + 1 + 4

var errPiece = errors.New("the piece is damaged")

// encodePiece returns the parts of a piece, which share the samples' data.
func encodePiece(p *encode.Piece, st *encode.ChunkStats) ([][]byte, error) {
	h, err := json.Marshal(head{p.Track, len(p.Samples), st.Frames, st.Errors, int64(st.End), st.ReadToEnd})
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, 4+len(h)+len(p.Samples)*sampleHead)
	b = binary.BigEndian.AppendUint32(b, uint32(len(h)))
	b = append(b, h...)
	parts := make([][]byte, 1, len(p.Samples)+1)
	for _, s := range p.Samples {
		b = binary.BigEndian.AppendUint64(b, uint64(s.PTS))
		b = binary.BigEndian.AppendUint64(b, uint64(s.DTS))
		b = binary.BigEndian.AppendUint64(b, uint64(s.Duration))
		key := byte(0)
		if s.Key {
			key = 1
		}
		b = append(b, key)
		b = binary.BigEndian.AppendUint32(b, uint32(len(s.Data)))
		parts = append(parts, s.Data)
	}
	parts[0] = b
	return parts, nil
}

// decodePiece fills p from what encodePiece made; the samples share b.
func decodePiece(b []byte, p *encode.Piece) (*encode.ChunkStats, error) {
	if len(b) < 4 {
		return nil, errPiece
	}
	n := int64(binary.BigEndian.Uint32(b))
	if b = b[4:]; n > int64(len(b)) {
		return nil, errPiece
	}
	var h head
	if err := json.Unmarshal(b[:n], &h); err != nil {
		return nil, errors.Join(errPiece, err)
	}
	if b = b[n:]; h.Samples < 0 || h.Samples > len(b)/sampleHead {
		return nil, errPiece
	}
	heads, data := b[:h.Samples*sampleHead], b[h.Samples*sampleHead:]
	samples := make([]packager.Sample, h.Samples)
	for i := range samples {
		s := heads[i*sampleHead:]
		size := int64(binary.BigEndian.Uint32(s[25:]))
		if size > int64(len(data)) {
			return nil, errPiece
		}
		samples[i] = packager.Sample{
			PTS: int64(binary.BigEndian.Uint64(s)), DTS: int64(binary.BigEndian.Uint64(s[8:])),
			Duration: int64(binary.BigEndian.Uint64(s[16:])), Key: s[24] != 0, Data: data[:size:size],
		}
		data = data[size:]
	}
	if len(data) != 0 {
		return nil, errPiece
	}
	p.Track, p.Samples = h.Track, samples
	return &encode.ChunkStats{Frames: h.Frames, Errors: h.Errors, End: timeOf(h.End), ReadToEnd: h.ReadToEnd}, nil
}
