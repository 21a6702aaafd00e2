//go:build cgo

package av

//#include <libavcodec/avcodec.h>
import "C"

import (
	"log/slog"
	"strconv"

	"github.com/asticode/go-astiav"

	"github.com/rendition-sdk/rendition"
)

// imageFormat is how one image format is written.
type imageFormat struct {
	encoder string
	// filters bring a picture into what the encoder takes.
	filters, pixels string
}

var imageFormats = map[string]imageFormat{
	"jpg":  {"mjpeg", "scale=out_range=pc,format=yuvj420p", "yuvj420p"},
	"png":  {"png", "scale=in_color_matrix=auto,format=rgb24", "rgb24"},
	"webp": {"libwebp", "format=yuv420p", "yuv420p"},
}

// ImageFilters is the end of a filter chain that feeds an ImageEncoder.
func ImageFilters(format string) string { return imageFormats[format].filters }

// ImageEncoder writes pictures of one size as separate images.
type ImageEncoder struct {
	format  string
	quality int
	logger  *slog.Logger
	enc     *Encoder
	width   int
	height  int
	count   int64
}

// NewImageEncoder returns an encoder of format "jpg", "png" or "webp".
// Quality is 1 to 100; png has none.
func NewImageEncoder(format string, quality int, logger *slog.Logger) *ImageEncoder {
	return &ImageEncoder{format: format, quality: quality, logger: logger}
}

// Encode returns f, which came out of ImageFilters, as an image file.
func (e *ImageEncoder) Encode(f *Frame) ([]byte, error) {
	if e.enc != nil && (f.Width() != e.width || f.Height() != e.height) {
		e.Close()
	}
	if e.enc == nil {
		if err := e.open(f); err != nil {
			return nil, err
		}
	}
	c := f.c()
	c.pict_type = C.AV_PICTURE_TYPE_NONE
	f.SetPTS(e.count) // encoders want times that grow
	e.count++
	if e.format == "jpg" {
		c.quality = C.int(jpegScale(e.quality) * C.FF_QP2LAMBDA)
	}
	var data []byte
	err := e.enc.Encode(f, func(p *Packet) error {
		data = p.Data()
		return nil
	})
	return data, err
}

func (e *ImageEncoder) open(f *Frame) error {
	format := imageFormats[e.format]
	enc, codec, err := newEncoder(format.encoder, e.logger)
	if err != nil {
		return err
	}
	enc.tb = rendition.Rational{Num: 1, Den: 25}
	e.width, e.height = f.Width(), f.Height()
	enc.cc.SetWidth(e.width)
	enc.cc.SetHeight(e.height)
	enc.cc.SetPixelFormat(astiav.FindPixelFormatByName(format.pixels))
	enc.cc.SetTimeBase(astiav.NewRational(1, 25))
	enc.cc.SetThreadCount(1)
	options := map[string]string{}
	switch e.format {
	case "jpg":
		enc.cc.SetFlags(enc.cc.Flags().Add(astiav.CodecContextFlagQscale))
		enc.cc.SetColorRange(astiav.ColorRangeJpeg)
		(*C.AVCodecContext)(enc.cc.UnsafePointer()).global_quality = C.int(jpegScale(e.quality) * C.FF_QP2LAMBDA)
	case "webp":
		options["quality"] = strconv.Itoa(e.quality)
	}
	if err := enc.open(codec, options); err != nil {
		enc.Close()
		return err
	}
	e.enc = enc
	return nil
}

// Close frees the encoder. It may be called twice.
func (e *ImageEncoder) Close() {
	e.enc.Close()
	e.enc = nil
}

// jpegScale maps quality 1 to 100 to FFmpeg's quantizer 31 to 2.
func jpegScale(quality int) int { return min(31, max(2, (104-quality)/5)) }
