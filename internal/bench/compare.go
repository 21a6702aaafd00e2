package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/rendition-sdk/rendition/transcode"
)

// artifact is one thing that a side made.
type artifact struct {
	Name  string `json:"name"`
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"`
	// SSIM and XPSNR (in dB, of luma) are against the source, scaled to the
	// same size; 0 for what has none.
	SSIM  float64 `json:"ssim,omitempty"`
	XPSNR float64 `json:"xpsnr,omitempty"`
}

// compare looks at what the last run of each side made.
func (s *scenario) compare(ctx context.Context, r *clipResult, trials []*trial) error {
	for i, t := range trials {
		list, err := s.artifacts(ctx, t)
		if err != nil {
			return fmt.Errorf("%s: %w", s.sides[i].name, err)
		}
		r.Made = append(r.Made, list)
	}
	if !s.identical {
		return nil
	}
	for _, t := range trials[1:] {
		var err error
		if r.Differs, err = difference(trials[0].dir, t.dir); err != nil || r.Differs != "" {
			return err
		}
	}
	return nil
}

// artifacts are what the scenario compares.
func (s *scenario) artifacts(ctx context.Context, t *trial) ([]artifact, error) {
	if s.whole {
		return t.everything()
	}
	return t.artifacts(ctx)
}

// artifacts measures the outputs of a plan where a side has put them.
func (t *trial) artifacts(ctx context.Context) (list []artifact, err error) {
	add := func(name, pattern string, video string) error {
		a, err := t.artifact(ctx, filepath.Join(t.dir, filepath.FromSlash(pattern)), video)
		a.Name = name
		list = append(list, a)
		return err
	}
	for _, f := range t.plan.Files {
		if err := add(f.Path, f.Path, f.Video); err != nil {
			return nil, err
		}
	}
	for _, h := range t.plan.HLS {
		for _, track := range h.Video {
			if err := add(h.Dir+track.Name, h.Dir+track.Name+"/*", track.Rendition); err != nil {
				return nil, err
			}
		}
	}
	for i := range t.plan.Thumbnails {
		dir := t.plan.Thumbnails[i].Dir
		if err := add("stills", dir+"thumb_*", ""); err != nil {
			return nil, err
		}
		if t.plan.Thumbnails[i].Sprite == nil {
			continue
		}
		if err := add("sprite sheets", dir+"sprite_*", ""); err != nil {
			return nil, err
		}
	}
	for _, a := range t.plan.Animations {
		if err := add(a.Path, a.Path, ""); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// artifact measures the files of a pattern, and the picture if they are a
// video rendition.
func (t *trial) artifact(ctx context.Context, pattern, video string) (a artifact, err error) {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return a, err
	}
	play := ""
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			return a, err
		}
		if filepath.Ext(f) == ".m3u8" {
			play = f
			continue
		}
		a.Files++
		a.Bytes += info.Size()
	}
	if a.Files == 0 || a.Bytes == 0 {
		return a, fmt.Errorf("nothing was made at %s", pattern)
	}
	if video == "" {
		return a, nil
	}
	if play == "" {
		play = files[0]
	}
	i := slices.IndexFunc(t.plan.Video, func(v transcode.VideoRendition) bool { return v.ID == video })
	a.SSIM, a.XPSNR, err = quality(ctx, t.in, play, &t.plan.Video[i])
	return a, err
}
