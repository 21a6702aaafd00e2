package transcode

import (
	"github.com/rendition-sdk/rendition"
)

// Output is one entry of Job.Outputs: *FileOutput, *HLSOutput,
// *ThumbnailsOutput or *GIFOutput. In JSON its "type" says which.
type Output interface {
	// Type is the entry's "type" in JSON.
	Type() string
}

// Outputs is the list of a job's outputs; in JSON each entry carries its "type".
type Outputs []Output

// FileOutput makes one media file, output_<i>.<container>.
type FileOutput struct {
	// Container is mp4 (default), mov, m4a, webm, mkv, mp3 or ogg.
	Container string `json:"container,omitempty"`
	// Codec is h264 (default; vp9 in webm), h265, vp9, av1 or copy. A copy is
	// the source's coded picture as it is, never decoded: its codec must go into
	// the container, Width and Height be the source's or 0, Bitrate and
	// MaxBitrate are limits for the source's average; CRF, Preset, FPS and Start
	// do not go with it, and Duration is rounded up to whole coded pictures.
	Codec rendition.Codec `json:"codec,omitempty"`
	// Width and Height in pixels; 0 follows the other one and the display
	// aspect, both 0 keep the source's size. The height of a portrait source
	// is its short side: 720 makes 720x1280 of a phone clip. Never upscales.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// CRF is the constant quality in the codec's own scale; nil means the
	// default of the codec unless Bitrate is set.
	CRF *int `json:"crf,omitempty"`
	// Bitrate is the average, MaxBitrate the VBV limit, in bits per second.
	Bitrate    Bitrate `json:"bitrate,omitempty"`
	MaxBitrate Bitrate `json:"max_bitrate,omitempty"`
	// Preset trades speed for size, in x264's names from ultrafast to
	// placebo for every codec. Default "medium".
	Preset string `json:"preset,omitempty"`
	// FPS is the frame rate; zero keeps the source's.
	FPS rendition.Rational `json:"fps,omitzero"`
	// Video false leaves the picture out. Nil means true where the source has one.
	Video *bool `json:"video,omitempty"`
	// Audio is the sound; nil means the codec's default where the source has
	// sound. Set Audio.Codec to "none" to leave it out.
	Audio *AudioSettings `json:"audio,omitempty"`
	// Start and Duration cut a clip; zero means from the start, to the end.
	Start    Time `json:"start,omitempty"`
	Duration Time `json:"duration,omitempty"`
}

// HLSOutput makes an HLS presentation, hls<i>/master.m3u8.
type HLSOutput struct {
	// Ladder is the rungs. Required: an empty one is an error.
	Ladder Ladder `json:"ladder"`
	// Codec of the rungs that name none; default h264. One of h264, h265, av1
	// and copy, which with an auto ladder is one rung: the source's picture.
	Codec rendition.Codec `json:"codec,omitempty"`
	// Preset and CRF of the rungs that name none.
	Preset string `json:"preset,omitempty"`
	CRF    *int   `json:"crf,omitempty"`
	// SegmentDuration is the target length; default 6 s, 1 to 60 s.
	SegmentDuration Time `json:"segment_duration,omitempty"`
	// Audio is the audio renditions; empty means one of AAC 128 kbit/s stereo
	// where the source has sound.
	Audio []AudioSettings `json:"audio,omitempty"`
	// Start and Duration cut a clip; zero means from the start, to the end.
	Start    Time `json:"start,omitempty"`
	Duration Time `json:"duration,omitempty"`
	// PublishWhileEncoding makes the presentation playable from its first
	// segments on, while the rest is encoded: playlists appear early and grow. An
	// earlier run's multivariant playlist is replaced early, too. Default false:
	// playlists come when everything is encoded and verified.
	PublishWhileEncoding bool `json:"publish_while_encoding,omitempty"`
}

// Ladder is a list of rungs, or "auto": chosen from the source by ladder.Auto.
type Ladder struct {
	Auto  bool
	Rungs []Rung
}

// Rung is one video rendition of a ladder. Fields are those of FileOutput. A
// rung with Codec copy needs key frames in the source where segments of the
// other rungs begin; alone, its segments begin at the source's key frames.
type Rung struct {
	Width      int                `json:"width,omitempty"`
	Height     int                `json:"height,omitempty"`
	Codec      rendition.Codec    `json:"codec,omitempty"`
	CRF        *int               `json:"crf,omitempty"`
	Bitrate    Bitrate            `json:"bitrate,omitempty"`
	MaxBitrate Bitrate            `json:"max_bitrate,omitempty"`
	Preset     string             `json:"preset,omitempty"`
	FPS        rendition.Rational `json:"fps,omitzero"`
}

// AudioSettings is one sound track to make.
type AudioSettings struct {
	// Codec is aac (default; opus in webm, mp3 in mp3), opus, mp3, copy (the
	// source's coded sound as it is) or none.
	Codec rendition.Codec `json:"codec,omitempty"`
	// Bitrate in bits per second; default by codec and channels. Not for copy.
	Bitrate Bitrate `json:"bitrate,omitempty"`
	// Channels is 1, 2 or 6; 0 means the source's, at most 2. Never upmixes.
	Channels int `json:"channels,omitempty"`
	// Language picks the source's track by its language tag; empty means the default track.
	Language string `json:"language,omitempty"`
}

// ThumbnailsOutput makes stills, thumbs<i>/thumb_0001.jpg and so on. Exactly
// one of Interval, Count and Times is set.
type ThumbnailsOutput struct {
	// Interval is the time between stills, the first at 0.
	Interval Time `json:"interval,omitempty"`
	// Count is a number of stills, each in the middle of its equal share of the source.
	Count int `json:"count,omitempty"`
	// Times are the stills' times.
	Times []Time `json:"times,omitempty"`
	// Width and Height in pixels as in FileOutput; default the source's size,
	// with a sprite 160 wide.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// Format is jpg (default), png or webp.
	Format string `json:"format,omitempty"`
	// Quality is 1 to 100 for jpg and webp; default 80.
	Quality int `json:"quality,omitempty"`
	// Exact takes the frame at each time; otherwise the key frame at or before
	// it is used, which is much faster.
	Exact bool `json:"exact,omitempty"`
	// Sprite also makes sheets of all stills, sprite_0001.jpg and so on, and
	// thumbnails.vtt, which maps times to places in them.
	Sprite *Sprite `json:"sprite,omitempty"`
}

// Sprite is the grid of a sprite sheet.
type Sprite struct {
	// Columns and Rows of a sheet; default 10 by 10.
	Columns int `json:"columns,omitempty"`
	Rows    int `json:"rows,omitempty"`
	// Width of a tile in pixels; default 160. Height follows the aspect.
	Width int `json:"width,omitempty"`
}

// GIFOutput makes an animated preview, output_<i>.gif or output_<i>.webp.
type GIFOutput struct {
	// Start of the clip; default 0. Duration is required, at most MaxGIFDuration.
	Start    Time `json:"start,omitempty"`
	Duration Time `json:"duration"`
	// Width and Height in pixels as in FileOutput; default 480 wide.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// FPS is the frame rate; default 10.
	FPS rendition.Rational `json:"fps,omitzero"`
	// Format is gif (default; its palette is computed for the clip) or webp.
	Format string `json:"format,omitempty"`
}

// Type implements Output.
func (*FileOutput) Type() string { return "file" }

// Type implements Output.
func (*HLSOutput) Type() string { return "hls" }

// Type implements Output.
func (*ThumbnailsOutput) Type() string { return "thumbnails" }

// Type implements Output.
func (*GIFOutput) Type() string { return "gif" }
