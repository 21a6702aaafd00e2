package transcode

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/rendition-sdk/rendition"
)

// String prints the plan for people: the source, each encode with where it
// goes, what is published, and the warnings. Its form may change.
func (p *Plan) String() string {
	var b strings.Builder
	if p.Media != nil {
		fmt.Fprintf(&b, "source: %s\n\n", describeSource(p.Media))
	}
	if len(p.Video)+len(p.Audio) > 0 {
		p.printEncodes(&b)
		b.WriteString("\n")
	}
	p.printFiles(&b)
	for i, w := range p.Warnings {
		if i == 0 {
			b.WriteString("\nwarnings:\n")
		}
		fmt.Fprintf(&b, "- %s\n", w)
	}
	return b.String()
}

func describeSource(m *rendition.Media) string {
	parts := []string{m.Name, shortTime(m.Duration)}
	if s := m.VideoStream(); s != nil {
		w, h := s.Video.DisplaySize()
		parts = append(parts, fmt.Sprintf("%s %dx%d %s fps", s.Codec, w, h, printRate(s.Video.FrameRate)))
	}
	if list := m.AudioStreams(); len(list) > 0 && list[0].Audio != nil {
		text := fmt.Sprintf("%s %d ch", list[0].Codec, list[0].Audio.Channels)
		if len(list) > 1 {
			text += fmt.Sprintf(" (first of %d tracks)", len(list))
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

func (p *Plan) printEncodes(b *strings.Builder) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	row(w, "id", "encode", "rate", "notes", "used by")
	for i := range p.Video {
		v := &p.Video[i]
		row(w, v.ID, v.describe(), printVideoRate(v), v.notes(), strings.Join(p.users(v.ID), ", "))
	}
	for i := range p.Audio {
		a := &p.Audio[i]
		rate := Bitrate(a.Bitrate).String()
		if a.Copy {
			rate = "copy"
		}
		row(w, a.ID, fmt.Sprintf("%s %d ch %d Hz", a.Codec, a.Channels, a.SampleRate), rate, a.notes(), strings.Join(p.users(a.ID), ", "))
	}
	_ = w.Flush() // a strings.Builder does not fail
}

func (p *Plan) printFiles(b *strings.Builder) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	row(w, "output", "publishes", "")
	type line struct {
		output     int
		path, what string
	}
	var lines []line
	for _, f := range p.Files {
		lines = append(lines, line{f.Output, f.Path, strings.Join(append(nonEmpty(f.Video), f.Audio...), " + ")})
	}
	for _, h := range p.HLS {
		lines = append(lines, line{h.Output, h.Master, h.describe()})
	}
	for i := range p.Thumbnails {
		t := &p.Thumbnails[i]
		lines = append(lines, line{t.Output, t.paths(), t.describe()})
	}
	for _, a := range p.Animations {
		lines = append(lines, line{a.Output, a.Path, fmt.Sprintf("%dx%d %s fps, %s from %s", a.Width, a.Height, printRate(a.FPS),
			shortTime(a.Clip.Duration), shortTime(a.Clip.Start))})
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.output - b.output })
	for _, l := range lines {
		row(w, fmt.Sprint(l.output), l.path, l.what)
	}
	_ = w.Flush() // a strings.Builder does not fail
}

// row writes cells; an empty last one leaves no space behind.
func row(w *tabwriter.Writer, cells ...string) {
	for len(cells) > 1 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	fmt.Fprintln(w, strings.Join(cells, "\t"))
}

// users lists the files and presentations that carry a rendition.
func (p *Plan) users(id string) []string {
	var list []string
	for _, f := range p.Files {
		if f.Video == id || slices.Contains(f.Audio, id) {
			list = append(list, f.Path)
		}
	}
	for _, h := range p.HLS {
		for _, t := range slices.Concat(h.Video, h.Audio) {
			if t.Rendition == id {
				list = append(list, h.Dir+t.Name)
			}
		}
	}
	return list
}

func (h *HLSPackage) describe() string {
	var names []string
	for _, t := range slices.Concat(h.Video, h.Audio) {
		names = append(names, t.Name)
	}
	s := fmt.Sprintf("%s; segments of %.4g s", strings.Join(names, ", "), h.SegmentDuration.Float64())
	if h.Growing {
		s += "; published while encoding"
	}
	return s
}

func (t *ThumbnailTask) paths() string {
	s := fmt.Sprintf("%sthumb_0001.%s", t.Dir, t.Format)
	if n := len(t.Times); n > 1 {
		s += fmt.Sprintf(" ... thumb_%04d.%s", n, t.Format)
	}
	return s
}

func (t *ThumbnailTask) describe() string {
	s := fmt.Sprintf("%dx%d", t.Width, t.Height)
	if t.Exact {
		s += ", exact"
	}
	if t.Sprite != nil {
		s += fmt.Sprintf("; sprites of %dx%d tiles of %dx%d; thumbnails.vtt", t.Sprite.Columns, t.Sprite.Rows, t.Sprite.Width, t.TileHeight)
	}
	return s
}

func (r *VideoRendition) notes() string {
	var list []string
	if strings.HasPrefix(r.PixelFormat, "yuv420p10") || !r.Copy && r.PixelFormat != "yuv420p" {
		list = append(list, "10 bit")
	}
	if r.Color.IsHDR() {
		list = append(list, "hdr")
	}
	if r.ToneMap {
		list = append(list, "tone-mapped")
	}
	if r.Deinterlace {
		list = append(list, "deinterlaced")
	}
	return strings.Join(append(list, r.Clip.notes()...), ", ")
}

func (a *AudioRendition) notes() string {
	return strings.Join(append(nonEmpty(a.Language), a.Clip.notes()...), ", ")
}

func (c Clip) notes() []string {
	switch {
	case c == Clip{}:
		return nil
	case c.Duration == 0:
		return []string{"from " + shortTime(c.Start)}
	default:
		return []string{shortTime(c.Start) + " to " + shortTime(c.Start+c.Duration)}
	}
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (r *VideoRendition) describe() string {
	size := fmt.Sprintf("%s %dx%d", r.Codec, r.Width, r.Height)
	switch {
	case r.Copy && r.FrameRate.IsZero():
		return size + " variable fps"
	case r.Copy:
		return fmt.Sprintf("%s %s fps", size, printRate(r.FrameRate))
	default:
		return fmt.Sprintf("%s %s fps, key frame every %d", size, printRate(r.FrameRate), r.KeyFrameInterval)
	}
}

func printVideoRate(v *VideoRendition) string {
	if v.Copy {
		return "copy"
	}
	s := Bitrate(v.Bitrate).String()
	if v.CRF >= 0 {
		s = fmt.Sprintf("crf %d", v.CRF)
	}
	if v.MaxBitrate > 0 {
		s += ", at most " + Bitrate(v.MaxBitrate).String()
	}
	return s + ", " + v.Preset
}

// printRate prints a frame rate with up to three decimals.
func printRate(r rendition.Rational) string {
	s := fmt.Sprintf("%.3f", r.Float64())
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
