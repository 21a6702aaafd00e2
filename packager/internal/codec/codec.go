// Package codec knows how the packagers must describe each coding format: the
// configuration box of its MP4 sample entry, its RFC 6381 name, and what has to
// change in a sample before it may lie in an MP4 file.
//
// Everything it parses comes from files and is taken as hostile: reads are
// bounded, and a panic of the bitstream library below becomes an error.
package codec

import (
	"errors"
	"fmt"

	"github.com/rendition-sdk/rendition"
)

// Input is what a packager knows of a stream.
type Input struct {
	Codec rendition.Codec
	// Config is packager.Track.Config.
	Config []byte
	// First is the first sample; codecs that carry their configuration in band
	// are read from it. It may be nil where only Config is there.
	First                []byte
	Width, Height        int
	FrameRate            float64
	Color                rendition.Color
	SampleRate, Channels int
}

// Config describes a stream in MP4 terms.
type Config struct {
	// Entry is the sample entry's four-character code, such as "avc1".
	Entry string
	// Box is the configuration box's code, such as "avcC". "esds" has no
	// Payload: the writer builds it from ObjectType, Specific and bit rates.
	Box     string
	Payload []byte
	// ObjectType is the MPEG-4 object type indication of esds.
	ObjectType byte
	// Specific is the DecoderSpecificInfo of esds; may be empty.
	Specific []byte
	// Name is the RFC 6381 codecs parameter.
	Name string
	// Channels and SampleRate are what the configuration says, 0 if it is silent.
	Channels, SampleRate int
	// Roll is the number of audio samples a decoder needs before its output is
	// right, as a negative roll distance; 0 for codecs that need none.
	Roll int16

	convert func(dst, sample []byte) ([]byte, error)
}

// AppendSample appends sample to dst in the form MP4 stores it.
func (c *Config) AppendSample(dst, sample []byte) ([]byte, error) {
	if c.convert == nil {
		return append(dst, sample...), nil
	}
	return c.convert(dst, sample)
}

// ErrNeedSample says that the configuration lies in band.
var ErrNeedSample = errors.New("the configuration is in the first sample, which is not known yet")

// Parse reads the configuration of a stream. The error is a *rendition.Error:
// InvalidInput for a configuration that cannot be read, Unsupported for a codec
// that has no place in MP4, Internal for a panic of the library below.
func Parse(in *Input) (c *Config, err error) {
	const op = "packager: read codec configuration"
	defer func() {
		if p := recover(); p != nil {
			c, err = nil, &rendition.Error{
				Kind: rendition.Internal, Op: op, Key: string(in.Codec),
				Err: fmt.Errorf("bitstream library panicked: %v", p), Hint: "report the clip this stream comes from",
			}
		}
	}()
	parse := parsers(in.Codec)
	if parse == nil {
		return nil, &rendition.Error{
			Kind: rendition.Unsupported, Op: op, Key: string(in.Codec),
			Err: errors.New("mp4 has no place for this codec"), Hint: "encode to h264, h265, av1, vp9, aac, opus, ac3, eac3, mp3 or flac",
		}
	}
	c, err = parse(in)
	if err != nil {
		return nil, &rendition.Error{Kind: rendition.InvalidInput, Op: op, Key: string(in.Codec), Err: err}
	}
	return c, nil
}

func parsers(name rendition.Codec) func(*Input) (*Config, error) {
	switch name {
	case rendition.H264:
		return parseH264
	case rendition.H265:
		return parseH265
	case rendition.AV1:
		return parseAV1
	case rendition.VP9:
		return parseVP9
	case rendition.AAC:
		return parseAAC
	case rendition.Opus:
		return parseOpus
	case rendition.AC3:
		return parseAC3
	case rendition.EAC3:
		return parseEAC3
	case rendition.MP3:
		return parseMP3
	case rendition.FLAC:
		return parseFLAC
	default:
		return nil
	}
}

// FixedName returns the RFC 6381 name of a codec whose name does not depend on
// its configuration, or "".
func FixedName(name rendition.Codec) string {
	switch name {
	case rendition.Opus:
		return "opus"
	case rendition.AC3:
		return "ac-3"
	case rendition.EAC3:
		return "ec-3"
	case rendition.MP3:
		return "mp4a.40.34"
	case rendition.FLAC:
		return "fLaC"
	default:
		return ""
	}
}
