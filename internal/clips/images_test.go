package clips_test

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/gif"
	_ "image/jpeg" // decodes the stills
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

func (o *outcome) checkImage(path string, width, height int) {
	data, err := os.ReadFile(path)
	if err != nil {
		o.problem("%s", err)
		return
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		o.problem("%s: %s", o.rel(path), err)
		return
	}
	if size := img.Bounds().Size(); size.X != width || size.Y != height {
		o.problem("%s is %dx%d and not %dx%d as the result says", o.rel(path), size.X, size.Y, width, height)
	}
	if strings.HasPrefix(filepath.Base(path), "thumb_") {
		o.checkRatio(path, width, height)
	}
}

// checkRatio wants a picture of the source's display aspect.
func (o *outcome) checkRatio(path string, width, height int) {
	aspect, w, h := o.source.video.aspect(), float64(width), float64(height)
	if math.Abs(w-h*aspect) > 2 && math.Abs(h-w/aspect) > 2 {
		o.problem("%s: %dx%d has not the source's display aspect %.4f", o.rel(path), width, height, aspect)
	}
}

func (o *outcome) checkGIF(path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		o.problem("%s", err)
		return
	}
	g, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil {
		o.problem("%s: %s", o.rel(path), err)
		return
	}
	var length float64
	for _, d := range g.Delay {
		length += float64(d) / 100
	}
	// The last picture may stand until the sound ends.
	least := min(gifLength.Seconds(), o.source.videoEnd)
	most := max(least, min(gifLength.Seconds(), o.result.Media.Duration.Seconds()))
	if tolerance := max(0.1, o.frame()) + 0.02; length < least-tolerance || length > most+tolerance {
		o.problem("%s lasts %.2f s instead of %.2f to %.2f s", o.rel(path), length, least, most)
	}
	o.checkRatio(path, g.Config.Width, g.Config.Height)
}

var (
	vttCue  = regexp.MustCompile(`^(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})$`)
	vttTile = regexp.MustCompile(`^([^#]+)#xywh=(\d+),(\d+),(\d+),(\d+)$`)
)

// checkVTT wants cues that follow each other from 0 to the end, each at a
// place inside a sheet that is there.
func (o *outcome) checkVTT(path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		o.problem("%s", err)
		return
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	if !lines.Scan() || lines.Text() != "WEBVTT" {
		o.problem("%s is no WebVTT", o.rel(path))
		return
	}
	at, cues := 0.0, 0
	for lines.Scan() {
		m := vttCue.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		from, to := vttSeconds(m[1:5]), vttSeconds(m[5:9])
		if math.Abs(from-at) > 0.0015 || to <= from {
			o.problem("%s: cue from %.3f to %.3f after %.3f", o.rel(path), from, to, at)
		}
		at = to
		cues++
		if !lines.Scan() {
			break
		}
		if err := o.checkTile(filepath.Dir(path), lines.Text()); err != nil {
			o.problem("%s: %s", o.rel(path), err)
		}
	}
	if end := o.result.Media.Duration.Seconds(); cues == 0 || math.Abs(at-end) > 0.01 {
		o.problem("%s: %d cues end at %.3f s of %.3f s", o.rel(path), cues, at, end)
	}
}

func vttSeconds(m []string) float64 {
	return number(m[0])*3600 + number(m[1])*60 + number(m[2]) + number(m[3])/1000
}

func (o *outcome) checkTile(dir, text string) error {
	m := vttTile.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("%q is no tile", text)
	}
	file, err := os.Open(filepath.Join(dir, m[1]))
	if err != nil {
		return err
	}
	defer file.Close()
	sheet, _, err := image.DecodeConfig(file)
	if err != nil {
		return err
	}
	var v [4]int
	for i := range v {
		v[i], _ = strconv.Atoi(m[i+2])
	}
	if v[2] == 0 || v[3] == 0 || v[0]+v[2] > sheet.Width || v[1]+v[3] > sheet.Height {
		return fmt.Errorf("tile %s lies outside its sheet of %dx%d", text, sheet.Width, sheet.Height)
	}
	return nil
}
