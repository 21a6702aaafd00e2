package transcode

import (
	"fmt"
	"strconv"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
)

const defaultPreset = "medium"

// picture is what planning needs to know about the source's video.
type picture struct {
	stream   *rendition.Stream
	info     *rendition.VideoInfo
	rate     rendition.Rational
	warnings []string
}

func newPicture(s *rendition.Stream) *picture {
	p := &picture{stream: s, info: s.Video}
	rate, known := outputRate(s.Video)
	p.rate = rate
	if !known {
		p.warnings = append(p.warnings, fmt.Sprintf("the source's frame rate is not known; outputs have %d", fallbackFPS))
	}
	if dv := s.Video.DolbyVision; dv != nil && dv.Profile == 5 {
		p.warnings = append(p.warnings, "the source is Dolby Vision profile 5, which has no standard base layer; colors will be wrong")
	}
	return p
}

// videoSettings is one picture to make, from a file output or a rung.
type videoSettings struct {
	codec               rendition.Codec
	width, height       int
	crf                 *int
	bitrate, maxBitrate int64
	preset              string
	fps                 rendition.Rational
	clip                Clip
	// sized says that width and height are the result already, and that
	// maxBitrate and bufferSize hold although there is a crf: a rung of
	// ladder.Auto.
	sized      bool
	bufferSize int64
}

// video returns the encode for s, without its ID.
func (p *planner) video(s *videoSettings) VideoRendition {
	v := p.picture.info
	r := VideoRendition{
		Stream: p.picture.stream.Index, Codec: s.codec, Width: s.width, Height: s.height, FrameRate: p.picture.rate,
		Deinterlace: interlaced(v), Preset: s.preset, Clip: s.clip,
	}
	if !s.sized {
		r.Width, r.Height = ladder.Fit(v, s.width, s.height)
	}
	if !s.fps.IsZero() {
		r.FrameRate = rendition.NewRational(s.fps.Num, s.fps.Den)
	}
	if r.Preset == "" {
		r.Preset = defaultPreset
	}
	r.setFormat(v)
	r.setRate(s)
	r.KeyFrameInterval = keyFrameInterval(r.FrameRate)
	r.Threads = encoderThreads(&r, r.CRF >= 0 && chunked(p.media, r.Clip))
	return r
}

// setRate chooses between constant quality and bitrate. One rule serves files
// and rungs, so that they share encodes:
//
//   - bitrate: that average, with a peak of max_bitrate or 1.5 times it
//   - crf: that quality, capped by max_bitrate where it is given
//   - neither: the codec's default crf, capped by max_bitrate, else by the
//     peak that package ladder has for the codec, size and frame rate
//
// The buffer of every cap is 2 seconds of it. AV1 at an average bitrate has no
// cap: its encoder takes one with a constant quality only.
func (r *VideoRendition) setRate(s *videoSettings) {
	const bufferSeconds = 2
	codec, _ := findVideoCodec(r.Codec)
	r.CRF, r.MaxBitrate = codec.defaultCRF, s.maxBitrate
	switch {
	case s.bitrate > 0:
		r.CRF, r.Bitrate = -1, s.bitrate
		if r.MaxBitrate == 0 {
			r.MaxBitrate = s.bitrate * 3 / 2
		}
	case s.crf != nil:
		r.CRF = *s.crf
	case r.MaxBitrate == 0:
		r.MaxBitrate = ladder.DefaultRung(r.Codec, r.Width, r.Height, r.FrameRate).MaxBitrate
	}
	r.BufferSize = r.MaxBitrate * bufferSeconds
	if s.bufferSize > 0 {
		r.BufferSize = s.bufferSize
	}
	if r.Codec == rendition.AV1 && r.CRF < 0 {
		r.MaxBitrate, r.BufferSize = 0, 0 // SVT-AV1 caps a constant quality only
	}
}

// addVideo returns the ID of r in the plan, adding it where it is new.
func (p *planner) addVideo(r VideoRendition) string {
	for _, have := range p.plan.Video {
		r.ID = have.ID
		if have == r {
			return have.ID
		}
	}
	r.ID = "v" + strconv.Itoa(len(p.plan.Video))
	p.plan.Video = append(p.plan.Video, r)
	return r.ID
}
