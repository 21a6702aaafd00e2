package show

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/transcode"
)

// maxCues is how many tiles a page's timeline has.
const maxCues = 1000

// cue is a stretch of the timeline and the tile of a sprite sheet that shows it.
type cue struct {
	// From and To are in seconds.
	From float64 `json:"from"`
	To   float64 `json:"to"`
	// Sheet is the sprite sheet's link, relative to the page.
	Sheet string `json:"sheet"`
	// X, Y, W and H are the tile in pixels of the sheet.
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// cuePattern is "00:00:02.000 --> 00:00:04.000" and the line below it, such as
// "sprite_0001.jpg#xywh=160,0,160,90" (media fragments, W3C 2012, section 4.2.2).
var cuePattern = regexp.MustCompile(`(?m)^(\S+) --> (\S+)[^\n]*\n(\S+)#xywh=(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})\s*$`)

// parseCues reads the thumbnails.vtt at the published path from. It takes what
// it understands: a page without a preview is better than none.
func parseCues(from, text string) []cue {
	var list []cue
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, m := range cuePattern.FindAllStringSubmatch(text, maxCues) {
		begin, err := transcode.ParseTime(m[1])
		if err != nil {
			continue
		}
		end, err := transcode.ParseTime(m[2])
		if err != nil {
			continue
		}
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[4+i]) // up to six digits: cannot fail
		}
		list = append(list, cue{
			From: begin.Duration().Seconds(), To: end.Duration().Seconds(),
			Sheet: link(path.Join(path.Dir(from), m[3])), X: n[0], Y: n[1], W: n[2], H: n[3],
		})
	}
	return list
}
