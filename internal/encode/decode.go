//go:build cgo

package encode

import (
	"runtime"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// startStream starts the goroutine that takes a stream's packets.
func (r *run) startStream(s *streamNode) {
	r.spawn(func() error {
		take := r.decode
		if len(s.frames) == 0 {
			take = r.passOn
		}
		return feeding(feeding(take(s), s.frames), s.copies)
	})
}

// passOn hands packets to those that copy them, without decoding.
func (r *run) passOn(s *streamNode) error {
	stats := r.streamStats(s.index)
	tb := r.in.TimeBase(s.index)
	return s.packets.each(r.ctx, func(p *av.Packet) error {
		stats.Frames++
		if p.PTS() != av.NoTimestamp {
			stats.End = max(stats.End, r.time(tb, p.PTS()+p.Duration()))
		}
		return r.copyPacket(s, p)
	})
}

// copyPacket takes p and gives each copier a reference.
func (r *run) copyPacket(s *streamNode, p *av.Packet) error {
	defer p.Free()
	for _, q := range s.copies {
		ref, err := p.Ref()
		if err != nil {
			return err
		}
		if err := q.send(r.ctx, ref); err != nil {
			return err
		}
	}
	return nil
}

// decode decodes a stream once for all that want its frames.
func (r *run) decode(s *streamNode) error {
	dec, err := r.in.NewDecoder(s.index, av.DecoderOptions{Threads: decoderThreads(&r.spec.Media.Streams[s.index])})
	if err != nil {
		return err
	}
	defer dec.Close()
	stats := r.streamStats(s.index)
	tb := dec.TimeBase()
	emit := func(f *av.Frame) error {
		stats.End = max(stats.End, r.time(tb, f.PTS()+f.Duration()))
		return fanOut(r.ctx, f, s.frames)
	}
	err = s.packets.each(r.ctx, func(p *av.Packet) error {
		err := dec.Decode(p, emit)
		if err != nil {
			p.Free()
			return err
		}
		return r.copyPacket(s, p)
	})
	if err == nil {
		err = dec.Decode(nil, emit)
	}
	stats.Frames, stats.Errors, stats.LastError = dec.Frames(), dec.Errors(), dec.LastError()
	return err
}

// decoderThreads is how many threads decode a stream: the machine's cores for
// large pictures, where decoding is work; frames do not depend on it.
func decoderThreads(s *rendition.Stream) int {
	if s.Video == nil || s.Video.Width*s.Video.Height < 640*360 {
		return 1
	}
	return min(runtime.GOMAXPROCS(0), 8)
}

// streamStats returns the stats of a stream, to be written by its goroutine alone.
func (r *run) streamStats(index int) *StreamStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats.Streams[index]
	if s == nil {
		s = &StreamStats{}
		r.stats.Streams[index] = s
	}
	return s
}
