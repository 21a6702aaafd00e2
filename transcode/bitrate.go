package transcode

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
)

// Bitrate is bits per second. In JSON it is a whole number, or a string with a
// decimal suffix: "800k", "5M", "2.5M". It marshals to a number.
type Bitrate int64

// maxBitrate bounds every Bitrate that is read, far above any use.
const maxBitrate = 10_000_000_000

// ParseBitrate reads "2500000", "2500k", "2.5M" or "0.0025G"; k, M and G are
// powers of 1000. Its errors are of kind InvalidJob.
func ParseBitrate(s string) (Bitrate, error) {
	b, err := parseBitrate(s)
	if err != nil {
		return 0, &rendition.Error{Kind: rendition.InvalidJob, Op: "transcode: parse bit rate", Err: err}
	}
	return b, nil
}

func parseBitrate(s string) (Bitrate, error) {
	number, digits := s, 0
	if n := len(s); n > 0 {
		switch s[n-1] {
		case 'k', 'K':
			number, digits = s[:n-1], 3
		case 'M':
			number, digits = s[:n-1], 6
		case 'G':
			number, digits = s[:n-1], 9
		}
	}
	value, err := parseDecimal(number, digits)
	switch {
	case errors.Is(err, errNegative):
		return 0, fmt.Errorf("%s is negative", quote(s))
	case errors.Is(err, errFraction):
		return 0, fmt.Errorf("%s is not a whole number of bits per second", quote(s))
	case errors.Is(err, errHuge), err == nil && value > maxBitrate:
		return 0, fmt.Errorf("%s is more than 10G", quote(s))
	case err != nil:
		return 0, fmt.Errorf("%s is not a bit rate such as 2500000, 800k or 2.5M", quote(s))
	}
	return Bitrate(value), nil
}

// String returns the shortest exact form, such as "2.5M", "800k" or "1001".
func (b Bitrate) String() string {
	v := int64(b)
	switch {
	case v < 1000 || v%1000 != 0:
		return strconv.FormatInt(v, 10)
	case v < 1_000_000:
		return strconv.FormatInt(v/1000, 10) + "k"
	}
	s := fmt.Sprintf("%d.%03d", v/1_000_000, v/1000%1000)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".") + "M"
}

// MarshalJSON writes a number.
func (b Bitrate) MarshalJSON() ([]byte, error) { return strconv.AppendInt(nil, int64(b), 10), nil }

// UnmarshalJSON reads a number or a string as ParseBitrate does.
func (b *Bitrate) UnmarshalJSON(data []byte) error { return unmarshalOne("read bit rate", data, b) }
