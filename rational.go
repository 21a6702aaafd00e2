package rendition

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Rational is an exact fraction: a frame rate in frames per second, a time
// base in seconds per tick, or an aspect ratio. Den 0 means unknown. Its text
// and JSON form is "30000/1001".
type Rational struct {
	Num int64
	Den int64
}

// NewRational returns num/den in lowest terms with a positive denominator.
func NewRational(num, den int64) Rational {
	if den == 0 {
		return Rational{}
	}
	if den < 0 {
		num, den = -num, -den
	}
	a, b := num, den
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	if a > 1 {
		num, den = num/a, den/a
	}
	return Rational{Num: num, Den: den}
}

// IsZero reports whether r is unknown or zero.
func (r Rational) IsZero() bool { return r.Den == 0 || r.Num == 0 }

// Float64 returns the nearest float, 0 when r is unknown.
func (r Rational) Float64() float64 {
	if r.Den == 0 {
		return 0
	}
	return float64(r.Num) / float64(r.Den)
}

// Inv returns 1/r.
func (r Rational) Inv() Rational { return NewRational(r.Den, r.Num) }

// String returns "num/den", "0/0" when unknown.
func (r Rational) String() string { return fmt.Sprintf("%d/%d", r.Num, r.Den) }

// MarshalText makes a Rational its String in JSON.
func (r Rational) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads "30000/1001", "30000:1001", "25" or "29.97"; the common
// NTSC decimals become their exact fractions.
func (r *Rational) UnmarshalText(text []byte) error {
	s := strings.Replace(string(text), ":", "/", 1)
	if num, den, ok := strings.Cut(s, "/"); ok {
		n, err1 := strconv.ParseInt(num, 10, 64)
		d, err2 := strconv.ParseInt(den, 10, 64)
		if err1 != nil || err2 != nil || d < 0 {
			return fmt.Errorf("rendition: %q is not a fraction such as 30000/1001", text)
		}
		*r = Rational{n, d}
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || math.Abs(f) > 1e9 {
		return fmt.Errorf("rendition: %q is not a number or fraction such as 30000/1001", text)
	}
	*r = RationalFromFloat(f)
	return nil
}

// RationalFromFloat returns the fraction f stands for: an integer, an NTSC
// rate (n*1000/1001) when f is within 0.001 of one, else thousandths.
func RationalFromFloat(f float64) Rational {
	if f == math.Trunc(f) {
		return Rational{int64(f), 1}
	}
	for _, base := range []int64{24, 30, 48, 60, 120} {
		ntsc := float64(base) * 1000 / 1001
		if math.Abs(f-ntsc) < 0.001 || (math.Abs(f-ntsc) < 0.005 && math.Abs(f*100-math.Round(f*100)) < 1e-9) {
			return Rational{base * 1000, 1001}
		}
	}
	return NewRational(int64(math.Round(f*1000)), 1000)
}

// Duration converts ticks of time base r to a time.Duration, rounded to the
// nearest nanosecond; 0 when r is unknown.
func (r Rational) Duration(ticks int64) time.Duration {
	if r.Den == 0 {
		return 0
	}
	whole := ticks / r.Den * r.Num
	rest := float64(ticks%r.Den) * float64(r.Num) / float64(r.Den)
	return time.Duration(whole)*time.Second + time.Duration(math.Round(rest*1e9))
}
