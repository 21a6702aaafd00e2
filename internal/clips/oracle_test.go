package clips_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// facts are what ffprobe says about a file.
type facts struct {
	container    string
	duration     float64
	video, audio *stream
	// start is the timestamp that counts as time 0, in seconds.
	start float64
	// videoEnd and audioEnd are where the last decoded frame ends.
	videoEnd, audioEnd float64
}

type stream struct {
	Index       int    `json:"index"`
	Codec       string `json:"codec_name"`
	Type        string `json:"codec_type"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	SAR         string `json:"sample_aspect_ratio"`
	Rate        string `json:"avg_frame_rate"`
	BaseRate    string `json:"r_frame_rate"`
	SampleRate  string `json:"sample_rate"`
	Channels    int    `json:"channels"`
	Duration    string `json:"duration"`
	Disposition struct {
		Default         int `json:"default"`
		AttachedPicture int `json:"attached_pic"`
	} `json:"disposition"`
	SideData []struct {
		Rotation int `json:"rotation"`
	} `json:"side_data_list"`
}

// probed is the document that ffprobe prints.
type probed struct {
	Streams []stream `json:"streams"`
	Format  struct {
		Name     string `json:"format_name"`
		Duration string `json:"duration"`
		Start    string `json:"start_time"`
	} `json:"format"`
	Frames []struct {
		Index    int    `json:"stream_index"`
		At       string `json:"best_effort_timestamp_time"`
		Duration string `json:"duration_time"`
		Samples  int    `json:"nb_samples"`
	} `json:"frames"`
}

func ffprobe(t *testing.T, args ...string) (*probed, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), testenv.Program(t, "ffprobe"), append([]string{"-v", "error", "-of", "json"}, args...)...)
	text := &bytes.Buffer{}
	cmd.Stderr = text
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("ffprobe: %w: %s", err, text)
	}
	doc := &probed{}
	return doc, json.Unmarshal(out, doc)
}

// Where a file's time is counted from: a source's from its first timestamp, as
// players do, an output's from zero, where it has to begin.
type origin bool

const (
	source origin = false
	made   origin = true
)

// lookAt reads a file as ffprobe sees it.
func lookAt(t *testing.T, path string, from origin) (*facts, error) {
	t.Helper()
	doc, err := ffprobe(t, "-show_format", "-show_streams", path)
	if err != nil {
		return nil, err
	}
	f := &facts{container: doc.Format.Name, duration: number(doc.Format.Duration)}
	for i := range doc.Streams {
		s := &doc.Streams[i]
		switch {
		case s.Type == "video" && s.Disposition.AttachedPicture == 0 && s.before(f.video):
			f.video = s
		case s.Type == "audio" && s.before(f.audio):
			f.audio = s
		}
	}
	if from == source {
		f.start = number(doc.Format.Start)
	}
	f.videoEnd = lastFrame(t, path, f.video) - f.start
	f.audioEnd = lastFrame(t, path, f.audio) - f.start
	return f, nil
}

// before says whether a player would rather show s than o: a default stream
// goes first, then the larger picture.
func (s *stream) before(o *stream) bool {
	if o == nil || s.Disposition.Default != o.Disposition.Default {
		return o == nil || s.Disposition.Default == 1
	}
	return s.Width*s.Height > o.Width*o.Height
}

// lastFrame is the time at which the last decoded frame of a stream ends.
func lastFrame(t *testing.T, path string, s *stream) float64 {
	t.Helper()
	if s == nil {
		return 0
	}
	doc, err := ffprobe(t, "-select_streams", strconv.Itoa(s.Index), "-show_frames",
		"-show_entries", "frame=stream_index,best_effort_timestamp_time,duration_time,nb_samples", path)
	if err != nil || len(doc.Frames) == 0 {
		return math.NaN()
	}
	end := math.Inf(-1)
	for _, f := range doc.Frames {
		d := number(f.Duration)
		if rate := number(s.SampleRate); f.Samples > 0 && rate > 0 {
			d = float64(f.Samples) / rate
		}
		if f.At != "" {
			end = max(end, number(f.At)+d)
		}
	}
	return end
}

// decodeAll decodes everything in a file and returns what ffmpeg complains about.
func decodeAll(t *testing.T, path string) error {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"),
		"-nostdin", "-v", "error", "-xerror", "-i", path, "-map", "0", "-f", "null", "-")
	out, err := cmd.CombinedOutput()
	if text := strings.TrimSpace(string(out)); text != "" || err != nil {
		return fmt.Errorf("ffmpeg: %w: %s", err, text)
	}
	return nil
}

// rotated reports whether a player turns the picture by a quarter.
func (s *stream) rotated() bool {
	for _, d := range s.SideData {
		if d.Rotation%180 != 0 {
			return true
		}
	}
	return false
}

// aspect is width over height as shown.
func (s *stream) aspect() float64 {
	a := float64(s.Width) / float64(s.Height)
	if sar := fraction(s.SAR); sar > 0 {
		a *= sar
	}
	if s.rotated() {
		a = 1 / a
	}
	return a
}

// frame is the length of one picture at the average rate, in seconds.
func (s *stream) frame() float64 {
	if r := fraction(s.Rate); r > 0 {
		return 1 / r
	}
	return 0
}

func number(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

// fraction reads "a/b" or "a:b".
func fraction(s string) float64 {
	a, b, _ := strings.Cut(strings.Replace(s, ":", "/", 1), "/")
	if den := number(b); den > 0 {
		return number(a) / den
	}
	return 0
}

func inSeconds(v float64) time.Duration { return time.Duration(v * float64(time.Second)) }
