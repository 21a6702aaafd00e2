package transcode

import (
	"time"

	"github.com/rendition-sdk/rendition"
)

// Plan is what a job will do to a given source: which encodes, from which
// streams, packaged how, published where. It is a pure function of Job and
// Media (NewPlan), prints as text, and holds no libav type.
type Plan struct {
	// Media is the source planned for.
	Media *rendition.Media `json:"-"`
	// Video are the distinct video encodes; outputs refer to them by ID, and
	// outputs that need the same encode share one.
	Video []VideoRendition `json:"video,omitempty"`
	// Audio are the distinct audio encodes or copies.
	Audio []AudioRendition `json:"audio,omitempty"`
	// Files are the media files to write.
	Files []FilePackage `json:"files,omitempty"`
	// HLS are the presentations to write.
	HLS []HLSPackage `json:"hls,omitempty"`
	// Thumbnails are the sets of stills to take.
	Thumbnails []ThumbnailTask `json:"thumbnails,omitempty"`
	// Animations are the previews to make.
	Animations []AnimationTask `json:"animations,omitempty"`
	// Warnings are what a person should know before the run, as sentences.
	Warnings []string `json:"warnings,omitempty"`
}

// Clip is a part of the source's timeline, which begins at 0. Duration 0
// means to the end.
type Clip struct {
	Start    time.Duration `json:"start,omitempty"`
	Duration time.Duration `json:"duration,omitempty"`
}

// VideoRendition is one video encode or copy. Two renditions are equal when all their
// fields but ID are; then they are one.
type VideoRendition struct {
	// ID names the rendition in the plan, such as "v0".
	ID string `json:"id"`
	// Stream is the source stream's index.
	Stream int `json:"stream"`
	// Codec is the output's; with Copy it is the source's.
	Codec rendition.Codec `json:"codec"`
	// Copy takes the source's coded pictures as they are. The fields below are
	// the source's then, those of an encoder 0, and FrameRate is 0 where the
	// source's rate varies.
	Copy bool `json:"copy,omitempty"`
	// Width and Height are the coded size, even, in square pixels, upright;
	// with Copy as the source stores it.
	Width  int `json:"width"`
	Height int `json:"height"`
	// FrameRate is the constant output rate.
	FrameRate rendition.Rational `json:"frame_rate"`
	// PixelFormat is "yuv420p" or "yuv420p10le"; with Copy the source's.
	PixelFormat string `json:"pixel_format"`
	// Deinterlace and ToneMap say which conversions the picture needs.
	// ToneMap turns PQ or HLG into BT.709 standard range.
	Deinterlace bool `json:"deinterlace,omitempty"`
	ToneMap     bool `json:"tone_map,omitempty"`
	// Color is the output's color description.
	Color rendition.Color `json:"color,omitzero"`
	// CRF is the constant quality, or -1 when Bitrate rules; 0 with Copy.
	CRF int `json:"crf"`
	// Bitrate, MaxBitrate in bits per second and BufferSize in bits; 0 unset.
	Bitrate    int64 `json:"bitrate,omitempty"`
	MaxBitrate int64 `json:"max_bitrate,omitempty"`
	BufferSize int64 `json:"buffer_size,omitempty"`
	// Preset is in x264's names; Profile in the codec's, empty for its default.
	Preset  string `json:"preset"`
	Profile string `json:"profile,omitempty"`
	// KeyFrameInterval is the exact distance of forced key frames in frames.
	KeyFrameInterval int `json:"key_frame_interval"`
	// Threads is the encoder's thread count. It is part of the settings, never
	// of the machine, because it changes the encoder's output.
	Threads int  `json:"threads"`
	Clip    Clip `json:"clip,omitzero"`
}

// AudioRendition is one audio encode or copy.
type AudioRendition struct {
	// ID names the rendition in the plan, such as "a0".
	ID     string `json:"id"`
	Stream int    `json:"stream"`
	// Codec is the output's; with Copy it is the source's.
	Codec rendition.Codec `json:"codec"`
	Copy  bool            `json:"copy,omitempty"`
	// Bitrate in bits per second; 0 with Copy.
	Bitrate int64 `json:"bitrate,omitempty"`
	// Channels and SampleRate are the output's.
	Channels   int    `json:"channels"`
	SampleRate int    `json:"sample_rate"`
	Language   string `json:"language,omitempty"`
	Title      string `json:"title,omitempty"`
	Clip       Clip   `json:"clip,omitzero"`
}

// FilePackage is one media file.
type FilePackage struct {
	// Output is the index in Job.Outputs.
	Output int `json:"output"`
	// Path is the published path under the destination.
	Path string `json:"path"`
	// Container is the job's container. Mp4, mov and m4a are written natively,
	// the others through libavformat.
	Container string `json:"container"`
	// Video and Audio are rendition IDs; empty for none.
	Video string   `json:"video,omitempty"`
	Audio []string `json:"audio,omitempty"`
}

// HLSPackage is one HLS presentation.
type HLSPackage struct {
	Output int `json:"output"`
	// Dir is the published folder with a slash at its end, such as "hls0/".
	Dir string `json:"dir"`
	// Master is the multivariant playlist's path, "hls0/master.m3u8".
	Master string `json:"master"`
	// SegmentDuration is the exact grid in seconds, a whole number of frames.
	SegmentDuration rendition.Rational `json:"segment_duration"`
	// Growing publishes the playlists from the first segments on.
	Growing bool `json:"growing,omitempty"`
	// Video and Audio are the tracks, best video first.
	Video []HLSTrack `json:"video,omitempty"`
	Audio []HLSTrack `json:"audio,omitempty"`
}

// HLSTrack is one rendition in a presentation.
type HLSTrack struct {
	// Rendition is the rendition's ID.
	Rendition string `json:"rendition"`
	// Name is the folder of its files under the presentation, such as "720p".
	Name string `json:"name"`
	// Label is the name people see, Default whether players start with it.
	Label   string `json:"label,omitempty"`
	Default bool   `json:"default,omitempty"`
}

// ThumbnailTask is one set of stills.
type ThumbnailTask struct {
	Output int `json:"output"`
	// Stream is the source stream's index.
	Stream int    `json:"stream"`
	Dir    string `json:"dir"`
	// Times are the times of the stills on the source's timeline, ascending.
	Times []time.Duration `json:"times"`
	// Width and Height of a still; TileWidth and TileHeight of a sprite's tile.
	Width   int     `json:"width"`
	Height  int     `json:"height"`
	Format  string  `json:"format"`
	Quality int     `json:"quality"`
	Exact   bool    `json:"exact,omitempty"`
	Sprite  *Sprite `json:"sprite,omitempty"`
	// TileHeight is the height of a tile of Sprite.Width pixels.
	TileHeight int `json:"tile_height,omitempty"`
	// Deinterlace and ToneMap as in VideoRendition.
	Deinterlace bool `json:"deinterlace,omitempty"`
	ToneMap     bool `json:"tone_map,omitempty"`
}

// AnimationTask is one animated preview.
type AnimationTask struct {
	Output int                `json:"output"`
	Stream int                `json:"stream"`
	Path   string             `json:"path"`
	Clip   Clip               `json:"clip"`
	Width  int                `json:"width"`
	Height int                `json:"height"`
	FPS    rendition.Rational `json:"fps"`
	Format string             `json:"format"`
	// Deinterlace and ToneMap as in VideoRendition.
	Deinterlace bool `json:"deinterlace,omitempty"`
	ToneMap     bool `json:"tone_map,omitempty"`
}
