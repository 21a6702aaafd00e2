package transcode

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

var (
	errNotDecimal = errors.New("not a decimal number")
	errNegative   = errors.New("negative")
	errFraction   = errors.New("too many decimal places")
	errHuge       = errors.New("too large")
)

// parseDecimal reads an unsigned decimal number, "12", "12.5" or "1.2e3", as a
// whole count of units of 10^-places, exactly but for the exponent form, which
// is rounded. Digits beyond places must be zeros.
func parseDecimal(s string, places int) (int64, error) {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		v, err := parseDecimal(rest, places)
		if err == nil && v == 0 {
			return 0, nil
		}
		if err == nil || errors.Is(err, errHuge) || errors.Is(err, errFraction) {
			return 0, errNegative
		}
		return 0, errNotDecimal
	}
	if strings.ContainsAny(s, "eE") {
		return parseExponent(s, places)
	}
	whole, fraction, dot := strings.Cut(s, ".")
	if !isDigits(whole) || dot && !isDigits(fraction) {
		return 0, errNotDecimal
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > places {
		return 0, errFraction
	}
	v, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", places-len(fraction)), 10, 64)
	if err != nil {
		return 0, errHuge
	}
	return v, nil
}

func parseExponent(s string, places int) (int64, error) {
	if s[0] < '0' || s[0] > '9' || strings.ContainsAny(s, "xXpP_") {
		return 0, errNotDecimal
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, errNotDecimal
	}
	f *= math.Pow10(places)
	if f >= math.MaxInt64 {
		return 0, errHuge
	}
	return int64(math.Round(f)), nil
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
