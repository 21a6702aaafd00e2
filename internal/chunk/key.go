package chunk

import (
	"fmt"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/scratch"
)

// settings are all that the bytes of a video depend on, but for the source itself.
type settings struct {
	Codec         rendition.Codec
	Width, Height int
	FrameRate     rendition.Rational
	PixelFormat   string
	Deinterlace   bool
	ToneMap       bool
	Color         rendition.Color
	CRF           int
	Bitrate       int64
	MaxBitrate    int64
	BufferSize    int64
	Preset        string
	Profile       string
	KeyInterval   int
	Threads       int
	Clip          encode.Clip
	// Larger are the sizes that this one is scaled down from.
	Larger [][2]int
}

// keyOf is the beginning of the keys of a video's pieces.
func keyOf(o *Options, v *encode.Video, larger [][2]int) (string, error) {
	h, err := scratch.Hash("video", settings{
		Codec: v.Codec, Width: v.Width, Height: v.Height, FrameRate: v.FrameRate, PixelFormat: v.PixelFormat,
		Deinterlace: v.Deinterlace, ToneMap: v.ToneMap, Color: v.Color, CRF: v.CRF, Bitrate: v.Bitrate,
		MaxBitrate: v.MaxBitrate, BufferSize: v.BufferSize, Preset: v.Preset, Profile: v.Profile,
		KeyInterval: v.KeyInterval, Threads: v.Threads, Clip: v.Clip, Larger: larger,
	}, o.Spec.Media.Streams[v.Stream])
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("v2/%s/%s/", o.Source, h), nil
}

// pieceKey is the key of one piece.
func (t *track) pieceKey(s encode.Slots, bufferInit int) string {
	return fmt.Sprintf("%s%d-%d-%d", t.prefix, s.From, s.To, bufferInit)
}
