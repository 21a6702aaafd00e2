package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition/transcode"
)

// report is everything that was measured.
type report struct {
	options *options
	plan    *transcode.Plan
	version string
	pairs   []pair
	rungs   []rung
}

// quantity is one column of what a process costs.
type quantity struct {
	name, unit string
	of         func(usage) float64
}

var quantities = []quantity{
	{"wall time", "s", func(u usage) float64 { return u.wall.Seconds() }},
	{"CPU time (user + system)", "s", func(u usage) float64 { return u.cpu.Seconds() }},
	{"cores busy", "", func(u usage) float64 { return u.cpu.Seconds() / u.wall.Seconds() }},
	{"peak memory", "MB", func(u usage) float64 { return float64(u.memory) / 1e6 }},
}

// markdown is the measured part of the page.
func (r *report) markdown() string {
	b := &strings.Builder{}
	src := r.plan.Media.VideoStream().Video
	fmt.Fprintf(b, "Source: `%s`, %.1f s, %dx%d at %.3g frames/s. x264 preset %s, CRF %d, %s. %d paired runs on %d cores (%s/%s).\n"+
		"Peer: `%s`.\n\n",
		filepath.Base(r.options.in), r.plan.Media.Duration.Seconds(), src.Width, src.Height, src.FrameRate.Float64(),
		r.options.preset, crf, r.rates(), len(r.pairs), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, r.version)
	b.WriteString("| | rendition | ffmpeg | ratio, median of pairs | lowest to highest |\n|---|---:|---:|---:|---:|\n")
	for _, q := range quantities {
		ours, peer, ratio := r.column(q)
		fmt.Fprintf(b, "| %s | %s | %s | **%.3f** | %.3f to %.3f |\n", q.name, q.text(median(ours)), q.text(median(peer)),
			median(ratio), slices.Min(ratio), slices.Max(ratio))
	}
	b.WriteString("\nThe work is the same on both sides:\n\n")
	b.WriteString("| rung | bytes, rendition | bytes, ffmpeg | ratio | SSIM, rendition | SSIM, ffmpeg |\n|---|---:|---:|---:|---:|---:|\n")
	for _, g := range r.rungs {
		fmt.Fprintf(b, "| %s | %d | %d | %.3f | %.5f | %.5f |\n", g.name, g.ours, g.peer, float64(g.ours)/float64(g.peer), g.oursSSIM, g.peerSSIM)
	}
	return b.String()
}

// rates says how the rungs are limited.
func (r *report) rates() string {
	var list []string
	for _, v := range r.plan.Video {
		list = append(list, fmt.Sprintf("%d at most %.4g Mbit/s", v.Height, float64(v.MaxBitrate)/1e6))
	}
	return "rungs " + strings.Join(list, ", ") + fmt.Sprintf(", key frame every %d frames", r.plan.Video[0].KeyFrameInterval)
}

// column returns a quantity of all runs and its ratio in each pair.
func (r *report) column(q quantity) (ours, peer, ratio []float64) {
	for _, p := range r.pairs {
		x, y := q.of(p.ours), q.of(p.peer)
		ours, peer, ratio = append(ours, x), append(peer, y), append(ratio, x/y)
	}
	return ours, peer, ratio
}

func (q quantity) text(v float64) string {
	if q.unit == "MB" {
		return fmt.Sprintf("%.0f MB", v)
	}
	return strings.TrimSpace(fmt.Sprintf("%.2f %s", v, q.unit))
}

func median(values []float64) float64 {
	list := slices.Sorted(slices.Values(values))
	n := len(list)
	if n%2 == 1 {
		return list[n/2]
	}
	return (list[n/2-1] + list[n/2]) / 2
}

// The lines between which a page holds what was measured.
const (
	sectionBegin = "<!-- measured by go run ./internal/bench -->"
	sectionEnd   = "<!-- end of measured part -->"
)

// replaceSection writes text between the marks of a page.
func replaceSection(page, text string) error {
	data, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(data), sectionBegin)
	if !ok {
		return fmt.Errorf("%s has no line %s", page, sectionBegin)
	}
	_, after, ok := strings.Cut(rest, sectionEnd)
	if !ok {
		return fmt.Errorf("%s has no line %s", page, sectionEnd)
	}
	return os.WriteFile(page, []byte(before+sectionBegin+"\n"+text+sectionEnd+after), 0o644)
}
