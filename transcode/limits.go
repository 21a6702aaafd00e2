package transcode

import "time"

// Limits on what a job may ask for. A value outside its limit is an error of
// kind InvalidJob that names the limit.
const (
	// MaxJobBytes is the size of a job's JSON.
	MaxJobBytes = 1 << 20
	// MaxDestinations is the number of entries in Destination.URLs and Buckets.
	MaxDestinations = 8
	// MaxRungs is the number of rungs in one ladder.
	MaxRungs = 20
	// MaxAudioTracks is the number of audio renditions of one HLS presentation.
	MaxAudioTracks = 16
	// MinDimension and MaxDimension bound Width and Height of every output in
	// pixels; both must be even.
	MinDimension = 16
	MaxDimension = 8192
	// MinFPS and MaxFPS bound FPS in frames per second, MaxAnimationFPS that of a preview.
	MinFPS          = 1
	MaxFPS          = 120
	MaxAnimationFPS = 50
	// MinVideoBitrate and MaxVideoBitrate bound video rates in bits per second.
	MinVideoBitrate Bitrate = 10_000
	MaxVideoBitrate Bitrate = 800_000_000
	// MinSegmentDuration and MaxSegmentDuration bound HLSOutput.SegmentDuration.
	MinSegmentDuration = Time(time.Second)
	MaxSegmentDuration = Time(60 * time.Second)
	// MaxGIFDuration is the length of an animated preview.
	MaxGIFDuration = Time(60 * time.Second)
	// MaxAnimationPixels is the width times the height times the number of frames
	// of an animated preview: all of them are held in memory until its palette is
	// known, at about five bytes a pixel.
	MaxAnimationPixels = 150_000_000
	// MaxThumbnails is the number of stills of one output.
	MaxThumbnails = 10_000
	// MinThumbnailInterval is the shortest ThumbnailsOutput.Interval.
	MinThumbnailInterval = Time(100 * time.Millisecond)
	// MaxSheetSide is the width and height of a sprite sheet in pixels.
	MaxSheetSide = 16384
	// MaxSpriteTiles is the number of columns and of rows of a sprite sheet.
	MaxSpriteTiles = 256
	// MaxPathBytes is the length of OutSubpath.
	MaxPathBytes = 512
	// MaxIdempotencyKeyBytes is the length of IdempotencyKey.
	MaxIdempotencyKeyBytes = 255
)

const (
	maxJSONDepth = 32
	maxProblems  = 100
)
