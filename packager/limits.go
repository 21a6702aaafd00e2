package packager

// Limits on what a packager takes. They are far above real media and keep a
// broken caller from exhausting memory.
const (
	// MaxTracks is the number of tracks in one file or presentation.
	MaxTracks = 128
	// MaxSampleBytes is the size of one sample.
	MaxSampleBytes = 256 << 20
	// MaxConfigBytes is the size of Track.Config.
	MaxConfigBytes = 1 << 20
	// MaxTimescale is the highest Track.Timescale.
	MaxTimescale = 1_000_000_000
	// MaxDimension is the largest width or height that MP4's sample entries hold.
	MaxDimension = 65535
	// MaxSegmentBytes is the size of one segment, which is held in memory.
	MaxSegmentBytes = 512 << 20
	// MaxTime is the largest absolute PTS and DTS, in ticks: 48 days at
	// MaxTimescale, 3000 years at 48 kHz.
	MaxTime = 1 << 52
)
