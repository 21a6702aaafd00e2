//go:build cgo

package encode

import (
	"errors"
	"math"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
	"github.com/rendition-sdk/rendition/packager"
)

// copyAudio passes coded sound on as it is. A clip is cut at whole packets.
func (r *run) copyAudio(a *Audio, in *queue[*av.Packet]) error {
	src := r.spec.Media.Streams[a.Stream]
	c := &audioCopy{
		run: r, audio: a, tb: r.in.TimeBase(a.Stream), config: r.in.Extradata(a.Stream),
		out: &sampleOut{run: r, writers: a.Writers, counter: &a.Counter, tick: 1 / float64(a.SampleRate)},
	}
	// MPEG transport streams carry AAC with a header on every packet, and no
	// configuration of its own.
	c.adts = src.Codec == rendition.AAC && len(c.config) == 0
	return in.each(r.ctx, func(p *av.Packet) error {
		defer p.Free()
		return c.packet(p)
	})
}

// audioCopy is the state of copyAudio.
type audioCopy struct {
	run     *run
	audio   *Audio
	tb      rendition.Rational
	config  []byte
	adts    bool
	started bool
	delay   int64
	next    int64 // where the next packet begins, in samples
	out     *sampleOut
}

func (c *audioCopy) packet(p *av.Packet) error {
	if p.PTS() == av.NoTimestamp {
		return nil
	}
	at := c.run.time(c.tb, p.PTS()) - c.audio.Clip.Start
	length := c.tb.Duration(p.Duration())
	clip := c.audio.Clip
	if (clip.Start > 0 && at+length <= 0) || (clip.Duration > 0 && at >= clip.Duration) {
		return nil
	}
	data := p.Data()
	if c.adts {
		header, err := parseADTS(data)
		if err != nil {
			return err
		}
		data, c.config = data[header.size:], header.config()
	}
	pts := int64(math.Round(at.Seconds() * float64(c.audio.SampleRate)))
	if !c.started {
		c.started = true
		c.delay, c.next = max(0, -pts), pts
		if err := c.out.start(c.track()); err != nil {
			return err
		}
	}
	// Rounding of the container's clock must not make times go back.
	if pts < c.next || pts-c.next < int64(c.audio.SampleRate)/1000 {
		pts = c.next
	}
	dur := max(1, int64(math.Round(length.Seconds()*float64(c.audio.SampleRate))))
	c.next = pts + dur
	return c.out.write(packager.Sample{PTS: pts, DTS: pts, Duration: dur, Key: true, Data: data})
}

func (c *audioCopy) track() packager.Track {
	a := c.audio
	return packager.Track{
		Type: rendition.Audio, Codec: a.Codec, Timescale: uint32(a.SampleRate), Config: c.config,
		Language: a.Language, Title: a.Title, Default: true,
		SampleRate: a.SampleRate, Channels: a.Channels, EncoderDelay: c.delay,
	}
}

// durationTicks converts d to ticks of tb.
func durationTicks(tb rendition.Rational, d time.Duration) int64 {
	return int64(math.Round(d.Seconds() * float64(tb.Den) / float64(tb.Num)))
}

// adtsHeader is the part of an ADTS header (ISO/IEC 14496-3, 1.A.3.2) that
// makes a decoder configuration.
type adtsHeader struct {
	size, objectType, rateIndex, channels int
}

func parseADTS(b []byte) (*adtsHeader, error) {
	if len(b) < 7 || b[0] != 0xff || b[1]&0xf6 != 0xf0 {
		return nil, &rendition.Error{
			Kind: rendition.InvalidInput, Op: "encode: copy audio", Err: errors.New("an AAC packet has no ADTS header"),
			Hint: "encode the sound instead of copying it",
		}
	}
	h := &adtsHeader{
		size: 7, objectType: int(b[2]>>6) + 1, rateIndex: int(b[2]>>2) & 15, channels: int(b[2]&1)<<2 | int(b[3]>>6),
	}
	if b[1]&1 == 0 {
		h.size = 9 // with a checksum
	}
	if len(b) < h.size {
		h.size = len(b)
	}
	return h, nil
}

// config is the AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1).
func (h *adtsHeader) config() []byte {
	v := h.objectType<<11 | h.rateIndex<<7 | h.channels<<3
	return []byte{byte(v >> 8), byte(v)}
}
