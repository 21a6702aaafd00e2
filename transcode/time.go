package transcode

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
)

// Time is a point on a source's timeline, which begins at 0, or a length of
// time. In JSON it is a number of seconds, or a string: "90", "90.5", "1:30",
// "00:01:30.500". It is never negative, at most MaxTime, exact to the
// nanosecond, and marshals to a number of seconds.
type Time time.Duration

// MaxTime is the largest Time.
const MaxTime = Time(1000 * time.Hour)

// Seconds returns the Time of a number of seconds: Seconds(1.5).
func Seconds(s float64) Time { return Time(s * float64(time.Second)) }

// ParseTime reads seconds, "mm:ss" or "hh:mm:ss", each with decimals allowed
// at the end. Minutes and seconds after a colon are below 60. Its errors are
// of kind InvalidJob.
func ParseTime(s string) (Time, error) {
	t, err := parseTime(s)
	if err != nil {
		return 0, &rendition.Error{Kind: rendition.InvalidJob, Op: "transcode: parse time", Err: err}
	}
	return t, nil
}

func parseTime(s string) (Time, error) {
	t, err := parseClock(s)
	switch {
	case errors.Is(err, errNegative):
		return 0, fmt.Errorf("%s is negative", quote(s))
	case errors.Is(err, errHuge), err == nil && t > MaxTime:
		return 0, fmt.Errorf("%s is more than %d hours", quote(s), int64(MaxTime.Duration().Hours()))
	case errors.Is(err, errFraction):
		return 0, fmt.Errorf("%s is finer than a nanosecond", quote(s))
	case err != nil:
		return 0, fmt.Errorf(`%s is not a time such as 90, "1:30" or "00:01:30.500"`, quote(s))
	}
	return t, nil
}

func parseClock(s string) (Time, error) {
	parts := strings.Split(s, ":")
	if len(parts) > 3 || len(parts) > 1 && strings.ContainsAny(s, "eE") {
		return 0, errNotDecimal
	}
	last, err := parseDecimal(parts[len(parts)-1], 9)
	if err != nil || len(parts) == 1 {
		return Time(last), err
	}
	if strings.HasPrefix(s, "-") {
		return 0, errNegative
	}
	if last >= int64(time.Minute) || parts[len(parts)-1][0] == '-' {
		return 0, errNotDecimal
	}
	var minutes int64
	for i, p := range parts[:len(parts)-1] {
		v, err := parseDecimal(p, 0)
		switch {
		case errors.Is(err, errHuge), err == nil && v > 1e9:
			return 0, errHuge
		case err != nil || !isDigits(p) || i > 0 && v >= 60:
			return 0, errNotDecimal
		}
		minutes = minutes*60 + v
	}
	if minutes > int64(MaxTime.Duration()/time.Minute) {
		return 0, errHuge
	}
	return Time(minutes*int64(time.Minute) + last), nil
}

// Duration returns t as a time.Duration.
func (t Time) Duration() time.Duration { return time.Duration(t) }

// String returns "hh:mm:ss", with the decimals it needs.
func (t Time) String() string {
	sign, d := "", t.Duration()
	if d < 0 {
		sign, d = "-", max(-d, 0)
	}
	s := fmt.Sprintf("%s%02d:%02d:%02d", sign, d/time.Hour, d/time.Minute%60, d/time.Second%60)
	return s + decimals(d%time.Second)
}

// decimals prints a part of a second as ".5", or nothing.
func decimals(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return "." + strings.TrimRight(fmt.Sprintf("%09d", int64(d)), "0")
}

// MarshalJSON writes a number of seconds, exactly.
func (t Time) MarshalJSON() ([]byte, error) {
	sign, d := "", t.Duration()
	if d < 0 {
		sign, d = "-", max(-d, 0)
	}
	return []byte(sign + strconv.FormatInt(int64(d/time.Second), 10) + decimals(d%time.Second)), nil
}

// UnmarshalJSON reads a number of seconds or a string as ParseTime does.
func (t *Time) UnmarshalJSON(data []byte) error { return unmarshalOne("read time", data, t) }
