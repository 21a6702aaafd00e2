package main

import (
	"context"
	"fmt"
	"math"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/transcode"
)

var (
	ssimAll   = regexp.MustCompile(`SSIM .*All:([0-9.]+)`)
	xpsnrLuma = regexp.MustCompile(`XPSNR +y: *([0-9.]+|inf)`)
)

// quality is the mean SSIM and XPSNR of a rendition and the source, frame by
// frame. The playlist or file at path is decoded once for both.
func quality(ctx context.Context, source, path string, v *transcode.VideoRendition) (ssim, xpsnr float64, err error) {
	// Frames are numbered, so that the first meets the first. The last fps
	// changes nothing but tells the rate, which xpsnr divides by.
	numbered := fmt.Sprintf("settb=%s,setpts=N,fps=%s,split", v.FrameRate.Inv(), v.FrameRate)
	graph := fmt.Sprintf("[1:v:0]fps=%s:start_time=0,scale=%d:%d:flags=bicubic,format=%s,%s[r][s];[0:v:0]%s[o][p];"+
		"[o][r]ssim=shortest=1[x];[p][s]xpsnr=shortest=1[y]", v.FrameRate, v.Width, v.Height, v.PixelFormat, numbered, numbered)
	cmd := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-i", source, "-filter_complex", graph,
		"-map", "[x]", "-map", "[y]", "-f", "null", "-")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, 0, fmt.Errorf("ffmpeg ssim: %w\n%s", err, lastLines(string(out), 5))
	}
	if ssim, err = number(ssimAll, string(out)); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", path, err)
	}
	if xpsnr, err = number(xpsnrLuma, string(out)); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", path, err)
	}
	return ssim, min(xpsnr, equalPictures), nil
}

// equalPictures stands for the infinite XPSNR of pictures without a difference.
const equalPictures = 100

// number is what an expression finds in a text.
func number(r *regexp.Regexp, text string) (float64, error) {
	m := r.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("ffmpeg printed nothing like %s", r)
	}
	if m[1] == "inf" {
		return math.Inf(1), nil
	}
	return strconv.ParseFloat(m[1], 64)
}

// lastLines is the end of a text.
func lastLines(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
