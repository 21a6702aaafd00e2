package hls

import (
	"strconv"
)

// Segment is one media segment of a track.
type Segment struct {
	// Name is the file's name in the sink.
	Name string
	// Start and Duration are in ticks of the track's timescale, on the
	// timeline that begins at 0. Durations follow each other without a gap: a
	// segment ends where the next one begins.
	Start, Duration int64
	// Bytes is the file's size.
	Bytes int64
	// Samples is the number of access units.
	Samples int
}

// settle turns the segments' first presentation times and the end of the track
// into durations.
func settle(list []Segment, end int64) {
	for i := range list {
		next := end
		if i+1 < len(list) {
			next = list[i+1].Start
		}
		list[i].Duration = max(0, next-list[i].Start)
	}
}

// decimals is the number of decimals in which every tick of a timescale is
// distinct, at least 6.
func decimals(timescale uint32) (digits int, scale int64) {
	digits, scale = 6, 1_000_000
	for scale < int64(timescale) {
		digits, scale = digits+1, scale*10
	}
	return digits, scale
}

// seconds returns ticks as a count of 1/scale seconds, to the nearest.
func seconds(ticks int64, timescale uint32, scale int64) int64 {
	whole, rest := ticks/int64(timescale), ticks%int64(timescale)
	return whole*scale + (rest*scale+int64(timescale)/2)/int64(timescale)
}

// extinf returns the EXTINF durations of a track. Each is the difference of two
// rounded times, so that their sum is the rounded length of the track however
// many there are.
func extinf(list []Segment, timescale uint32) []string {
	digits, scale := decimals(timescale)
	out := make([]string, len(list))
	if len(list) == 0 {
		return out
	}
	origin := list[0].Start
	for i, s := range list {
		d := seconds(s.Start+s.Duration-origin, timescale, scale) - seconds(s.Start-origin, timescale, scale)
		frac := strconv.FormatInt(d%scale+scale, 10)[1:]
		out[i] = strconv.FormatInt(d/scale, 10) + "." + frac[:digits]
	}
	return out
}

// targetDuration is the longest duration rounded to whole seconds (RFC 8216
// clause 4.3.3.1), at least 1.
func targetDuration(list []Segment, timescale uint32) int64 {
	var longest int64
	for _, s := range list {
		longest = max(longest, s.Duration)
	}
	return max(1, (longest+int64(timescale)/2)/int64(timescale))
}

// bandwidth returns the peak and the average bit rate of a track in bits per
// second. The peak is that of the busiest run of neighboring segments that
// lasts between a half and one and a half target durations (draft-pantos-hls-
// rfc8216bis clause 4.1); a track that is shorter is taken whole.
func bandwidth(list []Segment, timescale uint32) (peak, average int64) {
	target := targetDuration(list, timescale) * int64(timescale)
	var bytes, ticks int64
	for i := range list {
		var b, d int64
		for _, s := range list[i:] {
			b, d = b+s.Bytes, d+s.Duration
			if d*2 > target*3 {
				break
			}
			if d*2 >= target {
				peak = max(peak, rate(b, d, timescale))
			}
		}
		bytes, ticks = bytes+list[i].Bytes, ticks+list[i].Duration
	}
	average = rate(bytes, ticks, timescale)
	return max(peak, average), average
}

// rate is bits per second, rounded up.
func rate(bytes, ticks int64, timescale uint32) int64 {
	if ticks <= 0 {
		return 0
	}
	return mulDivFloor(bytes*8, int64(timescale), ticks) + 1
}
