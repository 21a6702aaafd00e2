package mp4

import (
	"errors"
	"fmt"
	"math"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/internal/codec"
)

// stream checks the samples of one track and brings them into MP4's form.
type stream struct {
	track packager.Track
	name  string
	conf  *codec.Config // nil until the first sample where the configuration is in band
	buf   []byte

	count   uint32
	lastDTS int64
}

func newStream(op string, t packager.Track, number int) (*stream, error) {
	s := &stream{track: t, name: trackName(&t, number)}
	if err := checkTrack(&t); err != nil {
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: s.name, Err: err}
	}
	conf, err := codec.Parse(s.input(nil))
	if err == nil {
		s.conf = conf
	} else if !errors.Is(err, codec.ErrNeedSample) {
		return nil, err
	}
	return s, nil
}

func (s *stream) input(first []byte) *codec.Input {
	t := &s.track
	return &codec.Input{
		Codec: t.Codec, Config: t.Config, First: first, Width: t.Width, Height: t.Height,
		FrameRate: t.FrameRate.Float64(), Color: t.Color, SampleRate: t.SampleRate, Channels: t.Channels,
	}
}

// checkTrack reports all that is wrong with t.
func checkTrack(t *packager.Track) error {
	var list []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			list = append(list, fmt.Errorf(format, args...))
		}
	}
	bad(t.Timescale == 0 || t.Timescale > packager.MaxTimescale, "timescale is %d, not within 1 and %d", t.Timescale, packager.MaxTimescale)
	bad(len(t.Config) > packager.MaxConfigBytes, "configuration has %d bytes, more than %d", len(t.Config), packager.MaxConfigBytes)
	bad(t.EncoderDelay < 0 || t.EncoderDelay > packager.MaxTime, "encoder delay is %d ticks", t.EncoderDelay)
	switch t.Type {
	case rendition.Video:
		bad(t.Width < 1 || t.Width > packager.MaxDimension || t.Height < 1 || t.Height > packager.MaxDimension,
			"picture size is %dx%d, not within 1 and %d", t.Width, t.Height, packager.MaxDimension)
		bad(t.Rotation%90 != 0 || t.Rotation < 0 || t.Rotation > 270, "rotation is %d, not 0, 90, 180 or 270", t.Rotation)
		sar := t.SampleAspect
		bad(sar.Num < 0 || sar.Den < 0 || sar.Num > math.MaxUint32 || sar.Den > math.MaxUint32, "sample aspect is %s", sar)
	case rendition.Audio:
		bad(t.SampleRate < 1 || t.SampleRate > packager.MaxTimescale, "sample rate is %d Hz", t.SampleRate)
		bad(t.Channels < 1 || t.Channels > 255, "channels are %d, not within 1 and 255", t.Channels)
	default:
		bad(true, "type is %q, not video or audio", t.Type)
	}
	return errors.Join(list...)
}

// admit checks sample and returns its data as MP4 stores it, valid until the
// next call.
func (s *stream) admit(op string, sample *packager.Sample) ([]byte, error) {
	if err := s.check(sample); err != nil {
		return nil, &rendition.Error{Kind: rendition.InvalidInput, Op: op, Key: s.at(sample.DTS), Err: err}
	}
	if s.conf == nil {
		conf, err := codec.Parse(s.input(sample.Data))
		if err != nil {
			return nil, err
		}
		s.conf = conf
	}
	data, err := s.conf.AppendSample(s.buf[:0], sample.Data)
	if err != nil {
		return nil, &rendition.Error{Kind: rendition.InvalidInput, Op: op, Key: s.at(sample.DTS), Err: err}
	}
	s.buf = data
	s.count++
	s.lastDTS = sample.DTS
	return data, nil
}

func (s *stream) check(sample *packager.Sample) error {
	delta := sample.DTS - s.lastDTS
	offset := sample.PTS - sample.DTS
	switch {
	case outside(sample.PTS, packager.MaxTime) || outside(sample.DTS, packager.MaxTime):
		return fmt.Errorf("timestamps %d and %d are beyond %d ticks", sample.PTS, sample.DTS, int64(packager.MaxTime))
	case len(sample.Data) == 0:
		return errors.New("the sample is empty")
	case len(sample.Data) > packager.MaxSampleBytes:
		return fmt.Errorf("the sample has %d bytes, more than %d", len(sample.Data), packager.MaxSampleBytes)
	case sample.Duration < 0 || sample.Duration > math.MaxUint32:
		return fmt.Errorf("the duration is %d ticks", sample.Duration)
	case outside(offset, math.MaxInt32/2):
		return fmt.Errorf("pts is %d ticks from dts, more than ctts holds", offset)
	case s.count == 0 && s.track.Type == rendition.Video && !sample.Key:
		return errors.New("the first sample of a video track is not a key frame")
	case s.count == math.MaxUint32:
		return errors.New("the track has 2^32-1 samples already")
	case s.count > 0 && delta <= 0:
		return fmt.Errorf("dts %d does not grow: the sample before has %d", sample.DTS, s.lastDTS)
	case s.count > 0 && delta > math.MaxUint32:
		return fmt.Errorf("dts is %d ticks after the sample before, more than 32 bits hold", delta)
	}
	return nil
}

// at names the track and a time on it.
func (s *stream) at(ticks int64) string {
	return fmt.Sprintf("%s at %.3fs", s.name, float64(ticks)/float64(s.track.Timescale))
}

func outside(v, limit int64) bool { return v > limit || v < -limit }
