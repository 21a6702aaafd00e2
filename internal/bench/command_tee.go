package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition/transcode"
)

// ffmpegTee is a command that encodes every rendition once and gives it to all
// outputs that carry it, through the tee muxer.
func ffmpegTee(plan *transcode.Plan, in, dir string) []string {
	c := &command{plan: plan, dir: dir}
	for i := range plan.Video {
		c.video(i, plan.Video[i].ID)
	}
	for i := range plan.Audio {
		c.audio(i, plan.Audio[i].ID)
	}
	var slaves []string
	for _, f := range plan.Files {
		slaves = append(slaves, fmt.Sprintf("[f=%s:movflags=+faststart:select=%s]%s", f.Container,
			c.selected(append([]string{f.Video}, f.Audio...)), filepath.Join(dir, filepath.FromSlash(f.Path))))
	}
	for i := range plan.HLS {
		slaves = append(slaves, c.teeHLS(&plan.HLS[i]))
	}
	// Encoders must be told that their parameters go into the files' headers:
	// the tee muxer does not say so for its muxers.
	c.outputs = append(c.outputs, "-flags", "+global_header", "-f", "tee", strings.Join(slaves, "|"))
	c.pictures()
	return c.args(in, nil)
}

func (c *command) teeHLS(h *transcode.HLSPackage) string {
	var ids []string
	for _, t := range slices.Concat(h.Video, h.Audio) {
		ids = append(ids, t.Rendition)
	}
	options := []string{"f=hls", "select=" + c.selected(ids)}
	for _, o := range hlsOptions(h) {
		options = append(options, fmt.Sprintf("%s='%s'", o[0], strings.ReplaceAll(o[1], ":", `\:`)))
	}
	return "[" + strings.Join(options, ":") + "]" + hlsPath(c.dir, h)
}

// selected names the streams of an output, in the order of the plan.
func (c *command) selected(ids []string) string {
	var list []string
	for i := range c.plan.Video {
		if slices.Contains(ids, c.plan.Video[i].ID) {
			list = append(list, fmt.Sprintf("v:%d", i))
		}
	}
	for i := range c.plan.Audio {
		if slices.Contains(ids, c.plan.Audio[i].ID) {
			list = append(list, fmt.Sprintf("a:%d", i))
		}
	}
	return `\'` + strings.Join(list, ",") + `\'`
}
