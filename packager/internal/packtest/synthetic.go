package packtest

import (
	"encoding/binary"
	"encoding/hex"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// Parameter sets of a 1280x720 High profile picture in Annex B form.
const (
	avcSPS = "67640020accac05005bb0169e0000003002000000c9c4c000432380008647c12401cb1c31380"
	avcPPS = "68b5df20"
)

func unhex(s string) []byte {
	// The constants above are hexadecimal.
	b, _ := hex.DecodeString(s)
	return b
}

// AnnexB joins NAL units into a byte stream.
func AnnexB(nals ...[]byte) []byte {
	var b []byte
	for _, n := range nals {
		b = append(append(b, 0, 0, 0, 1), n...)
	}
	return b
}

// AVCConfig is an H.264 configuration in Annex B form.
func AVCConfig() []byte { return AnnexB(unhex(avcSPS), unhex(avcPPS)) }

// Video returns an H.264 track whose pictures hold nothing but their number:
// frames of the given rate, a key frame every gop frames, reordered by
// bframes, in a timescale of rate.Num ticks.
func Video(rate rendition.Rational, frames, gop, bframes int) *Stream {
	s := &Stream{Track: packager.Track{
		Type: rendition.Video, Codec: rendition.H264, Timescale: uint32(rate.Num), Config: AVCConfig(),
		Width: 1280, Height: 720, FrameRate: rate,
	}}
	for i := range frames {
		s.Samples = append(s.Samples, VideoSample(rate, i, gop, bframes))
	}
	return s
}

// VideoSample is sample i, in decoding order, of Video.
func VideoSample(rate rendition.Rational, i, gop, bframes int) packager.Sample {
	nal := []byte{0x41, 0x9a}
	for shift := 28; shift >= 0; shift -= 7 { // without zero bytes, which could look like a start code
		nal = append(nal, byte(i>>shift)|0x80)
	}
	key := i%gop == 0
	if key {
		nal[0] = 0x65
	}
	shown := i
	if at := i % gop; bframes > 0 && !key {
		// In each run of bframes+1 pictures the last one shown is decoded first.
		run, k := (at-1)/(bframes+1), (at-1)%(bframes+1)
		size := min(bframes+1, gop-1-run*(bframes+1))
		if k == 0 {
			shown = i + size - 1
		} else {
			shown = i - 1
		}
	}
	delay := 0
	if bframes > 0 {
		delay = 1
	}
	return packager.Sample{
		PTS: int64(shown) * rate.Den, DTS: int64(i-delay) * rate.Den, Duration: rate.Den, Key: key,
		Data: AnnexB([]byte{0x09, 0x10}, append(nal, 0x80)),
	}
}

// Audio returns an AAC track of stereo at 48 kHz whose frames hold nothing but
// their number, behind the given encoder delay.
func Audio(frames int, delay int64) *Stream {
	s := &Stream{Track: packager.Track{
		Type: rendition.Audio, Codec: rendition.AAC, Timescale: 48000, Config: []byte{0x11, 0x90},
		SampleRate: 48000, Channels: 2, EncoderDelay: delay, Language: "eng",
	}}
	for i := range frames {
		at := int64(i)*1024 - delay
		s.Samples = append(s.Samples, packager.Sample{
			PTS: at, DTS: at, Duration: 1024, Key: true,
			Data: binary.BigEndian.AppendUint32([]byte{0x21, 0x10}, uint32(i)),
		})
	}
	return s
}
