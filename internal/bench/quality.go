package main

import (
	"context"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/transcode"
)

// rung compares one rendition of the two sides.
type rung struct {
	name               string
	ours, peer         int64   // bytes of media
	oursSSIM, peerSSIM float64 // against the source, scaled to the rung's size
}

// compare measures size and quality of what the last pair made.
func compare(ctx context.Context, o *options, plan *transcode.Plan) ([]rung, error) {
	var list []rung
	for i, t := range plan.HLS[0].Video {
		v := plan.Video[i]
		ours := filepath.Join(o.work, "rendition", filepath.FromSlash(plan.HLS[0].Dir), t.Name)
		peer := filepath.Join(o.work, "ffmpeg", strconv.Itoa(i))
		r := rung{name: fmt.Sprintf("%dx%d", v.Width, v.Height)}
		var err error
		if r.ours, r.oursSSIM, err = quality(ctx, o.in, ours, &v); err != nil {
			return nil, err
		}
		if r.peer, r.peerSSIM, err = quality(ctx, o.in, peer, &v); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// quality returns the media bytes in a rendition's folder and its SSIM.
func quality(ctx context.Context, source, dir string, v *transcode.VideoRendition) (size int64, ssim float64, err error) {
	playlist := ""
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if filepath.Ext(path) == ".m3u8" {
			playlist = path
			return nil
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	if playlist == "" {
		return 0, 0, fmt.Errorf("no playlist in %s", dir)
	}
	ssim, err = structuralSimilarity(ctx, source, playlist, v)
	return size, ssim, err
}

var ssimAll = regexp.MustCompile(`SSIM .*All:([0-9.]+)`)

// structuralSimilarity is the mean SSIM of a rendition and the source, frame by frame.
func structuralSimilarity(ctx context.Context, source, playlist string, v *transcode.VideoRendition) (float64, error) {
	graph := fmt.Sprintf("[1:v:0]fps=%s:start_time=0,scale=%d:%d:flags=bicubic,format=yuv420p,settb=AVTB,setpts=N[r];"+
		"[0:v:0]settb=AVTB,setpts=N[o];[o][r]ssim=shortest=1", v.FrameRate, v.Width, v.Height)
	cmd := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-hide_banner", "-i", playlist, "-i", source, "-lavfi", graph, "-f", "null", "-")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("ffmpeg ssim: %w\n%s", err, lastLines(string(out), 5))
	}
	m := ssimAll.FindStringSubmatch(string(out))
	if m == nil {
		return 0, fmt.Errorf("ffmpeg printed no SSIM of %s", playlist)
	}
	return strconv.ParseFloat(m[1], 64)
}

// lastLines is the end of a text.
func lastLines(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
