package rendition

import (
	"time"
)

// MediaType is the kind of a stream.
type MediaType string

// The media types. Attachment is a font or other file inside a container; a
// cover picture is Video with AttachedPicture set.
const (
	Video      MediaType = "video"
	Audio      MediaType = "audio"
	Subtitle   MediaType = "subtitle"
	Data       MediaType = "data"
	Attachment MediaType = "attachment"
)

// Codec names a coding format. The constants are the ones this SDK writes or
// treats specially; other codecs carry FFmpeg's name, such as "prores".
type Codec string

// The codecs the SDK knows by name. H265 is what FFmpeg calls "hevc".
const (
	H264   Codec = "h264"
	H265   Codec = "h265"
	VP8    Codec = "vp8"
	VP9    Codec = "vp9"
	AV1    Codec = "av1"
	AAC    Codec = "aac"
	Opus   Codec = "opus"
	MP3    Codec = "mp3"
	AC3    Codec = "ac3"
	EAC3   Codec = "eac3"
	FLAC   Codec = "flac"
	Vorbis Codec = "vorbis"
	// CodecCopy asks for the source's coded bytes as they are.
	CodecCopy Codec = "copy"
)

// Media describes a source: what probe.Probe finds in it. Its JSON is stable:
// fields are added, never renamed. Unknown values are left out.
type Media struct {
	// Name is the source's name.
	Name string `json:"name"`
	// Size is the source's length in bytes, -1 when unknown.
	Size int64 `json:"size"`
	// Container is FFmpeg's demuxer name, such as "mov,mp4,m4a,3gp,3g2,mj2".
	Container string `json:"container"`
	// ContainerName is the demuxer's long name, for people.
	ContainerName string `json:"container_name,omitempty"`
	// Duration is the time from the first to the end of the last sample of any
	// audio or video stream, measured where the header lies or is silent.
	Duration time.Duration `json:"-"`
	// DurationSeconds is Duration in seconds, for JSON.
	DurationSeconds float64 `json:"duration"`
	// DurationMeasured says that Duration was measured on packets because the
	// header's figure was absent or wrong.
	DurationMeasured bool `json:"duration_measured,omitempty"`
	// StartSeconds is the timestamp of the first sample, in seconds; outputs begin at 0.
	StartSeconds float64 `json:"start,omitempty"`
	// Bitrate is the whole file's rate in bits per second.
	Bitrate int64 `json:"bitrate,omitempty"`
	// Seekable says that the demuxer can go to a time without reading everything before it.
	Seekable bool `json:"seekable"`
	// Streams are in container order; Stream.Index is the position here.
	Streams []Stream `json:"streams"`
	// Chapters are in time order.
	Chapters []Chapter `json:"chapters,omitempty"`
	// Tags are the container's metadata with lower-case keys.
	Tags map[string]string `json:"tags,omitempty"`
	// Warnings are what is odd about the source, in plain words and lower case.
	Warnings []string `json:"warnings,omitempty"`
}

// Stream is one elementary stream of a source.
type Stream struct {
	// Index is the stream's position in Media.Streams.
	Index int `json:"index"`
	// ID is the container's own number (track id, PID); 0 if none.
	ID   int       `json:"id,omitempty"`
	Type MediaType `json:"type"`
	// Codec is the coding format.
	Codec Codec `json:"codec,omitempty"`
	// Profile is the codec profile as FFmpeg prints it, such as "High".
	Profile string `json:"profile,omitempty"`
	// Level is the codec's own level number (40 for H.264 level 4.0); 0 unknown.
	Level int `json:"level,omitempty"`
	// CodecString is the RFC 6381 "codecs" parameter, such as "avc1.640028"; empty when there is none.
	CodecString string `json:"codec_string,omitempty"`
	// CodecTag is the container's four-character code.
	CodecTag string `json:"codec_tag,omitempty"`
	// TimeBase is seconds per tick of this stream's timestamps.
	TimeBase Rational `json:"time_base"`
	// StartSeconds is the first timestamp, in seconds.
	StartSeconds float64 `json:"start,omitempty"`
	// Duration is the stream's length.
	Duration        time.Duration `json:"-"`
	DurationSeconds float64       `json:"duration,omitempty"`
	// Bitrate in bits per second: the header's, or size over duration when measured.
	Bitrate int64 `json:"bitrate,omitempty"`
	// Frames is the number of frames the container declares; 0 unknown.
	Frames int64 `json:"frames,omitempty"`
	// Language is an ISO 639-2 or BCP 47 tag; empty unknown.
	Language string `json:"language,omitempty"`
	Title    string `json:"title,omitempty"`
	// Disposition flags.
	Disposition Disposition       `json:"disposition,omitzero"`
	Tags        map[string]string `json:"tags,omitempty"`
	// AttachedPicture marks a cover image: a Video stream of one frame that is not moving picture.
	AttachedPicture bool `json:"attached_picture,omitempty"`
	// Video is set for Video streams, Audio for Audio streams.
	Video *VideoInfo `json:"video,omitempty"`
	Audio *AudioInfo `json:"audio,omitempty"`
}

// Disposition is what a stream is for.
type Disposition struct {
	Default         bool `json:"default,omitempty"`
	Forced          bool `json:"forced,omitempty"`
	Original        bool `json:"original,omitempty"`
	Dub             bool `json:"dub,omitempty"`
	Comment         bool `json:"comment,omitempty"`
	HearingImpaired bool `json:"hearing_impaired,omitempty"`
	VisualImpaired  bool `json:"visual_impaired,omitempty"`
}

// VideoInfo describes moving picture.
type VideoInfo struct {
	// Width and Height are the stored size in pixels, before aspect and rotation.
	Width  int `json:"width"`
	Height int `json:"height"`
	// SampleAspect is the shape of a pixel (1/1 square); zero means unknown, taken as square.
	SampleAspect Rational `json:"sample_aspect,omitzero"`
	// DisplayAspect is width:height as shown, after SampleAspect and rotation.
	DisplayAspect Rational `json:"display_aspect,omitzero"`
	// Rotation is degrees clockwise that a player turns the stored picture by: 0, 90, 180 or 270.
	Rotation int `json:"rotation,omitempty"`
	// Mirrored says that the picture is flipped left-right before it is rotated.
	Mirrored bool `json:"mirrored,omitempty"`
	// FrameRate is the average in frames per second.
	FrameRate Rational `json:"frame_rate,omitzero"`
	// BaseFrameRate is the lowest rate all timestamps fit (FFmpeg's r_frame_rate).
	BaseFrameRate Rational `json:"base_frame_rate,omitzero"`
	// VariableFrameRate says that frames are not evenly spaced.
	VariableFrameRate bool `json:"variable_frame_rate,omitempty"`
	// FieldOrder is "progressive", "tt", "bb", "tb", "bt" or empty for unknown, in FFmpeg's terms.
	FieldOrder string `json:"field_order,omitempty"`
	// PixelFormat is FFmpeg's name, such as "yuv420p10le".
	PixelFormat string `json:"pixel_format,omitempty"`
	// BitDepth is bits per component; 0 unknown.
	BitDepth int `json:"bit_depth,omitempty"`
	// HasAlpha says that pictures have transparency.
	HasAlpha bool `json:"has_alpha,omitempty"`
	// HasBFrames says that decoding order differs from display order.
	HasBFrames bool  `json:"has_b_frames,omitempty"`
	Color      Color `json:"color,omitzero"`
	// HDR is "hdr10", "hdr10+", "hlg", "dolby_vision", or empty for standard range.
	HDR string `json:"hdr,omitempty"`
	// MasteringDisplay and ContentLight are the static HDR10 metadata; nil if absent.
	MasteringDisplay *MasteringDisplay `json:"mastering_display,omitempty"`
	ContentLight     *ContentLight     `json:"content_light,omitempty"`
	// DolbyVision is the Dolby Vision configuration; nil if absent.
	DolbyVision *DolbyVision `json:"dolby_vision,omitempty"`
	// ClosedCaptions says that CEA-608/708 captions were seen in the picture data.
	ClosedCaptions bool `json:"closed_captions,omitempty"`
}

// DisplaySize returns the size in square pixels as a player shows it: stored
// height kept, width stretched by SampleAspect, both swapped by a quarter turn.
func (v *VideoInfo) DisplaySize() (width, height int) {
	width, height = v.Width, v.Height
	// Hostile aspects are left out before they overflow; real ones are far within.
	if sar := v.SampleAspect; sar.Num > 0 && sar.Den > 0 && sar.Num < 1<<31 && sar.Den < 1<<31 {
		width = int(min((int64(v.Width)*sar.Num+sar.Den/2)/sar.Den, 1<<30))
	}
	if v.Rotation%180 != 0 {
		width, height = height, width
	}
	return max(width, 1), max(height, 1)
}

// Color says what the numbers of a pixel mean, in the names FFmpeg uses for
// ISO/IEC 23091-2: "bt709", "smpte2084", "bt2020nc". Empty is unknown.
type Color struct {
	Primaries string `json:"primaries,omitempty"`
	Transfer  string `json:"transfer,omitempty"`
	Matrix    string `json:"matrix,omitempty"`
	// Range is "tv" (limited), "pc" (full) or empty.
	Range string `json:"range,omitempty"`
	// ChromaLocation is "left", "topleft", "center" or empty.
	ChromaLocation string `json:"chroma_location,omitempty"`
}

// IsHDR reports whether the transfer is PQ (SMPTE ST 2084) or HLG (ARIB STD-B67).
func (c Color) IsHDR() bool { return c.Transfer == "smpte2084" || c.Transfer == "arib-std-b67" }

// MasteringDisplay is SMPTE ST 2086 metadata: CIE 1931 xy chromaticities and
// luminance in cd/m2.
type MasteringDisplay struct {
	Red          [2]float64 `json:"red"`
	Green        [2]float64 `json:"green"`
	Blue         [2]float64 `json:"blue"`
	WhitePoint   [2]float64 `json:"white_point"`
	MinLuminance float64    `json:"min_luminance"`
	MaxLuminance float64    `json:"max_luminance"`
}

// ContentLight is CTA-861.3 metadata in cd/m2.
type ContentLight struct {
	MaxCLL  int `json:"max_cll"`
	MaxFALL int `json:"max_fall"`
}

// DolbyVision is the decoder configuration record of a Dolby Vision stream.
type DolbyVision struct {
	Profile         int  `json:"profile"`
	Level           int  `json:"level"`
	RPU             bool `json:"rpu"`
	EnhancementLay  bool `json:"enhancement_layer"`
	BaseLayer       bool `json:"base_layer"`
	CompatibilityID int  `json:"compatibility_id"`
}

// AudioInfo describes sound.
type AudioInfo struct {
	// SampleRate in Hz.
	SampleRate int `json:"sample_rate"`
	// Channels is the number of channels.
	Channels int `json:"channels"`
	// Layout is FFmpeg's name, such as "stereo" or "5.1"; empty unknown.
	Layout ChannelLayout `json:"layout,omitempty"`
	// SampleFormat is FFmpeg's name, such as "fltp".
	SampleFormat string `json:"sample_format,omitempty"`
	// BitDepth is bits per sample where it means something (PCM, FLAC); else 0.
	BitDepth int `json:"bit_depth,omitempty"`
	// InitialPadding is the encoder delay in samples.
	InitialPadding int `json:"initial_padding,omitempty"`
}

// ChannelLayout is a named arrangement of audio channels, in FFmpeg's terms.
type ChannelLayout string

// Common layouts.
const (
	Mono       ChannelLayout = "mono"
	Stereo     ChannelLayout = "stereo"
	Surround51 ChannelLayout = "5.1"
	Surround71 ChannelLayout = "7.1"
)

// Chapter is a named part of the timeline; times are seconds from the start.
type Chapter struct {
	StartSeconds float64 `json:"start"`
	EndSeconds   float64 `json:"end"`
	Title        string  `json:"title,omitempty"`
}

// VideoStream returns the stream a player would show: the default one, else
// the one with the most pixels, attached pictures left out; nil if there is none.
func (m *Media) VideoStream() *Stream {
	var best *Stream
	for i := range m.Streams {
		s := &m.Streams[i]
		if s.Type != Video || s.AttachedPicture || s.Video == nil {
			continue
		}
		if best == nil || videoRank(s) > videoRank(best) {
			best = s
		}
	}
	return best
}

func videoRank(s *Stream) int64 {
	rank := int64(s.Video.Width) * int64(s.Video.Height)
	if s.Disposition.Default {
		rank += 1 << 40
	}
	return rank
}

// AudioStreams returns all audio streams, the default one first, else in order.
func (m *Media) AudioStreams() []*Stream {
	var list []*Stream
	for i := range m.Streams {
		s := &m.Streams[i]
		if s.Type != Audio {
			continue
		}
		if s.Disposition.Default && len(list) > 0 && !list[0].Disposition.Default {
			list = append([]*Stream{s}, list...)
			continue
		}
		list = append(list, s)
	}
	return list
}
