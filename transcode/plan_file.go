package transcode

import "fmt"

// file plans one media file.
func (p *planner) file(i int, at string, o *FileOutput) {
	c, _ := findContainer(o.Container)
	clip, ok := p.clip(at, o.Start, o.Duration)
	if !ok {
		return
	}
	pkg := FilePackage{Output: i, Path: fmt.Sprintf("output_%d.%s", i, c.name), Container: c.name}
	if p.wantsPicture(at, o, c) {
		if !p.needPicture(at, "a file") {
			return
		}
		s := videoSettings{
			codec: o.Codec, width: o.Width, height: o.Height, crf: o.CRF, bitrate: int64(o.Bitrate),
			maxBitrate: int64(o.MaxBitrate), preset: o.Preset, fps: o.FPS, clip: clip,
		}
		if s.codec == "" {
			s.codec = c.video[0]
		}
		video, ok := p.pictureOf(at, &s, c)
		if !ok {
			return
		}
		pkg.Video = p.addVideo(video)
	}
	id, ok := p.sound(fieldPath(at, "audio"), o.Audio, c, clip)
	if !ok {
		return
	}
	if id != "" {
		pkg.Audio = []string{id}
	}
	if pkg.Video == "" && id == "" {
		p.input(at, "use another source, or another output", "the source has no sound for a file without video")
		return
	}
	p.plan.Files = append(p.plan.Files, pkg)
}

// wantsPicture says whether a file gets video. Where the job leaves it open
// and the source has sound alone, it does not.
func (p *planner) wantsPicture(at string, o *FileOutput, c container) bool {
	switch {
	case len(c.video) == 0:
		return false
	case o.Video != nil:
		return *o.Video
	case p.picture == nil && len(p.sounds) > 0 && (o.Audio == nil || o.Audio.Codec != codecNone):
		p.warn("%s: the source has no video; the file has sound alone", at)
		return false
	default:
		return true
	}
}
