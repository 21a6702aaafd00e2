package transcode

import (
	"fmt"
	"slices"

	"github.com/rendition-sdk/rendition"
)

// copiesVideo is what may be copied into a container: what is encoded into it,
// and VP8 into the two that are made for it.
func (c container) copiesVideo() []rendition.Codec {
	if c.name == "webm" || c.name == "mkv" {
		return append(slices.Clone(c.video), rendition.VP8)
	}
	return c.video
}

// pictureOf returns the encode or copy for s; false means that problems were reported.
func (p *planner) pictureOf(at string, s *videoSettings, c container) (VideoRendition, bool) {
	if s.codec != rendition.CodecCopy {
		return p.video(s), true
	}
	before := len(p.list)
	p.copyFits(at, s, c)
	if c.name == hlsContainer.name {
		p.copyFitsHLS(at)
	}
	return p.copyOf(s), len(p.list) == before
}

// copyOf is the rendition of the source's picture as it is coded.
func (p *planner) copyOf(s *videoSettings) VideoRendition {
	v := p.picture.info
	r := VideoRendition{
		Stream: p.picture.stream.Index, Codec: p.picture.stream.Codec, Copy: true, Width: v.Width, Height: v.Height,
		PixelFormat: v.PixelFormat, Color: v.Color, Bitrate: p.picture.stream.Bitrate, Clip: s.clip,
	}
	if !v.VariableFrameRate && saneRate(v.FrameRate) {
		r.FrameRate = snapRate(v.FrameRate)
	}
	return r
}

// noCopy reports why the source's picture cannot be copied: by itself, or as
// another field asks.
func (p *planner) noCopy(at, field string, c container, format string, args ...any) {
	instead := fmt.Sprintf("; encode it: codec %q", c.video[0])
	if field != "codec" {
		instead = fmt.Sprintf("; remove %s, or encode it: codec %q", field, c.video[0])
	}
	p.invalid(fieldPath(at, field), "copy: %s%s", fmt.Sprintf(format, args...), instead)
}

// copyFits reports all that keeps the source's picture from being copied as s asks.
func (p *planner) copyFits(at string, s *videoSettings, c container) {
	stream, v := p.picture.stream, p.picture.info
	if !slices.Contains(c.copiesVideo(), stream.Codec) {
		p.noCopy(at, "codec", c, "the source's video is %s, and %s takes a copy of %s", stream.Codec, c.name, oneOf(c.copiesVideo()))
	}
	if v.Mirrored {
		p.noCopy(at, "codec", c, "the source's picture is mirrored by its container, and %s cannot say so", c.name)
	}
	if dv := v.DolbyVision; dv != nil && dv.Profile == 5 {
		p.noCopy(at, "codec", c, "the source is Dolby Vision profile 5, whose picture is wrong without its metadata")
	}
	p.copyFitsSize(at, s, c)
	p.copyFitsRate(at, "bitrate", s.bitrate, c)
	p.copyFitsRate(at, "max_bitrate", s.maxBitrate, c)
}

// copyFitsSize compares the size that is asked with the source's, which a copy
// keeps. As everywhere, the height of a portrait picture is its short side.
func (p *planner) copyFitsSize(at string, s *videoSettings, c container) {
	w, h := p.picture.info.DisplaySize()
	if s.width != 0 && s.width != max(w, h) {
		p.noCopy(at, "width", c, "the source is %dx%d, and its long side is not %d", w, h, s.width)
	}
	if s.height != 0 && s.height != min(w, h) {
		p.noCopy(at, "height", c, "the source is %dx%d, and its short side is not %d", w, h, s.height)
	}
}

// copyFitsRate compares a limit with the source's average rate. Where that is
// not known, the whole file's is an upper bound.
func (p *planner) copyFitsRate(at, field string, limit int64, c container) {
	rate := p.picture.stream.Bitrate
	if limit == 0 || rate > 0 && rate <= limit {
		return
	}
	if rate > 0 {
		p.noCopy(at, field, c, "the source's video has %s bits per second, more than %s", Bitrate(rate), Bitrate(limit))
		return
	}
	if rate = p.media.Bitrate; rate <= 0 || rate > limit {
		p.noCopy(at, field, c, "the bit rate of the source's video is not known")
	}
}

// copyFitsHLS reports what players of HLS do not take.
func (p *planner) copyFitsHLS(at string) {
	stream, v := p.picture.stream, p.picture.info
	if v.Rotation != 0 {
		p.noCopy(at, "codec", hlsContainer, "the source is turned by %d degrees by its container, which players of hls leave out", v.Rotation)
	}
	if interlaced(v) {
		p.noCopy(at, "codec", hlsContainer, "the source is interlaced, which hls does not take")
	}
	if formats := hlsPixelFormats(stream.Codec); v.PixelFormat != "" && !slices.Contains(formats, v.PixelFormat) {
		p.noCopy(at, "codec", hlsContainer, "the source's pixels are %s, and players of hls take %s as %s",
			v.PixelFormat, stream.Codec, oneOf(formats))
	}
}

// hlsPixelFormats are the pixel formats that players decode of a codec.
func hlsPixelFormats(c rendition.Codec) []string {
	if c == rendition.H264 {
		return []string{"yuv420p", "yuvj420p"}
	}
	return []string{"yuv420p", "yuvj420p", "yuv420p10le"}
}
