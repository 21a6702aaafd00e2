package transcode

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// String is the estimate as a text for people.
func (e *Estimate) String() string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "time  %s on this machine when it is idle\ncpu   %s\nsize  %s\nmemory  about %s\n",
		shortTime(e.Elapsed.Duration()), shortTime(e.CPU.Duration()), byteText(e.Size), byteText(e.Memory))
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	row(w, "\nid", "encode", "rate", "size")
	for _, r := range e.Renditions {
		what := string(r.Codec)
		if r.Width > 0 {
			what = fmt.Sprintf("%s %dx%d", r.Codec, r.Width, r.Height)
		}
		row(w, r.ID, what, Bitrate(r.Bitrate).String(), byteText(r.Size))
	}
	row(w, "\noutput", "size")
	for _, o := range e.Outputs {
		row(w, fmt.Sprint(o.Output), byteText(o.Size))
	}
	_ = w.Flush() // a strings.Builder does not fail
	fmt.Fprintf(b, "\nfrom %s of video, in %s; may well be %.0f %% off\n",
		shortTime(e.Calibrated.Duration()), shortTime(e.Took.Duration()), e.Uncertainty*100)
	for _, n := range e.Notes {
		fmt.Fprintln(b, "note:", n)
	}
	return b.String()
}

// byteText prints a number of bytes with three digits.
func byteText(n int64) string {
	for _, u := range []struct {
		size float64
		name string
	}{{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}} {
		if float64(n) >= u.size {
			return fmt.Sprintf("%.3g %s", float64(n)/u.size, u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}
