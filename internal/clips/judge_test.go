package clips_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rendition-sdk/rendition/transcode"
)

// How far an output may be off.
const (
	minPictureLikeness = 0.90
	minSoundLikeness   = 0.80
	maxSoundLag        = 10 * time.Millisecond
	maxSoundOff        = 100 * time.Millisecond
	rounding           = 5 * time.Millisecond
)

func (o *outcome) problem(format string, args ...any) {
	o.problems = append(o.problems, fmt.Sprintf(format, args...))
}

// judge looks at everything that a completed job published.
func (o *outcome) judge(t *testing.T, in string) {
	t.Helper()
	if o.source == nil {
		o.problem("ffprobe reads nothing in the source, yet the job completed")
		return
	}
	o.checkFiles()
	for _, f := range o.result.Files {
		path := filepath.Join(o.dir, filepath.FromSlash(f.Path))
		switch f.Role {
		case transcode.RoleMedia:
			o.checkMedia(t, in, path)
		case transcode.RoleMaster:
			o.checkMaster(t, in, path)
		case transcode.RoleImage, transcode.RoleSprite:
			o.checkImage(path, f.Width, f.Height)
		case transcode.RolePreview:
			o.checkGIF(path)
		case transcode.RoleVTT:
			o.checkVTT(path)
		case transcode.RoleInit, transcode.RoleSegment, transcode.RolePlaylist: // through the master
		}
	}
}

// checkFiles compares the result with what lies at the destination.
func (o *outcome) checkFiles() {
	found := filesIn(o.dir)
	for _, f := range o.result.Files {
		data, err := os.ReadFile(filepath.Join(o.dir, filepath.FromSlash(f.Path)))
		if err != nil {
			o.problem("%s is in the result and not at the destination: %s", f.Path, err)
			continue
		}
		sum := sha256.Sum256(data)
		if int64(len(data)) != f.Size || hex.EncodeToString(sum[:]) != f.SHA256 {
			o.problem("%s differs from its size or SHA-256 in the result", f.Path)
		}
		found = slices.DeleteFunc(found, func(p string) bool { return p == f.Path })
	}
	for _, path := range found {
		o.problem("%s is at the destination and not in the result", path)
	}
	roles := map[transcode.FileRole]int{}
	for _, f := range o.result.Files {
		roles[f.Role]++
	}
	if o.source.video != nil && (roles[transcode.RoleMaster] != 1 || roles[transcode.RoleImage] == 0 ||
		roles[transcode.RoleSprite] == 0 || roles[transcode.RoleVTT] != 1 || roles[transcode.RolePreview] != 1) {
		o.problem("an output is missing: %v", roles)
	}
}

// checkMedia judges a file or media playlist with whatever tracks the source has.
func (o *outcome) checkMedia(t *testing.T, in, path string) {
	t.Helper()
	f := o.decodable(t, path)
	if f == nil {
		return
	}
	if (f.video != nil) != (o.source.video != nil) || (f.audio != nil) != (o.source.audio != nil) {
		o.problem("%s has not the tracks of the source", o.rel(path))
		return
	}
	o.checkVideo(t, in, path, f)
	o.checkAudio(t, in, path, f)
}

// decodable decodes all of a file and returns what ffprobe says of it.
func (o *outcome) decodable(t *testing.T, path string) *facts {
	t.Helper()
	if err := decodeAll(t, path); err != nil {
		o.problem("%s: %s", o.rel(path), err)
	}
	f, err := lookAt(t, path, made)
	if err != nil {
		o.problem("%s: %s", o.rel(path), err)
		return nil
	}
	return f
}

func (o *outcome) checkVideo(t *testing.T, in, path string, f *facts) {
	t.Helper()
	if f.video == nil {
		return
	}
	o.checkShape(path, f.video)
	frame := o.frame()
	if off := f.videoEnd - o.source.videoEnd; math.Abs(off) > frame+rounding.Seconds() {
		o.problem("%s: picture ends at %.3f s, the source's at %.3f s (a frame is %.3f s)", o.rel(path), f.videoEnd, o.source.videoEnd, frame)
	}
	want, err := pictures(t, in, o.source)
	got, err2 := pictures(t, path, f)
	if err != nil || err2 != nil || len(want) == 0 || len(got) == 0 {
		o.problem("%s: ffmpeg cannot compare pictures: %v, %v", o.rel(path), err, err2)
		return
	}
	like, lag := comparePictures(want, got)
	if like < minPictureLikeness {
		o.problem("%s: its picture is not the source's (likeness %.2f)", o.rel(path), like)
	}
	if lag.Abs() > inSeconds(frame)+rounding {
		o.problem("%s: picture is %s late", o.rel(path), lag)
	}
	if lag.Abs() > o.pictureLag.Abs() {
		o.pictureLag = lag
	}
}

// frame is how long a picture of the source, or of what was planned, is shown
// on average, in seconds.
func (o *outcome) frame() float64 {
	return max(o.source.video.frame(), 1/o.result.Plan.Video[0].FrameRate.Float64())
}

// soundTolerance is 100 ms, or one frame of AAC where that is longer.
func (o *outcome) soundTolerance() float64 {
	const samples = 1024
	return max(maxSoundOff.Seconds(), samples/max(number(o.source.audio.SampleRate), 1)+rounding.Seconds())
}

// checkShape wants square pixels, an upright picture and the source's aspect.
func (o *outcome) checkShape(path string, v *stream) {
	if len(v.SideData) > 0 && v.rotated() || fraction(v.SAR) != 0 && fraction(v.SAR) != 1 {
		o.problem("%s: picture has rotation or pixels that are not square (%s)", o.rel(path), v.SAR)
	}
	aspect := o.source.video.aspect()
	w, h := float64(v.Width), float64(v.Height)
	if math.Abs(w-h*aspect) > 2 && math.Abs(h-w/aspect) > 2 {
		o.problem("%s: %dx%d has not the source's display aspect %.4f", o.rel(path), v.Width, v.Height, aspect)
	}
	if v.Width%2 != 0 || v.Height%2 != 0 {
		o.problem("%s: %dx%d is not even", o.rel(path), v.Width, v.Height)
	}
}

func (o *outcome) checkAudio(t *testing.T, in, path string, f *facts) {
	t.Helper()
	if f.audio == nil {
		return
	}
	if off := f.audioEnd - o.source.audioEnd; math.Abs(off) > o.soundTolerance() {
		o.problem("%s: sound ends at %.3f s, the source's at %.3f s", o.rel(path), f.audioEnd, o.source.audioEnd)
	}
	want, err := sound(t, in, o.source)
	got, err2 := sound(t, path, f)
	if err != nil || err2 != nil || len(want) == 0 || len(got) == 0 {
		o.problem("%s: ffmpeg cannot compare sound: %v, %v", o.rel(path), err, err2)
		return
	}
	like, lag := compareSound(want, got)
	if like < minSoundLikeness {
		o.problem("%s: its sound is not the source's (likeness %.2f)", o.rel(path), like)
	}
	if lag.Abs() > maxSoundLag {
		o.problem("%s: sound is %s late", o.rel(path), lag)
	}
	if lag.Abs() > o.soundLag.Abs() {
		o.soundLag = lag
	}
}

func (o *outcome) rel(path string) string {
	rel, err := filepath.Rel(o.dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}
