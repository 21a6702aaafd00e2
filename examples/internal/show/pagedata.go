package show

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

// pageData is what page.html shows.
type pageData struct {
	Title      string
	Source     string
	Facts      []fact
	Player     player
	Sprites    []picture
	Previews   []picture
	Renditions []rendered
	Files      []listed
	MoreFiles  int
	Warnings   []string
	Plan       string
}

// fact is a figure with its name.
type fact struct{ Value, Name string }

// player is what page.js needs, as JSON.
type player struct {
	Sources  []playable `json:"sources"`
	Cues     []cue      `json:"cues"`
	Duration float64    `json:"duration"`
	Poster   string     `json:"poster"`
}

// playable is one choice of the player.
type playable struct {
	Label string `json:"label"`
	Note  string `json:"note"`
	Link  string `json:"link"`
	Type  string `json:"type"`
	HLS   bool   `json:"hls"`
}

// picture is an image of the page. Height may be less than the file's: the
// last rows of a sprite sheet can be empty.
type picture struct {
	Link, About   string
	Width, Height int
}

// trim cuts sprite sheets to the rows that cues use.
func trim(sheets []picture, cues []cue) {
	for i := range sheets {
		used := 0
		for _, c := range cues {
			if c.Sheet == sheets[i].Link {
				used = max(used, c.Y+c.H)
			}
		}
		if used > 0 {
			sheets[i].Height = min(sheets[i].Height, used)
		}
	}
}

// maxSheets is how many sprite sheets the page shows; a long film has hundreds.
const maxSheets = 4

// rendered is a row of the table of renditions.
type rendered struct {
	Name, Codec, CodecString, Size, Rate, Bitrate, Bytes string
	// Share is the bitrate in percent of the largest.
	Share int
	Links []listed
}

// listed is a published file with a link to it.
type listed struct{ Link, Path, Type, Size, SHA256 string }

// maxListed is how many files the page lists by name.
const maxListed = 300

func newPageData(res *transcode.Result) *pageData {
	d := &pageData{Title: "Rendition", Warnings: res.Warnings, Facts: facts(res)}
	if res.Media != nil {
		d.Title, d.Source = baseName(res.Media.Name), describeMedia(res.Media)
	}
	if res.Plan != nil {
		d.Plan = res.Plan.String()
	}
	d.Player.Duration = res.Duration.Duration().Seconds()
	d.Player.Sources = playables(res.Files)
	d.Player.Poster = poster(res.Files)
	for _, f := range res.Files {
		p := picture{Link: link(f.Path), About: f.Path, Width: f.Width, Height: f.Height}
		switch f.Role {
		case transcode.RoleSprite:
			if len(d.Sprites) < maxSheets {
				d.Sprites = append(d.Sprites, p)
			}
		case transcode.RolePreview:
			d.Previews = append(d.Previews, p)
		}
		if len(d.Files) < maxListed {
			d.Files = append(d.Files, list(f))
		}
	}
	d.MoreFiles = len(res.Files) - len(d.Files)
	d.Renditions = renderedRows(res)
	return d
}

func facts(res *transcode.Result) []fact {
	var size int64
	for _, f := range res.Files {
		size += f.Size
	}
	list := []fact{
		{lengthText(res.Duration.Duration()), "of media"},
		{fmt.Sprint(len(res.Renditions)), "encodes"},
		{fmt.Sprint(len(res.Files)), "files"},
		{Bytes(size), "published"},
	}
	if elapsed := res.Elapsed.Duration().Seconds(); elapsed > 0 {
		list = append(list, fact{lengthText(res.Elapsed.Duration()), "to make them"},
			fact{fmt.Sprintf("%.1f×", res.Duration.Duration().Seconds()/elapsed), "real time"})
	}
	return list
}

// lengthText prints a duration as "20.0 s", and from two minutes on as "2:05".
func lengthText(d time.Duration) string {
	if d < 2*time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return clock(d)
}

// describeMedia is the source in one line, such as "1920×1080 h264, 30 fps · aac, 2 channels".
func describeMedia(m *rendition.Media) string {
	var list []string
	for _, s := range m.Streams {
		switch {
		case s.Video != nil && !s.AttachedPicture:
			w, h := s.Video.DisplaySize()
			list = append(list, fmt.Sprintf("%d×%d %s, %s fps", w, h, s.Codec, fps(s.Video.FrameRate)))
		case s.Audio != nil:
			list = append(list, fmt.Sprintf("%s, %d channels", s.Codec, s.Audio.Channels))
		}
	}
	if m.Size > 0 {
		list = append(list, Bytes(m.Size))
	}
	return strings.Join(list, " · ")
}

// playables are the master playlists, then the files, largest picture first.
func playables(files []transcode.PublishedFile) []playable {
	var masters, media []transcode.PublishedFile
	for _, f := range files {
		switch f.Role {
		case transcode.RoleMaster:
			masters = append(masters, f)
		case transcode.RoleMedia:
			media = append(media, f)
		}
	}
	slices.SortStableFunc(media, func(a, b transcode.PublishedFile) int { return cmp.Compare(b.Height, a.Height) })
	var list []playable
	for _, f := range masters {
		list = append(list, playable{Label: "HLS", Note: "adaptive", Link: link(f.Path), Type: f.ContentType, HLS: true})
	}
	for _, f := range media {
		label := strings.ToUpper(f.Path[strings.LastIndexByte(f.Path, '.')+1:])
		if f.Height > 0 {
			label += fmt.Sprintf(" %dp", min(f.Width, f.Height))
		}
		list = append(list, playable{Label: label, Note: Bytes(f.Size), Link: link(f.Path), Type: f.ContentType})
	}
	return list
}

// poster is a still from a third of the way, where a film is under way.
func poster(files []transcode.PublishedFile) string {
	var stills []string
	for _, f := range files {
		if f.Role == transcode.RoleImage {
			stills = append(stills, link(f.Path))
		}
	}
	if len(stills) == 0 {
		return ""
	}
	return stills[len(stills)/3]
}

func renderedRows(res *transcode.Result) []rendered {
	byPath := map[string]transcode.PublishedFile{}
	for _, f := range res.Files {
		byPath[f.Path] = f
	}
	largest := int64(1)
	for _, r := range res.Renditions {
		largest = max(largest, r.Bitrate)
	}
	var rows []rendered
	for _, r := range res.Renditions {
		row := rendered{
			Name: r.ID, Codec: string(r.Codec), CodecString: r.CodecString,
			Bitrate: unit(float64(r.Bitrate), "bit/s"), Bytes: Bytes(r.Size), Share: int(max(r.Bitrate*100/largest, 1)),
		}
		if r.Type == rendition.Video {
			row.Size, row.Rate = fmt.Sprintf("%d×%d", r.Width, r.Height), fps(r.FrameRate)+" fps"
		} else {
			row.Size, row.Rate = channels(r.Channels), fmt.Sprintf("%g kHz", float64(r.SampleRate)/1000)
		}
		for _, p := range r.Paths {
			row.Links = append(row.Links, list(byPath[p]))
		}
		rows = append(rows, row)
	}
	return rows
}

func list(f transcode.PublishedFile) listed {
	return listed{Link: link(f.Path), Path: f.Path, Type: f.ContentType, Size: Bytes(f.Size), SHA256: f.SHA256}
}

// link is the relative URL of a published path, as seen from the page.
func link(p string) string { return (&url.URL{Path: p}).String() }

// baseName is the last element of a path or URL, for a title.
func baseName(name string) string {
	name, _, _ = strings.Cut(name, "?")
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

// fps prints a frame rate with as many decimals as it needs, at most three.
func fps(r rendition.Rational) string {
	if r.IsZero() || r.Den == 0 {
		return "?"
	}
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.3f", float64(r.Num)/float64(r.Den)), "0"), ".")
}

func channels(n int) string {
	switch n {
	case 1:
		return "mono"
	case 2:
		return "stereo"
	default:
		return count(n, "channel")
	}
}
