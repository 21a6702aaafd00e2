package av

import (
	"strconv"
	"strings"
	"time"
)

// taggedDuration reads the length of a Matroska track from the statistics tag
// that muxers write for lack of a field: "DURATION" or "DURATION-eng", as
// "00:00:02.000000000" (Matroska tagging specification, 2.2). It returns 0
// where there is none that can be read.
func taggedDuration(tags map[string]string) time.Duration {
	for name, value := range tags {
		if name != "duration" && !strings.HasPrefix(name, "duration-") {
			continue
		}
		parts := strings.Split(value, ":")
		if len(parts) != 3 {
			continue
		}
		h, err1 := strconv.ParseUint(parts[0], 10, 16)
		m, err2 := strconv.ParseUint(parts[1], 10, 8)
		s, err3 := strconv.ParseFloat(parts[2], 64)
		if err1 == nil && err2 == nil && err3 == nil && m < 60 && s >= 0 && s < 60 {
			return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s*float64(time.Second))
		}
	}
	return 0
}
