package hls

import (
	"math"
	"slices"

	"github.com/rendition-sdk/rendition"
)

// Options change how a Writer works. nil and the zero value are good defaults.
type Options struct {
	// SegmentDuration is the distance of the segment grid in seconds; zero
	// means 6. Video is cut at the first key frame at or after each multiple,
	// audio at the first frame, so that all tracks cut at the same times when
	// their encoders put key frames on the grid.
	SegmentDuration rendition.Rational
	// MasterName is the file name of the multivariant playlist; empty means "master.m3u8".
	MasterName string
	// MediaName is the file name of a media playlist in its track's folder,
	// behind TrackOptions.Stem; empty means "media.m3u8".
	MediaName string
	// AudioGroup is the GROUP-ID of audio tracks that name none; empty means "audio".
	AudioGroup string
	// StartBandwidth chooses the variant a player begins with, which is the one
	// listed first: the best whose AVERAGE-BANDWIDTH is at most this many bits
	// per second. 0 means 2,200,000, negative means the best of all. The others
	// follow from best to least.
	StartBandwidth int64
	// Growing makes the presentation playable while its tracks come: each media
	// playlist appears with the track's first segment and grows with every other,
	// and the multivariant playlist appears with the first tracks and is written
	// again when more have begun. See Writer. Default false: playlists come at the
	// end, and nothing looks complete before.
	Growing bool
	// Expect are the tracks that a growing presentation will have. The early
	// multivariant playlist needs to know: a picture whose sound is yet to come is
	// not listed. Empty means those that were added so far.
	Expect []ExpectedTrack
	// TargetDuration is EXT-X-TARGETDURATION of all tracks of a growing
	// presentation in whole seconds, up to 3600: it must not change, so it is
	// chosen before the segments are known, and a longer segment is an error. 0
	// means the segment duration and 0.15 seconds, rounded, which fits where key
	// frames lie on the segment grid and sound has no gaps.
	TargetDuration int64
}

// ExpectedTrack announces a track.
type ExpectedTrack struct {
	// Type is rendition.Video or rendition.Audio.
	Type rendition.MediaType
	// Name and Group are those of the track's TrackOptions. The name is required.
	Name, Group string
}

const defaultStartBandwidth = 2_200_000

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.SegmentDuration.IsZero() {
		c.SegmentDuration = rendition.Rational{Num: 6, Den: 1}
	}
	if c.MasterName == "" {
		c.MasterName = "master.m3u8"
	}
	if c.MediaName == "" {
		c.MediaName = "media.m3u8"
	}
	if c.AudioGroup == "" {
		c.AudioGroup = "audio"
	}
	if c.StartBandwidth == 0 {
		c.StartBandwidth = defaultStartBandwidth
	}
	c.Expect = slices.Clone(c.Expect)
	for i := range c.Expect {
		if c.Expect[i].Group == "" {
			c.Expect[i].Group = c.AudioGroup
		}
	}
	return &c
}

// longestFrame is how far a segment of sound may reach beyond the grid in
// seconds: 1152 samples of MP3 at 8 kHz, the longest frame in use, last 0.144.
const longestFrame = 0.15

// targetDuration is EXT-X-TARGETDURATION of a growing presentation, the same
// for all its tracks (RFC 8216 clause 6.2.4).
func (o *Options) targetDuration() int64 {
	if o.TargetDuration > 0 {
		return o.TargetDuration
	}
	return max(1, int64(math.Round(o.SegmentDuration.Float64()+longestFrame)))
}

// TrackOptions describe a track's place in the presentation. nil and the zero
// value are good defaults.
type TrackOptions struct {
	// Name is the track's folder, such as "720p"; it may have several parts and
	// is unique. Empty means "video1", "audio2" and so on by AddTrack's count.
	Name string
	// Stem begins the names of the track's files: "<stem>init.mp4",
	// "<stem>00001.m4s", "<stem>media.m3u8". With a key of the content in it, a
	// later run does not overwrite what players are reading.
	Stem string
	// Group is the GROUP-ID of an audio track; empty means Options.AudioGroup.
	// Each variant is listed once for each group.
	Group string
	// Label is the NAME of an audio track, which people see; empty means
	// Track.Title, else the language, else "Audio". A second track with the same
	// label in a group gets a number.
	Label string
	// NoAutoselect keeps a player from choosing this audio track by itself.
	// The default track of a group is always chosen by itself.
	NoAutoselect bool
	// Characteristics are Media Characteristic Tags of an audio track, such as
	// "public.accessibility.describes-video".
	Characteristics []string
	// PeakBitrate and AverageBitrate in bits per second are what the encoder was
	// told; 0 for unknown. Players take BANDWIDTH as a promise, and while a
	// presentation grows little is measured, so its early multivariant playlist
	// says the larger of promise and measurement. The final one is measured.
	PeakBitrate, AverageBitrate int64
}
