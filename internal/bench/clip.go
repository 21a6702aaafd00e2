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

// film is the clip of the media folder that the default source is made of.
const film = "film/bbb_720p25_h264-aac51_62s.ts"

// defaultClip returns the path of a 1080p clip with picture and sound, which is
// made on first use and then kept in the user's cache.
func defaultClip(ctx context.Context, o *options, log io.Writer) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "rendition", "bench")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	name, input := "generated", generated(o.seconds)
	if source := realFilm(o.media); source != "" {
		name, input = "film", []string{"-stream_loop", "-1", "-i", source, "-vf", "scale=1920:1080:flags=lanczos"}
	}
	path := filepath.Join(dir, fmt.Sprintf("%s_1080p_%ds.mp4", name, o.seconds))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	_, _ = fmt.Fprintln(log, "making the source", path)
	partial := path + ".part"
	args := append([]string{"-v", "error", "-y"}, input...)
	args = append(args, "-t", strconv.Itoa(o.seconds), "-c:v", "libx264", "-preset", "fast", "-crf", "18", "-pix_fmt", "yuv420p",
		"-c:a", "aac", "-b:a", "192k", "-ac", "2", "-movflags", "+faststart", "-f", "mp4", partial)
	if out, err := exec.CommandContext(ctx, "ffmpeg", args...).CombinedOutput(); err != nil {
		_ = os.Remove(partial)
		return "", fmt.Errorf("ffmpeg could not make the source: %w\n%s", err, out)
	}
	return path, os.Rename(partial, path)
}

// realFilm finds the film clip in the folder given, or beside the repository.
func realFilm(media string) string {
	if media == "" {
		media = filepath.Join("..", "shared", "media")
	}
	path := filepath.Join(media, filepath.FromSlash(film))
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// generated are ffmpeg's arguments for a synthetic source: a slow zoom into a
// fractal with grain, about as hard to encode as film, and a tone that sweeps.
func generated(seconds int) []string {
	return []string{
		"-f", "lavfi", "-i", "mandelbrot=s=1280x720:r=25:end_scale=0.02:end_pts=" + strconv.Itoa(25*seconds),
		"-f", "lavfi", "-i", "aevalsrc=0.3*sin(2*PI*(200+40*sin(t))*t)|0.3*sin(2*PI*(300+30*cos(t))*t):s=48000",
		"-vf", "scale=1920:1080:flags=bicubic,noise=alls=6:allf=t", "-map", "0:v", "-map", "1:a",
	}
}
