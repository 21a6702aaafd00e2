package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rendition-sdk/rendition/transcode"
)

// thumbnails takes the frame nearest to each time, as people do with the fps
// filter; the pictures are scaled from it, and once more for the sheets.
func (c *command) thumbnails(t *transcode.ThumbnailTask) {
	n := len(c.chains)
	chain := fmt.Sprintf("fps=1/%g", interval(t).Seconds())
	if t.Sprite == nil {
		c.chains = append(c.chains, fmt.Sprintf("%s,%s[o%d]", chain, picture(t.Width, t.Height), n))
		c.image(t, fmt.Sprintf("[o%d]", n), "thumb")
		return
	}
	chain += fmt.Sprintf(",split=2[t%d][u%d];[t%d]%s[o%d];[u%d]%s,tile=%dx%d[p%d]", n, n, n, picture(t.Width, t.Height), n,
		n, picture(t.Sprite.Width, t.TileHeight), t.Sprite.Columns, t.Sprite.Rows, n)
	c.chains = append(c.chains, chain)
	c.image(t, fmt.Sprintf("[o%d]", n), "thumb")
	c.image(t, fmt.Sprintf("[p%d]", n), "sprite")
}

// picture makes what the JPEG encoder takes.
func picture(width, height int) string {
	return fmt.Sprintf("scale=%d:%d:flags=bicubic:out_range=pc,format=yuvj420p", width, height)
}

// image writes the pictures of a label as numbered JPEG files, with the
// quantizer that our quality stands for (internal/av/image.go).
func (c *command) image(t *transcode.ThumbnailTask, label, name string) {
	c.outputs = append(c.outputs, "-map", label, "-q:v", strconv.Itoa((104-t.Quality)/5), "-f", "image2",
		filepath.Join(c.dir, filepath.FromSlash(t.Dir), name+"_%04d."+t.Format))
}

// interval is the time between stills.
func interval(t *transcode.ThumbnailTask) time.Duration {
	if len(t.Times) < 2 {
		return time.Hour // one, the first
	}
	return t.Times[1] - t.Times[0]
}

// animation makes a GIF with a palette of its own.
func (c *command) animation(a *transcode.AnimationTask) {
	label := fmt.Sprintf("[o%d]", len(c.chains))
	c.chains = append(c.chains, fmt.Sprintf("trim=start=%g:duration=%g,setpts=PTS-STARTPTS,fps=%s,scale=%d:%d:flags=bicubic,"+
		"split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle%s",
		a.Clip.Start.Seconds(), a.Clip.Duration.Seconds(), a.FPS, a.Width, a.Height, label))
	c.outputs = append(c.outputs, "-map", label, "-f", a.Format, filepath.Join(c.dir, filepath.FromSlash(a.Path)))
}
