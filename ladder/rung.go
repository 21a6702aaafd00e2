package ladder

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/rendition-sdk/rendition"
)

// Rung is one video rendition of a ladder.
type Rung struct {
	// Width and Height are the coded size in square pixels: even, from 2 to MaxDimension.
	Width  int `json:"width"`
	Height int `json:"height"`
	// Bitrate is the average in bits per second.
	Bitrate int64 `json:"bitrate"`
	// MaxBitrate is the peak in bits per second that the buffer model refills
	// with; 0 leaves it to the encoder.
	MaxBitrate int64 `json:"max_bitrate,omitempty"`
	// BufferSize is the buffer of that model (HRD, VBV) in bits; 0 leaves it
	// to the encoder.
	BufferSize int64 `json:"buffer_size,omitempty"`
	// Codec is H264, H265, VP8, VP9 or AV1; empty means the job's.
	Codec rendition.Codec `json:"codec,omitempty"`
	// Profile is the codec profile as FFmpeg's encoders name it: "high",
	// "main10", "0"; empty leaves it to the encoder.
	Profile string `json:"profile,omitempty"`
	// FPS is the highest frame rate in frames per second: a faster source is
	// brought down to it, a slower one keeps its own. Zero means the source's.
	FPS rendition.Rational `json:"fps,omitzero"`
}

// ShortSide returns the lesser of Width and Height, the number a rung is named after.
func (r Rung) ShortSide() int { return min(r.Width, r.Height) }

// String returns the rung in one line, such as
// "1280x720 h264 high 3000 kb/s (peak 4500, buffer 9000 kb)".
func (r Rung) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%dx%d", r.Width, r.Height)
	for _, s := range []string{string(r.Codec), r.Profile} {
		if s != "" {
			b.WriteString(" " + s)
		}
	}
	fmt.Fprintf(&b, " %s kb/s", kilo(r.Bitrate))
	if r.MaxBitrate > 0 {
		fmt.Fprintf(&b, " (peak %s, buffer %s kb)", kilo(r.MaxBitrate), kilo(r.BufferSize))
	}
	if !r.FPS.IsZero() {
		fmt.Fprintf(&b, " at most %s fps", fpsText(r.FPS))
	}
	return b.String()
}

// Ladder is a list of rungs, the smallest first. A nil Ladder is empty; no
// function of this package returns an empty Ladder without an error.
type Ladder []Rung

// String returns an aligned table, one line a rung under a line of headings,
// without a final newline. Rates are in kb/s and the buffer in kb (1000 bits).
func (l Ladder) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "size\tkb/s\tpeak\tbuffer\tcodec\tprofile\tfps\t")
	for _, r := range l {
		fmt.Fprintf(w, "%dx%d\t%s\t%s\t%s\t%s\t%s\t%s\t\n", r.Width, r.Height, kilo(r.Bitrate), kilo(r.MaxBitrate),
			kilo(r.BufferSize), orDash(string(r.Codec)), orDash(r.Profile), fpsText(r.FPS))
	}
	_ = w.Flush() // a strings.Builder does not fail
	return strings.TrimRight(b.String(), "\n")
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// kilo prints n/1000, with a fraction only where there is one, "-" for 0.
func kilo(n int64) string {
	switch {
	case n == 0:
		return "-"
	case n%1000 == 0:
		return fmt.Sprint(n / 1000)
	default:
		return fmt.Sprintf("%.1f", float64(n)/1000)
	}
}

func fpsText(r rendition.Rational) string {
	switch {
	case r.IsZero():
		return "source"
	case r.Num%r.Den == 0:
		return fmt.Sprint(r.Num / r.Den)
	default:
		return fmt.Sprintf("%.2f", r.Float64())
	}
}
