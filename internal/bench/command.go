package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/transcode"
)

// command is an ffmpeg command that makes what a plan says: one decode, split
// and scaled by a filter graph, the same encoders with the same settings, the
// same layout of files. The number of threads is left to ffmpeg, which knows
// best what suits it, unless it is pinned to ours.
type command struct {
	plan    *transcode.Plan
	dir     string
	pinned  bool
	chains  []string // what is made of the decoded picture, each with its own labels
	outputs []string // maps, encoders and paths
}

// ffmpeg returns the arguments of one command for all of a plan. Those of
// input come before the source.
func ffmpeg(plan *transcode.Plan, in, dir string, input ...string) []string {
	return (&command{plan: plan, dir: dir}).all(in, input)
}

// ffmpegPinned is the same with as many threads as our encoders have.
func ffmpegPinned(plan *transcode.Plan, in, dir string) []string {
	return (&command{plan: plan, dir: dir, pinned: true}).all(in, nil)
}

func (c *command) all(in string, input []string) []string {
	plan := c.plan
	for i := range plan.Files {
		c.file(&plan.Files[i])
	}
	for i := range plan.HLS {
		c.hls(&plan.HLS[i])
	}
	c.pictures()
	return c.args(in, input)
}

// pictures are the outputs that are not encoded as streams.
func (c *command) pictures() {
	for i := range c.plan.Thumbnails {
		c.thumbnails(&c.plan.Thumbnails[i])
	}
	for i := range c.plan.Animations {
		c.animation(&c.plan.Animations[i])
	}
}

func (c *command) args(in string, input []string) []string {
	args := slices.Concat([]string{"-nostdin", "-v", "error", "-y"}, input, []string{"-i", in})
	if len(c.chains) > 0 {
		args = append(args, "-filter_complex", c.graph())
	}
	return append(args, c.outputs...)
}

// graph gives the decoded picture to every chain.
func (c *command) graph() string {
	source := fmt.Sprintf("[0:%d]", c.plan.Media.VideoStream().Index)
	if len(c.chains) == 1 {
		return source + c.chains[0]
	}
	b := &strings.Builder{}
	fmt.Fprintf(b, "%ssplit=%d", source, len(c.chains))
	for i := range c.chains {
		fmt.Fprintf(b, "[s%d]", i)
	}
	for i, chain := range c.chains {
		fmt.Fprintf(b, ";[s%d]%s", i, chain)
	}
	return b.String()
}

// video encodes a rendition as video stream n of the next output.
func (c *command) video(n int, id string) {
	i := slices.IndexFunc(c.plan.Video, func(v transcode.VideoRendition) bool { return v.ID == id })
	v, src := &c.plan.Video[i], c.plan.Media.VideoStream().Video
	scale := ""
	if v.Width != src.Width || v.Height != src.Height {
		scale = fmt.Sprintf("scale=%d:%d:flags=bicubic,", v.Width, v.Height)
	}
	label := fmt.Sprintf("[o%d]", len(c.chains))
	c.chains = append(c.chains, fmt.Sprintf("%ssetsar=1,format=%s%s", scale, v.PixelFormat, label))
	c.outputs = append(c.outputs, "-map", label)
	c.outputs = append(c.outputs, videoArgs(strconv.Itoa(n), v, c.pinned)...)
}

// audio encodes a rendition as audio stream n of the next output.
func (c *command) audio(n int, id string) {
	i := slices.IndexFunc(c.plan.Audio, func(a transcode.AudioRendition) bool { return a.ID == id })
	a, s := &c.plan.Audio[i], fmt.Sprintf(":a:%d", n)
	c.outputs = append(c.outputs, "-map", fmt.Sprintf("0:%d", a.Stream), "-c"+s, string(a.Codec), "-b"+s, strconv.FormatInt(a.Bitrate, 10),
		"-ac"+s, strconv.Itoa(a.Channels), "-ar"+s, strconv.Itoa(a.SampleRate))
}

func (c *command) file(f *transcode.FilePackage) {
	c.video(0, f.Video)
	for i, id := range f.Audio {
		c.audio(i, id)
	}
	c.outputs = append(c.outputs, "-movflags", "+faststart", "-f", f.Container, filepath.Join(c.dir, filepath.FromSlash(f.Path)))
}

func (c *command) hls(h *transcode.HLSPackage) {
	for i, t := range h.Video {
		c.video(i, t.Rendition)
	}
	for i, t := range h.Audio {
		c.audio(i, t.Rendition)
	}
	c.outputs = append(c.outputs, "-f", "hls")
	for _, o := range hlsOptions(h) {
		c.outputs = append(c.outputs, "-"+o[0], o[1])
	}
	c.outputs = append(c.outputs, hlsPath(c.dir, h))
}

func hlsPath(dir string, h *transcode.HLSPackage) string {
	return filepath.Join(dir, filepath.FromSlash(h.Dir), "%v", "media.m3u8")
}

// hlsOptions are those of ffmpeg's HLS muxer.
func hlsOptions(h *transcode.HLSPackage) [][2]string {
	group := ""
	if len(h.Audio) > 0 {
		group = ",agroup:audio"
	}
	var streams []string
	for i, t := range h.Video {
		streams = append(streams, fmt.Sprintf("v:%d%s,name:%s", i, group, t.Name))
	}
	for i, t := range h.Audio {
		streams = append(streams, fmt.Sprintf("a:%d%s,name:%s", i, group, t.Name))
	}
	return [][2]string{
		{"hls_time", strconv.FormatFloat(h.SegmentDuration.Float64(), 'f', 6, 64)},
		{"hls_playlist_type", "vod"},
		{"hls_segment_type", "fmp4"},
		{"hls_flags", "independent_segments"},
		{"master_pl_name", "master.m3u8"},
		{"var_stream_map", strings.Join(streams, " ")},
	}
}

// makeFolders makes those that ffmpeg does not.
func makeFolders(plan *transcode.Plan, dir string) error {
	var list []string
	for _, h := range plan.HLS {
		for _, t := range slices.Concat(h.Video, h.Audio) {
			list = append(list, h.Dir+t.Name)
		}
	}
	for i := range plan.Thumbnails {
		list = append(list, plan.Thumbnails[i].Dir)
	}
	for _, name := range list {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(name)), 0o755); err != nil {
			return err
		}
	}
	return nil
}
