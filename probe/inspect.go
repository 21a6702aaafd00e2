//go:build cgo

package probe

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// inspector is one probe in progress.
type inspector struct {
	opts   Options
	in     *av.Input
	media  *rendition.Media
	tracks []track // one for each stream
	packet *av.Packet
	ended  bool // every packet was read
}

// inspect does the work of ProbeWith.
func inspect(ctx context.Context, source rendition.Source, opts Options) (*rendition.Media, error) {
	in, err := av.OpenInput(ctx, source, &av.InputOptions{Logger: opts.Logger})
	if err != nil {
		return nil, reworded(err, source)
	}
	p := &inspector{opts: opts, in: in, media: in.Media(), packet: av.NewPacket()}
	p.tracks = make([]track, len(p.media.Streams))
	err = p.run()
	p.packet.Free()
	if closeErr := in.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, reworded(err, source)
	}
	return p.media, nil
}

// run completes the headers' account step by step.
func (p *inspector) run() error {
	p.checkStreams()
	p.readIndexes()
	if err := p.sample(); err != nil {
		return err
	}
	p.classify()
	p.frameRates()
	if err := p.duration(); err != nil {
		return err
	}
	p.bitrates()
	p.codecStrings()
	return nil
}

// checkStreams warns of what can be seen in the headers alone.
func (p *inspector) checkStreams() {
	for i := range p.media.Streams {
		s := &p.media.Streams[i]
		switch {
		case s.Type != rendition.Video && s.Type != rendition.Audio:
			continue
		case s.Codec == "":
			p.warn("stream %d has a codec that is not known (tag %q)", i, s.CodecTag)
		case !p.in.CanDecode(i):
			p.warn("stream %d (%s) can not be decoded by this build of FFmpeg", i, s.Codec)
		case s.Video != nil && (s.Video.Width <= 0 || s.Video.Height <= 0):
			p.warn("the size of video stream %d is not known", i)
		case s.Video != nil && s.Video.PixelFormat == "":
			p.warn("the pixel format of video stream %d is not known: its pictures may not be decodable", i)
		case s.Audio != nil && (s.Audio.SampleRate <= 0 || s.Audio.Channels <= 0):
			p.warn("the sample rate or channels of audio stream %d are not known", i)
		}
	}
}

func (p *inspector) warn(format string, args ...any) {
	p.media.Warnings = append(p.media.Warnings, fmt.Sprintf(format, args...))
}

// next reads a packet into p.packet and counts it; false at the end.
func (p *inspector) next() (bool, error) {
	err := p.in.ReadPacket(p.packet)
	switch {
	case err == nil:
		p.count()
		return true, nil
	case errors.Is(err, io.EOF):
		p.ended = true
		return false, nil
	case rendition.KindOf(err) == rendition.InvalidInput, rendition.KindOf(err) == rendition.Internal:
		// A demuxer that stumbles over damage: what was found so far stands.
		p.ended = true
		p.warn("the file is damaged: %s", causeOf(err))
		return false, nil
	default:
		return false, err
	}
}

// causeOf is the innermost text of an error, without this SDK's own operations.
func causeOf(err error) string {
	for e := (*rendition.Error)(nil); errors.As(err, &e) && e.Err != nil; e = nil {
		err = e.Err
	}
	return err.Error()
}

// reworded names this package's operation and the source.
func reworded(err error, source rendition.Source) error {
	e := (*rendition.Error)(nil)
	if !errors.As(err, &e) {
		return &rendition.Error{Kind: rendition.KindOf(err), Op: "probe: open", Key: source.Name(), Err: err}
	}
	inner := e
	for inner.Op == "av: open" { // drop the wrapping of the layer below, keep what storage says
		next := (*rendition.Error)(nil)
		if !errors.As(inner.Err, &next) {
			break
		}
		inner = next
	}
	if inner != e {
		return &rendition.Error{Kind: e.Kind, Op: "probe: open", Key: source.Name(), Err: inner, Fault: e.Fault}
	}
	return &rendition.Error{Kind: e.Kind, Op: "probe: open", Key: source.Name(), Err: e.Err, Hint: e.Hint, Fault: e.Fault}
}
