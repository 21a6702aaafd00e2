package packager

import (
	"github.com/rendition-sdk/rendition"
)

// Track describes one elementary stream handed to a packager.
type Track struct {
	// Type is rendition.Video or rendition.Audio.
	Type rendition.MediaType
	// Codec is the coding format of the samples.
	Codec rendition.Codec
	// Timescale is ticks per second of all times of this track; required, at
	// most MaxTimescale.
	Timescale uint32
	// Config is the decoder configuration: what an encoder calls extradata.
	//   - H264: parameter sets in Annex B form, or an AVCDecoderConfigurationRecord
	//   - H265: parameter sets in Annex B form, or an HEVCDecoderConfigurationRecord
	//   - AV1: sequence header OBU, or an AV1CodecConfigurationRecord
	//   - VP9: VPCodecConfigurationRecord, or empty (read from the first key frame)
	//   - AAC: AudioSpecificConfig; Opus: OpusHead ("OpusHead" magic) or dOps payload
	//   - AC3, EAC3, MP3: empty (read from the first frame)
	//   - FLAC: STREAMINFO block, or dfLa payload
	//
	// The form of Config says the form of the samples: Annex B parameter sets
	// mean start codes in samples, a record means 4-byte (or as it declares) lengths.
	// For H264, H265 and AV1 an empty Config is read from the first sample.
	Config []byte
	// Language is an ISO 639-2/T or BCP 47 tag; empty means undetermined.
	Language string
	// Title names the track for people; empty for none.
	Title string
	// Default marks the track a player starts with among those of its type.
	Default bool

	// Width and Height are the coded size in pixels; required for video.
	Width, Height int
	// SampleAspect is the pixel shape; zero means square.
	SampleAspect rendition.Rational
	// FrameRate in frames per second; zero means unknown.
	FrameRate rendition.Rational
	// Rotation is degrees clockwise a player turns the picture by: 0, 90, 180, 270.
	Rotation int
	// Color is written to colr and to VIDEO-RANGE; its zero value writes nothing.
	Color rendition.Color
	// MasteringDisplay and ContentLight are written as mdcv and clli; nil for none.
	MasteringDisplay *rendition.MasteringDisplay
	ContentLight     *rendition.ContentLight

	// SampleRate in Hz and Channels are required for audio.
	SampleRate int
	Channels   int
	// EncoderDelay is the number of ticks of decoded sound at the start that
	// are not to be played; it becomes an edit list. PTS count it in: sound that
	// begins at time 0 behind a delay of 1024 has a first PTS of -1024, as
	// libavcodec hands it out.
	EncoderDelay int64

	// Bitrate and MaxBitrate in bits per second fill btrt; 0 means measured.
	Bitrate, MaxBitrate int64

	// Order sorts the tracks of a file or presentation, lowest first; equal ones
	// keep the order of AddTrack. Set it where tracks are added from several
	// goroutines, so that the output does not depend on which came first.
	Order int
}

// Sample is one access unit: a coded picture or audio frame.
type Sample struct {
	// PTS and DTS are in ticks of the track's timescale. DTS must grow. PTS is
	// where the sample lies on the timeline, whose begin is 0: what lies before 0
	// is decoded and not shown.
	PTS, DTS int64
	// Duration in ticks, at least 1 but for the last sample, and for pictures
	// that are not to be shown: others are coded against them, and their PTS is
	// at or behind the end of all others. MP4 files leave them out by an edit list.
	Duration int64
	// Key marks a sample that decoding can start from. Every audio sample is one.
	Key bool
	// Data is the coded bytes. WriteSample does not keep it after it returns.
	Data []byte
}
