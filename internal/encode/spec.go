package encode

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// Spec is the work of one Run.
type Spec struct {
	Source rendition.Source
	Media  *rendition.Media
	Video  []*Video
	Audio  []*Audio
	Stills []*Stills
	// Animations are previews.
	Animations []*Animation
	// Logger may be nil.
	Logger *slog.Logger
	// Gate, if not nil, is asked before each packet and may block: a pause.
	Gate func(context.Context) error
}

func (s *Spec) gate(ctx context.Context) error {
	if s.Gate == nil {
		return nil
	}
	return s.Gate(ctx)
}

// Clip is a part of the source's timeline, which begins at 0; Duration 0 is
// to the end.
type Clip struct {
	Start, Duration time.Duration
}

// SampleWriter takes the samples of one rendition. Start comes first, once;
// all calls come from one goroutine.
type SampleWriter interface {
	Start(ctx context.Context, track packager.Track) error
	WriteSample(ctx context.Context, s packager.Sample) error
}

// VideoSettings are all that the bytes of an encode depend on beside its source. Finished
// pieces are found again by them (internal/chunk).
type VideoSettings struct {
	Codec         rendition.Codec
	Width, Height int
	FrameRate     rendition.Rational
	PixelFormat   string
	Deinterlace   bool
	ToneMap       bool
	Color         rendition.Color
	CRF           int
	Bitrate       int64
	MaxBitrate    int64
	BufferSize    int64
	Preset        string
	Profile       string
	KeyInterval   int
	Threads       int
	Clip          Clip
}

// Video is one video encode or copy.
type Video struct {
	Stream int
	// Copy passes the coded pictures on.
	Copy bool
	// Grids are the lengths of segments, in seconds, at whose multiples a copy
	// must have key frames.
	Grids []rendition.Rational
	// NoEdits says that a copy goes where nothing can hide pictures that lie
	// before the beginning, Independent that it is cut at any of its key frames.
	NoEdits     bool
	Independent bool
	// VideoSettings are those of the encode; of a copy, what its source has, and Clip.
	VideoSettings
	// Writers receive the samples, each in turn.
	Writers []SampleWriter
	// Counter counts what has been written.
	Counter Counter
}

// Audio is one audio encode or copy.
type Audio struct {
	Stream     int
	Codec      rendition.Codec
	Copy       bool
	Bitrate    int64
	Channels   int
	SampleRate int
	Language   string
	Title      string
	Clip       Clip
	Writers    []SampleWriter
	Counter    Counter
}

// WithWriters is a with other writers and a new Counter.
func (a *Audio) WithWriters(w ...SampleWriter) *Audio {
	return &Audio{
		Stream: a.Stream, Codec: a.Codec, Copy: a.Copy, Bitrate: a.Bitrate, Channels: a.Channels, SampleRate: a.SampleRate,
		Language: a.Language, Title: a.Title, Clip: a.Clip, Writers: w,
	}
}

// Stills is one set of pictures, and sheets of them.
type Stills struct {
	Stream        int
	Times         []time.Duration
	Width, Height int
	Format        string
	Quality       int
	Exact         bool
	Deinterlace   bool
	ToneMap       bool
	// Tile is the size of a sprite's tile, Columns x Rows of them a sheet; 0 for no sprite.
	TileWidth, TileHeight, Columns, Rows int
	// Still and Sheet receive encoded images, numbered from 0, from one goroutine.
	Still func(ctx context.Context, index int, data []byte) error
	Sheet func(ctx context.Context, index int, data []byte) error
	// Done counts the stills taken.
	Done atomic.Int64
}

// WithHandlers is s with other receivers of images, and nothing done.
func (s *Stills) WithHandlers(still, sheet func(ctx context.Context, index int, data []byte) error) *Stills {
	return &Stills{
		Stream: s.Stream, Times: s.Times, Width: s.Width, Height: s.Height, Format: s.Format, Quality: s.Quality,
		Exact: s.Exact, Deinterlace: s.Deinterlace, ToneMap: s.ToneMap, TileWidth: s.TileWidth, TileHeight: s.TileHeight,
		Columns: s.Columns, Rows: s.Rows, Still: still, Sheet: sheet,
	}
}

// Animation is one animated preview.
type Animation struct {
	Stream        int
	Clip          Clip
	Width, Height int
	FPS           rendition.Rational
	Format        string
	Deinterlace   bool
	ToneMap       bool
	// Data receives the finished file.
	Data func(ctx context.Context, data []byte) error
}

// Counter counts the samples of one rendition while Run goes on. It may be
// read from any goroutine.
type Counter struct {
	samples atomic.Int64
	bytes   atomic.Int64
	micros  atomic.Int64
	encoded atomic.Int64 // microseconds that are encoded but perhaps not written yet
}

// Samples is the number of samples written.
func (c *Counter) Samples() int64 { return c.samples.Load() }

// Bytes is the size of the samples written.
func (c *Counter) Bytes() int64 { return c.bytes.Load() }

// Duration is the media time written.
func (c *Counter) Duration() time.Duration { return time.Duration(c.micros.Load()) * time.Microsecond }

// Encoded is the media time encoded: Duration, and of chunks what waits for
// its turn to be written.
func (c *Counter) Encoded() time.Duration {
	return max(c.Duration(), time.Duration(c.encoded.Load())*time.Microsecond)
}

// AddEncoded counts media time that is encoded, or, negative, has been lost again.
func (c *Counter) AddEncoded(d time.Duration) { c.encoded.Add(d.Microseconds()) }

// Add counts a sample that has been written.
func (c *Counter) Add(bytes int, end time.Duration) { c.add(bytes, end) }

func (c *Counter) add(bytes int, end time.Duration) {
	c.samples.Add(1)
	c.bytes.Add(int64(bytes))
	if us := end.Microseconds(); us > c.micros.Load() {
		c.micros.Store(us)
	}
}

// Stats is what Run saw of the source.
type Stats struct {
	// Streams has an entry for each stream that was decoded or copied.
	Streams map[int]*StreamStats
	// BytesRead of the source.
	BytesRead int64
	// ReadToEnd says that the source was read to its end, not only to the end of a clip.
	ReadToEnd bool
}

// StreamStats is what Run saw of one stream.
type StreamStats struct {
	// End is the end of the last frame on the source's timeline.
	End time.Duration
	// Frames decoded or packets copied, Errors packets that could not be decoded.
	Frames, Errors int
	// Ended says that the stream was left at the end of its clips, before its own end.
	Ended bool
	// LastError is the reason of the last of Errors; nil if none.
	LastError error
}

// Expect is what Check wants of an output.
type Expect struct {
	// Video and Audio are the numbers of tracks.
	Video, Audio int
	// Duration of the longest track, within Tolerance.
	Duration, Tolerance time.Duration
	// FirstOnly looks at the tracks and their first frames alone.
	FirstOnly bool
}
