package clips_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// The lines between which a page holds the table.
const (
	sectionBegin = "<!-- written by go test ./internal/clips -->"
	sectionEnd   = "<!-- end of the table -->"
)

// table is the table of docs/clips.md.
func table(done []*outcome) string {
	b := &strings.Builder{}
	b.WriteString("| clip | traits | source | outputs | end of picture, sound: source | output | picture, sound late by | time | result |\n" +
		"|---|---|---|---|---|---|---|---:|---|\n")
	for _, o := range done {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %.1f s | %s |\n", o.clip.path, o.clip.traits, o.source.text(), o.outputs(),
			ends(o.source), o.ends(), o.lags(), o.elapsed.Seconds(), o.verdict())
	}
	return b.String()
}

// writeEvery writes the report of TestEvery.
func writeEvery(page string, done []*outcome) error {
	b := &strings.Builder{}
	b.WriteString("| clip | source | time | result |\n|---|---|---:|---|\n")
	for _, o := range done {
		fmt.Fprintf(b, "| %s | %s | %.1f s | %s |\n", o.clip.path, o.source.text(), o.elapsed.Seconds(), o.verdict())
	}
	return os.WriteFile(page, []byte(b.String()), 0o644)
}

// text is a source in a few words.
func (f *facts) text() string {
	if f == nil {
		return "not readable"
	}
	var list []string
	if v := f.video; v != nil {
		list = append(list, fmt.Sprintf("%s %dx%d %.4g/s", v.Codec, v.Width, v.Height, fraction(v.Rate)))
	}
	if a := f.audio; a != nil {
		list = append(list, fmt.Sprintf("%s %d ch", a.Codec, a.Channels))
	}
	return strings.Join(list, ", ")
}

// outputs is what was made, in a few words.
func (o *outcome) outputs() string {
	if o.result == nil {
		return "none"
	}
	var list []string
	images := 0
	for _, f := range o.result.Files {
		switch f.Role {
		case transcode.RoleMedia:
			list = append(list, strings.TrimSpace(strings.TrimPrefix(f.Path, "output_")+" "+size(f.Width, f.Height)))
		case transcode.RoleMaster:
			var rungs []string
			for _, v := range o.result.Plan.HLS[0].Video {
				for _, r := range o.result.Plan.Video {
					if r.ID == v.Rendition {
						rungs = append(rungs, size(r.Width, r.Height))
					}
				}
			}
			list = append(list, "HLS "+strings.Join(rungs, " "))
		case transcode.RoleImage:
			images++
		case transcode.RoleSprite:
			list = append(list, "sprite "+size(f.Width, f.Height))
		case transcode.RolePreview:
			list = append(list, "GIF "+size(f.Width, f.Height))
		default:
		}
	}
	if images > 0 {
		list = append(list, fmt.Sprintf("%d stills", images))
	}
	return strings.Join(list, "; ")
}

func size(w, h int) string {
	if w == 0 {
		return ""
	}
	return fmt.Sprintf("%dx%d", w, h)
}

// ends is where picture and sound end.
func ends(f *facts) string {
	picture, sound := "-", "-"
	if f != nil && f.video != nil {
		picture = fmt.Sprintf("%.2f", f.videoEnd)
	}
	if f != nil && f.audio != nil {
		sound = fmt.Sprintf("%.2f", f.audioEnd)
	}
	return picture + ", " + sound
}

// ends is where the renditions end, by the packager's count.
func (o *outcome) ends() string {
	picture, sound := "-", "-"
	if o.result != nil {
		for _, r := range o.result.Renditions {
			text := fmt.Sprintf("%.2f", time.Duration(r.Duration).Seconds())
			if r.Type == rendition.Video {
				picture = text
			} else {
				sound = text
			}
		}
	}
	return picture + ", " + sound
}

func (o *outcome) lags() string {
	picture, sound := "-", "-"
	if o.source != nil && o.source.video != nil {
		picture = fmt.Sprintf("%d ms", o.pictureLag.Milliseconds())
	}
	if o.source != nil && o.source.audio != nil {
		sound = fmt.Sprintf("%d ms", o.soundLag.Milliseconds())
	}
	return picture + ", " + sound
}

func (o *outcome) verdict() string {
	text := "good"
	switch {
	case o.err != nil:
		text = fmt.Sprintf("error %s: %s", rendition.KindOf(o.err), oneLine(o.err.Error()))
	case o.result != nil && len(o.result.Warnings) > 0:
		text = "good; warned: " + oneLine(strings.Join(o.result.Warnings, "; "))
	}
	if len(o.problems) > 0 {
		text = "**BAD: " + oneLine(strings.Join(o.problems, "; ")) + "** " + text
	}
	return text
}

// oneLine makes a text fit a cell.
func oneLine(s string) string {
	return strings.NewReplacer("\n", " / ", "|", `\|`).Replace(s)
}
