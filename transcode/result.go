package transcode

import (
	"time"

	"github.com/rendition-sdk/rendition"
)

// Result is what a completed job made.
type Result struct {
	// Files are all published files, in the order of the job's outputs and of
	// their paths.
	Files []PublishedFile `json:"files"`
	// Destinations are the places that they went to, in the order of the job.
	Destinations []DestinationResult `json:"destinations"`
	// Renditions are the encodes behind them.
	Renditions []RenditionResult `json:"renditions"`
	// Duration is the length of the source that was used.
	Duration Time `json:"duration"`
	// Elapsed is the wall time of the run.
	Elapsed Time `json:"elapsed"`
	// Chunks is how the video was divided.
	Chunks ChunksResult `json:"chunks"`
	// Warnings are what a person should know, as sentences.
	Warnings []string `json:"warnings,omitempty"`
	// Plan is what was carried out.
	Plan *Plan `json:"-"`
	// Media is the source.
	Media *rendition.Media `json:"-"`
}

// ChunksResult says how a job's video was divided for encoding.
type ChunksResult struct {
	// Count is the number of chunks, 1 for one pass; then OnePass says why.
	Count   int    `json:"count"`
	OnePass string `json:"one_pass,omitempty"`
	// Kept is the number of pieces, each one rendition of one chunk, that an earlier
	// run of the job had left, Repaired that of pieces encoded a second time because
	// they did not fit into the rate buffer behind the piece before.
	Kept     int `json:"kept,omitempty"`
	Repaired int `json:"repaired,omitempty"`
}

// FileRole is what a published file is for.
type FileRole string

// The roles.
const (
	RoleMedia    FileRole = "media"    // a complete media file
	RoleInit     FileRole = "init"     // an fMP4 initialization segment
	RoleSegment  FileRole = "segment"  // an fMP4 media segment
	RolePlaylist FileRole = "playlist" // an HLS media playlist
	RoleMaster   FileRole = "master"   // an HLS multivariant playlist
	RoleImage    FileRole = "image"    // a still
	RoleSprite   FileRole = "sprite"   // a sheet of stills
	RoleVTT      FileRole = "vtt"      // a WebVTT index of sprite sheets
	RolePreview  FileRole = "preview"  // an animated image
)

// PublishedFile is one file at the destination.
type PublishedFile struct {
	// Output is the index in Job.Outputs.
	Output int      `json:"output"`
	Role   FileRole `json:"role"`
	// Path is relative to the destination's prefix.
	Path        string `json:"path"`
	ContentType string `json:"content_type,omitempty"`
	// Size in bytes.
	Size int64 `json:"size"`
	// SHA256 of the contents, in hexadecimal.
	SHA256 string `json:"sha256"`
	// Duration is the media time in the file; 0 for images and playlists.
	Duration Time `json:"duration,omitempty"`
	// Codecs is the RFC 6381 string of the file's tracks, for media and master.
	Codecs string `json:"codecs,omitempty"`
	// Bitrate is bits per second over the whole file, for media.
	Bitrate int64 `json:"bitrate,omitempty"`
	// Width and Height of pictures, where there are any.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
}

// RenditionResult is one encode that was made.
type RenditionResult struct {
	// ID is the rendition's in the Plan.
	ID    string              `json:"id"`
	Type  rendition.MediaType `json:"type"`
	Codec rendition.Codec     `json:"codec"`
	// CodecString is the RFC 6381 string.
	CodecString string `json:"codec_string,omitempty"`
	Width       int    `json:"width,omitempty"`
	Height      int    `json:"height,omitempty"`
	// FrameRate, SampleRate and Channels as far as they apply.
	FrameRate  rendition.Rational `json:"frame_rate,omitzero"`
	SampleRate int                `json:"sample_rate,omitempty"`
	Channels   int                `json:"channels,omitempty"`
	// Bitrate is the measured average in bits per second, Size the coded bytes.
	Bitrate  int64 `json:"bitrate"`
	Size     int64 `json:"size"`
	Duration Time  `json:"duration"`
	// Paths are the published files or playlists that carry it.
	Paths []string `json:"paths"`
}

// seconds makes a Time of d, rounded to the microsecond.
func seconds(d time.Duration) Time { return Time(d.Round(time.Microsecond)) }
