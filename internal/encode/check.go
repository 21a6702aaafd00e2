//go:build cgo

package encode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// checkTail is how much of an output's end Check decodes.
const checkTail = time.Second

// Check reads an output as a player would: it counts the tracks, decodes the
// first frame of each and the last seconds, and compares the end with the
// expected duration.
func Check(ctx context.Context, src rendition.Source, want Expect) error {
	in, err := av.OpenInput(ctx, src, nil)
	if err != nil {
		return err
	}
	defer in.Close()
	c := &checker{ctx: ctx, in: in, want: want, media: in.Media(), pkt: av.NewPacket(), start: in.StartTime()}
	defer c.close()
	if err := c.open(); err != nil {
		return err
	}
	if err := c.decode(true); err != nil || want.FirstOnly {
		return err
	}
	if tail := c.start + want.Duration - checkTail; tail > c.start {
		if err := in.SeekTime(tail); err != nil {
			return fmt.Errorf("cannot seek to the last seconds: %w", err)
		}
		for _, s := range c.streams {
			s.dec.Reset()
		}
	}
	if err := c.decode(false); err != nil {
		return err
	}
	return c.compare()
}

// checker is the state of one Check.
type checker struct {
	ctx     context.Context
	in      *av.Input
	want    Expect
	media   *rendition.Media
	start   time.Duration
	pkt     *av.Packet
	streams []*checkStream
}

type checkStream struct {
	index  int
	kind   rendition.MediaType
	dec    *av.Decoder
	frames int
	end    time.Duration
}

func (c *checker) open() error {
	video, audio := 0, 0
	for i := range c.media.Streams {
		s := &c.media.Streams[i]
		switch s.Type {
		case rendition.Video:
			video++
		case rendition.Audio:
			audio++
		default:
			c.in.Discard(i)
			continue
		}
		dec, err := c.in.NewDecoder(i, av.DecoderOptions{Threads: 1, Draft: true})
		if err != nil {
			return err
		}
		c.streams = append(c.streams, &checkStream{index: i, kind: s.Type, dec: dec})
	}
	if video != c.want.Video || audio != c.want.Audio {
		return fmt.Errorf("it has %d video and %d audio tracks, not %d and %d", video, audio, c.want.Video, c.want.Audio)
	}
	return nil
}

// decode decodes from here on: until every stream has had a frame, or to the end.
func (c *checker) decode(firstOnly bool) error {
	for {
		if c.ctx.Err() != nil {
			return context.Cause(c.ctx)
		}
		err := c.in.ReadPacket(c.pkt)
		if errors.Is(err, io.EOF) {
			return c.flush()
		}
		if err != nil {
			return err
		}
		err = c.packet()
		c.pkt.Unref()
		if err != nil {
			return err
		}
		if firstOnly && c.allHaveFrames() {
			return nil
		}
	}
}

func (c *checker) packet() error {
	for _, s := range c.streams {
		if s.index == c.pkt.Stream() {
			return c.feed(s, c.pkt)
		}
	}
	return nil
}

func (c *checker) feed(s *checkStream, p *av.Packet) error {
	return s.dec.Decode(p, func(f *av.Frame) error {
		defer f.Free()
		s.frames++
		s.end = max(s.end, s.dec.TimeBase().Duration(f.PTS()+f.Duration())-c.start)
		return nil
	})
}

func (c *checker) flush() error {
	for _, s := range c.streams {
		if err := c.feed(s, nil); err != nil {
			return err
		}
		if s.frames == 0 {
			return fmt.Errorf("%s stream %d has no frame that can be decoded", s.kind, s.index)
		}
		s.dec.Reset()
	}
	return nil
}

func (c *checker) allHaveFrames() bool {
	for _, s := range c.streams {
		if s.frames == 0 {
			return false
		}
	}
	return true
}

// compare judges what was decoded.
func (c *checker) compare() error {
	var end time.Duration
	for _, s := range c.streams {
		end = max(end, s.end)
		if n := s.dec.Errors(); n > 0 {
			return fmt.Errorf("%d packets of %s stream %d cannot be decoded: %w", n, s.kind, s.index, s.dec.LastError())
		}
	}
	if len(c.streams) == 0 {
		return errors.New("it has no tracks")
	}
	if diff := end - c.want.Duration; diff < -c.want.Tolerance || diff > c.want.Tolerance {
		return fmt.Errorf("it ends at %s instead of %s", end.Round(time.Millisecond), c.want.Duration.Round(time.Millisecond))
	}
	return nil
}

func (c *checker) close() {
	c.pkt.Free()
	for _, s := range c.streams {
		s.dec.Close()
	}
}
