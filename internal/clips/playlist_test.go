package clips_test

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/Eyevinn/hls-m3u8/m3u8"
)

// checkMaster judges an HLS presentation: playlists by an independent reader,
// media by ffmpeg, through the master playlist and each of its renditions.
func (o *outcome) checkMaster(t *testing.T, in, path string) {
	t.Helper()
	master, ok := o.read(path).(*m3u8.MasterPlaylist)
	if !ok {
		o.problem("%s is no multivariant playlist", o.rel(path))
		return
	}
	if err := decodeAll(t, path); err != nil {
		o.problem("%s: %s", o.rel(path), err)
	}
	if len(master.Variants) != len(o.result.Plan.HLS[0].Video) {
		o.problem("%s names %d variants instead of %d", o.rel(path), len(master.Variants), len(o.result.Plan.HLS[0].Video))
	}
	var grid []float64
	for _, v := range master.Variants {
		file := filepath.Join(filepath.Dir(path), filepath.FromSlash(v.URI))
		o.checkVariant(v)
		cuts := o.checkMediaPlaylist(file, o.source.videoEnd, o.frame()+rounding.Seconds())
		if grid != nil && !sameGrid(grid, cuts) {
			o.problem("%s is cut at other times than the rung above it", o.rel(file))
		}
		grid = cuts
		f := o.decodable(t, file)
		if f == nil || f.video == nil {
			o.problem("%s has no picture", o.rel(file))
			continue
		}
		if size := strconv.Itoa(f.video.Width) + "x" + strconv.Itoa(f.video.Height); size != v.Resolution {
			o.problem("%s is %s and not %s as the master says", o.rel(file), size, v.Resolution)
		}
		o.checkVideo(t, in, file, f)
	}
	for _, a := range master.GetAllAlternatives() {
		file := filepath.Join(filepath.Dir(path), filepath.FromSlash(a.URI))
		o.checkMediaPlaylist(file, o.source.audioEnd, o.soundTolerance())
		if f := o.decodable(t, file); f != nil {
			o.checkAudio(t, in, file, f)
		}
	}
	if n := len(master.GetAllAlternatives()); (n > 0) != (o.source.audio != nil) {
		o.problem("%s names %d sound renditions", o.rel(path), n)
	}
}

// read parses a playlist strictly; nil when it does not parse.
func (o *outcome) read(path string) m3u8.Playlist {
	file, err := os.Open(path)
	if err != nil {
		o.problem("%s: %s", o.rel(path), err)
		return nil
	}
	defer file.Close()
	list, _, err := m3u8.DecodeFrom(file, true)
	if err != nil {
		o.problem("%s: the playlist reader says: %s", o.rel(path), err)
		return nil
	}
	return list
}

func (o *outcome) checkVariant(v *m3u8.Variant) {
	if v.Bandwidth == 0 || v.AverageBandwidth == 0 || v.AverageBandwidth > v.Bandwidth {
		o.problem("%s: bandwidth %d, average %d", v.URI, v.Bandwidth, v.AverageBandwidth)
	}
	codecs := strings.Split(v.Codecs, ",")
	if want := 1 + min(1, len(o.result.Plan.HLS[0].Audio)); len(codecs) != want || v.FrameRate == 0 || v.Resolution == "" {
		o.problem("%s: codecs %q, frame rate %g, resolution %q", v.URI, v.Codecs, v.FrameRate, v.Resolution)
	}
}

// checkMediaPlaylist judges one media playlist and returns where it is cut.
func (o *outcome) checkMediaPlaylist(path string, duration, tolerance float64) (cuts []float64) {
	list, ok := o.read(path).(*m3u8.MediaPlaylist)
	if !ok {
		o.problem("%s is no media playlist", o.rel(path))
		return nil
	}
	segments := list.GetAllSegments()
	if !list.Closed || list.MediaType != m3u8.VOD || len(segments) == 0 {
		o.problem("%s is no complete VOD playlist of %d segments", o.rel(path), len(segments))
	}
	if list.Map == nil && (len(segments) == 0 || segments[0].Map == nil) {
		o.problem("%s has no EXT-X-MAP", o.rel(path))
	}
	var total float64
	for _, s := range segments {
		total += s.Duration
		cuts = append(cuts, total)
		if math.Round(s.Duration) > float64(list.TargetDuration) {
			o.problem("%s: a segment of %.3f s is longer than the target duration %d", o.rel(path), s.Duration, list.TargetDuration)
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(path), filepath.FromSlash(s.URI))); err != nil {
			o.problem("%s names a file that is not there: %s", o.rel(path), s.URI)
		}
	}
	if math.Abs(total-duration) > tolerance {
		o.problem("%s: segments last %.3f s, the source's track %.3f s", o.rel(path), total, duration)
	}
	return cuts
}

// sameGrid compares cuts; the last is the end, which is no cut.
func sameGrid(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(a[i]-b[i]) > 0.001 {
			return false
		}
	}
	return true
}
