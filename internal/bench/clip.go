package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// clip is a source: some seconds of a kind of picture, repeated.
type clip struct {
	kind                   string
	height, seconds, loops int
}

// originals are the clips of the media folder that sources are made of.
var originals = map[string]string{
	"film":   "film/bbb_720p25_h264-aac51_62s.ts",
	"nature": "natural/drone-beach_720p30_h264-aac_65s.mp4",
	"screen": "screen/screencap_3026x1386_vfr_8.7s.mp4",
}

func filmClip(o *options) []clip { return []clip{{"film", o.height, o.seconds, 1}} }

// threeClips are of different kinds: drawn, filmed, and a screen with text.
// Without the media folder, or with a clip of the caller's, there is one.
func threeClips(o *options) []clip {
	if o.in != "" || original(o.media, "film") == "" {
		return filmClip(o)
	}
	return append(filmClip(o), clip{"nature", o.height, o.seconds, 1}, clip{"screen", o.height, o.seconds, 1})
}

// longFilm is ten minutes, mediumFilm five, shortFilm 20 s.
func longFilm(o *options) []clip   { return []clip{{"film", o.height, o.seconds, 10}} }
func mediumFilm(o *options) []clip { return []clip{{"film", o.scaled(720), o.seconds, 5}} }
func shortFilm(o *options) []clip  { return []clip{{"film", o.scaled(720), o.seconds / 3, 1}} }

// path returns where the clip is. It is made on first use and then kept.
func (c clip) path(ctx context.Context, o *options, log io.Writer) (string, error) {
	if o.in != "" {
		// A caller's clip is not kept: another one may have its name.
		return c.repeated(ctx, o, o.in, o.work, log)
	}
	dir := o.cache
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(cache, "rendition", "bench")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	name, input := "generated", generated(c.width(), c.height, c.seconds)
	if source := original(o.media, c.kind); source != "" {
		name, input = c.kind, c.fromReal(source)
	}
	base := filepath.Join(dir, fmt.Sprintf("%s_%dp_%ds.mp4", name, c.height, c.seconds))
	err := makeOnce(ctx, base, log, append(input, "-t", strconv.Itoa(c.seconds), "-c:v", "libx264", "-preset", "fast", "-crf", "18",
		"-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-ac", "2"))
	if err != nil {
		return "", err
	}
	return c.repeated(ctx, o, base, dir, log)
}

// repeated is the clip at base one after the other, copied without encoding.
func (c clip) repeated(ctx context.Context, o *options, base, dir string, log io.Writer) (string, error) {
	if c.loops == 1 {
		return base, nil
	}
	stem := filepath.Base(base)
	path := filepath.Join(dir, fmt.Sprintf("%s_x%d.mp4", stem[:len(stem)-len(filepath.Ext(stem))], c.loops))
	args := []string{"-stream_loop", strconv.Itoa(c.loops - 1), "-i", base, "-map", "0:v:0", "-map", "0:a:0?", "-c", "copy"}
	if o.in == "" {
		// Sound is some milliseconds longer than the picture, each time, and
		// nobody should take a still of what that adds up to.
		args = append(args, "-t", fmt.Sprintf("%.1f", float64(c.seconds*c.loops)-0.5))
	}
	return path, makeOnce(ctx, path, log, args)
}

// makeOnce makes the file at path with ffmpeg, unless it is there.
func makeOnce(ctx context.Context, path string, log io.Writer, args []string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	_, _ = fmt.Fprintln(log, "making the source", path)
	partial := path + ".part"
	args = append(append([]string{"-nostdin", "-v", "error", "-y"}, args...), "-movflags", "+faststart", "-f", "mp4", partial)
	if out, err := exec.CommandContext(ctx, "ffmpeg", args...).CombinedOutput(); err != nil {
		_ = os.Remove(partial)
		return fmt.Errorf("ffmpeg could not make the source: %w\n%s", err, out)
	}
	return os.Rename(partial, path)
}

// width is that of a 16:9 picture, even.
func (c clip) width() int { return (c.height*16/9 + 1) / 2 * 2 }

// fromReal are ffmpeg's arguments for a real clip. The screen's frames come
// when something moves, it has another shape, and no sound.
func (c clip) fromReal(source string) []string {
	w, h := c.width(), c.height
	args := []string{"-stream_loop", "-1", "-i", source}
	if c.kind != "screen" {
		return append(args, "-map", "0:v:0", "-map", "0:a:0", "-vf", fmt.Sprintf("scale=%d:%d:flags=lanczos", w, h))
	}
	fit := fmt.Sprintf("fps=30,scale=%d:%d:flags=lanczos:force_original_aspect_ratio=decrease:force_divisible_by=2,pad=%d:%d:-1:-1",
		w, h, w, h)
	return append(append(args, tone()...), "-map", "0:v:0", "-map", "1:a", "-vf", fit)
}

// original finds a clip of the folder given, or beside the repository.
func original(media, kind string) string {
	if media == "" {
		media = filepath.Join("..", "shared", "media")
	}
	path := filepath.Join(media, filepath.FromSlash(originals[kind]))
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// generated are ffmpeg's arguments for a synthetic source: a slow zoom into a
// fractal with grain, about as hard to encode as film, and a tone that sweeps.
func generated(width, height, seconds int) []string {
	picture := []string{"-f", "lavfi", "-i", fmt.Sprintf("mandelbrot=s=%dx%d:r=25:end_scale=0.02:end_pts=%d",
		min(width, 1280), min(height, 720), 25*seconds)}
	return append(append(picture, tone()...), "-map", "0:v", "-map", "1:a",
		"-vf", fmt.Sprintf("scale=%d:%d:flags=bicubic,noise=alls=6:allf=t", width, height))
}

func tone() []string {
	return []string{"-f", "lavfi", "-i", "aevalsrc=0.3*sin(2*PI*(200+40*sin(t))*t)|0.3*sin(2*PI*(300+30*cos(t))*t):s=48000"}
}
