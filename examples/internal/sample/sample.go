// Package sample makes a video to play with where the user has none at hand:
// moving picture and sound, drawn by the ffmpeg program.
package sample

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Options shape the clip. The zero value is 20 seconds of 1080p at 30 frames
// per second.
type Options struct {
	// Width and Height in pixels, both even; default 1920 by 1080.
	Width, Height int
	// Duration of the clip; default 20 s, at least 3 s for its three scenes.
	Duration time.Duration
}

func (o *Options) withDefaults() *Options {
	d := Options{}
	if o != nil {
		d = *o
	}
	if d.Width <= 0 || d.Height <= 0 {
		d.Width, d.Height = 1920, 1080
	}
	if d.Duration <= 0 {
		d.Duration = 20 * time.Second
	}
	d.Duration = max(d.Duration, 3*time.Second)
	return &d
}

// Or returns in, or, when that is empty, the path of the default clip, which
// it draws into a folder of its own and announces on w. Remove deletes what was
// made.
func Or(ctx context.Context, w io.Writer, in string) (path string, remove func(), err error) {
	if in != "" {
		return in, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "rendition-sample-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.RemoveAll(dir) } // in the folder for temporary files: the system's to clean
	path = filepath.Join(dir, "sample.mp4")
	_, err = fmt.Fprintln(w, "no video was given: drawing a clip of 20 seconds in 1080p")
	if err = errors.Join(err, Make(ctx, path, nil)); err != nil {
		remove()
		return "", nil, err
	}
	return path, remove, nil
}

// Make writes a clip to path, an MP4 with H.264 and stereo AAC. The picture
// has three scenes, in which everything moves all the time.
func Make(ctx context.Context, path string, opts *Options) error {
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		return errors.New("the sample clip is drawn by the ffmpeg program, which is not on PATH: run make setup, or give a video with -in")
	}
	o := opts.withDefaults()
	seconds := fmt.Sprintf("%.3f", o.Duration.Seconds())
	cmd := exec.CommandContext(ctx, program, "-v", "error", "-nostdin", "-y",
		"-filter_complex", o.graph(), "-map", "[v]", "-map", "[a]", "-t", seconds,
		"-c:v", "libx264", "-preset", "ultrafast", "-crf", "16", "-pix_fmt", "yuv420p", "-g", "60",
		"-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709",
		"-c:a", "aac", "-b:a", "160k", "-movflags", "+faststart", path)
	var messages bytes.Buffer
	cmd.Stderr = &messages
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("ffmpeg could not draw the sample clip; give a video with -in: %w: %s", err, strings.TrimSpace(messages.String()))
	}
	return nil
}

// The sound: five notes a second up and down a pentatonic scale, over a slow bass.
const (
	note  = "0.30*sin(2*PI*220*pow(2\\,mod(mod(floor(5*t)*3\\,5)*7\\,12)/12)*t)*exp(-9*mod(t\\,0.2))"
	bass  = "0.12*sin(2*PI*110*t)*(0.6+0.4*sin(2*PI*t/4))"
	sound = "aevalsrc=" + note + "+" + bass + "|" + note + "+0.8*" + bass + ":s=48000:c=stereo"
)

// graph is the filter graph: three fields of color that give way to each other,
// with Conway's game of life, the wave form of the sound and a line that grows
// with the time on top. What is soft is drawn small and enlarged.
func (o *Options) graph() string {
	const fade = 0.8
	w, h, seconds := o.Width, o.Height, o.Duration.Seconds()
	sw, sh := small(w, 4), small(h, 4)
	scene := (seconds + 2*fade) / 3
	field := func(kind, colors string) string {
		return fmt.Sprintf("gradients=s=%dx%d:r=30:n=4:type=%s:speed=0.02:seed=3:%s,trim=duration=%.3f,settb=1/30",
			sw, sh, kind, colors, scene)
	}
	return strings.Join([]string{
		field("spiral", "c0=0x0b132b:c1=0x5a189a:c2=0xf72585:c3=0xff9f1c") + "[s0]",
		field("circular", "c0=0x001219:c1=0x0a9396:c2=0x94d2bd:c3=0xee9b00") + "[s1]",
		field("radial", "c0=0x10002b:c1=0x3a0ca3:c2=0x4361ee:c3=0x4cc9f0") + "[s2]",
		fmt.Sprintf("[s0][s1]xfade=transition=smoothleft:duration=%.3f:offset=%.3f[s01]", fade, scene-fade),
		fmt.Sprintf("[s01][s2]xfade=transition=circleopen:duration=%.3f:offset=%.3f,scale=%d:%d:flags=bicubic,format=yuv420p[field]",
			fade, 2*(scene-fade), w, h),
		fmt.Sprintf("life=s=%dx%d:r=15:mold=24:ratio=0.12:seed=11:death_color=0x808080:mold_color=black,fps=30,"+
			"scale=%d:%d:flags=neighbor,format=yuv420p[life]", small(w, 16), small(h, 16), w, h),
		"[field][life]blend=c0_mode=screen:c0_opacity=0.15[moving]",
		sound + ",asplit[a][wave]",
		fmt.Sprintf("[wave]showwaves=s=%dx%d:r=30:mode=cline:colors=white@0.9,scale=%d:%d[waves]", sw, small(h, 8), w, h/2),
		fmt.Sprintf("[moving][waves]overlay=y=%d:shortest=1[under]", h/4),
		fmt.Sprintf("color=white:s=%dx%d:r=30[line]", w, small(h, 90)),
		fmt.Sprintf("[under][line]overlay=x=W*(t/%.3f-1):y=H-3*h:shortest=1,format=yuv420p[v]", seconds),
	}, ";")
}

// small is an even part of n.
func small(n, part int) int { return max(n/part/2*2, 2) }
