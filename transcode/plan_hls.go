package transcode

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
)

// hls plans one HLS presentation.
func (p *planner) hls(i int, at string, o *HLSOutput) {
	if !p.needPicture(at, "an hls") {
		return
	}
	clip, ok := p.clip(at, o.Start, o.Duration)
	if !ok {
		return
	}
	dir := fmt.Sprintf("hls%d/", i)
	pkg := HLSPackage{Output: i, Dir: dir, Master: dir + "master.m3u8", Growing: o.PublishWhileEncoding}
	rungs := p.rungs(at, o, clip)
	if len(rungs) == 0 || !p.aligned(rungs) {
		return
	}
	pkg.SegmentDuration = segmentGrid(o.SegmentDuration, rungs)
	p.hlsVideo(&pkg, rungs)
	if p.hlsAudio(fieldPath(at, "audio"), &pkg, o.Audio, clip) {
		p.plan.HLS = append(p.plan.HLS, pkg)
	}
}

// plannedRung is a rung on its way into the plan.
type plannedRung struct {
	at    string
	video VideoRendition
	// reduced says that the source is smaller than the rung asks; asked is its
	// wish in pixels, for comparison.
	reduced bool
	asked   int
}

// rungs returns the renditions of a presentation in the job's order; none
// means that problems were reported.
func (p *planner) rungs(at string, o *HLSOutput, clip Clip) []plannedRung {
	if o.Ladder.Auto && o.Codec == rendition.CodecCopy {
		return p.copiedRung(at, clip)
	}
	at = fieldPath(at, "ladder")
	if o.Ladder.Auto {
		return p.autoRungs(at, o, clip)
	}
	list, good := make([]plannedRung, 0, len(o.Ladder.Rungs)), true
	for i, r := range o.Ladder.Rungs {
		r = r.withDefaults(o)
		video, ok := p.pictureOf(itemPath(at, i), &videoSettings{
			codec: r.Codec, width: r.Width, height: r.Height, crf: r.CRF, bitrate: int64(r.Bitrate),
			maxBitrate: int64(r.MaxBitrate), preset: r.Preset, fps: r.FPS, clip: clip,
		}, hlsContainer)
		good = good && ok
		reduced, asked := p.reduced(r.Width, r.Height)
		list = append(list, plannedRung{itemPath(at, i), video, reduced, asked})
	}
	if !good {
		return nil
	}
	return p.collapse(list)
}

// copiedRung is the ladder of one rung that auto makes of a copy.
func (p *planner) copiedRung(at string, clip Clip) []plannedRung {
	video, ok := p.pictureOf(at, &videoSettings{codec: rendition.CodecCopy, clip: clip}, hlsContainer)
	if !ok {
		return nil
	}
	return []plannedRung{{at: at, video: video}}
}

// autoRungs are those of ladder.Auto, with its caps on the codec's quality. Of
// several rungs of one size, which differ in bitrate alone, the best stays:
// the quality decides what it takes. Rungs that get a lower frame rate take
// every n-th picture, which keeps them aligned.
func (p *planner) autoRungs(at string, o *HLSOutput, clip Clip) []plannedRung {
	base := Rung{}.withDefaults(o)
	hdr := isHDR(p.picture.info) && base.Codec != rendition.H264
	rungs, err := ladder.Auto(p.atOutputRate(), &ladder.Options{Codec: base.Codec, HDR: hdr})
	if err != nil {
		p.invalid(at, "%w", err)
		return nil
	}
	list := make([]plannedRung, 0, len(rungs))
	for _, r := range slices.Backward(rungs) {
		s := videoSettings{
			codec: base.Codec, width: r.Width, height: r.Height, sized: true, crf: base.CRF, preset: base.Preset,
			maxBitrate: r.MaxBitrate, bufferSize: r.BufferSize, clip: clip,
		}
		rate := p.picture.rate
		if limit := r.FPS.Float64(); limit > 0 && rate.Float64() > limit*1.01 {
			s.fps = divideRate(rate, int64(math.Ceil(rate.Float64()/(limit*1.01))))
		}
		video := p.video(&s)
		if len(list) > 0 && gridOf(video) != gridOf(list[0].video) {
			s.fps = rendition.Rational{}
			video = p.video(&s)
		}
		if !slices.ContainsFunc(list, func(o plannedRung) bool { return samePicture(&o.video, &video) }) {
			list = append(list, plannedRung{at: at, video: video})
		}
	}
	return list
}

// atOutputRate is the source with the frame rate that its outputs have, so
// that fields and uneven frames do not count as a high rate.
func (p *planner) atOutputRate() *rendition.Media {
	m := *p.media
	m.Streams = slices.Clone(m.Streams)
	v := *p.picture.info
	v.FrameRate, v.BaseFrameRate, v.VariableFrameRate = p.picture.rate, p.picture.rate, false
	for i := range m.Streams {
		if &p.media.Streams[i] == p.picture.stream {
			m.Streams[i].Video = &v
		}
	}
	return &m
}

// reduced says whether a wished size is more than the source has.
func (p *planner) reduced(width, height int) (bool, int) {
	w, h := p.picture.info.DisplaySize()
	long, short := max(w, h), min(w, h)
	if width == 0 && height == 0 {
		return false, 0
	}
	if height == 0 {
		return width > long, width
	}
	if width == 0 {
		return height > short, height
	}
	return width > long && height > short, height
}

// collapse leaves out rungs that the source is too small for, where another
// one gives the same picture: of several, the one that asks for least stays.
func (p *planner) collapse(list []plannedRung) []plannedRung {
	kept := make([]plannedRung, 0, len(list))
	for _, r := range list {
		better := func(o plannedRung) bool { return samePicture(&o.video, &r.video) && (!o.reduced || o.asked < r.asked) }
		if r.reduced && slices.ContainsFunc(list, better) {
			p.warn("%s: the source is smaller; left out, since another rung is %dx%d already", r.at, r.video.Width, r.video.Height)
			continue
		}
		if same := slices.IndexFunc(kept, func(o plannedRung) bool { return o.video == r.video }); same >= 0 {
			p.warn("%s: is the same encode as %s; left out", r.at, kept[same].at)
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

func samePicture(a, b *VideoRendition) bool {
	return a.Width == b.Width && a.Height == b.Height && a.Codec == b.Codec && a.FrameRate == b.FrameRate
}

// gridOf is the exact distance of key frames in seconds.
func gridOf(v VideoRendition) rendition.Rational {
	return framesDuration(int64(v.KeyFrameInterval), v.FrameRate)
}

// encoded are the rungs that are not copies. Where a copy has its key frames
// shows when the source is read.
func encoded(list []plannedRung) []plannedRung {
	return slices.DeleteFunc(slices.Clone(list), func(r plannedRung) bool { return r.video.Copy })
}

// segmentGrid is the distance of segments in seconds: whole key-frame intervals
// of the encodes. A copy by itself is cut at its first key frame at or after
// each multiple of the target.
func segmentGrid(target Time, rungs []plannedRung) rendition.Rational {
	list := encoded(rungs)
	if len(list) == 0 {
		return rendition.NewRational(cmp.Or(target, Time(defaultSegment)).Duration().Milliseconds(), 1000)
	}
	return segmentDuration(target, list[0].video.KeyFrameInterval, list[0].video.FrameRate)
}

// aligned reports rungs whose key frames do not lie at the same times as the first one's.
func (p *planner) aligned(list []plannedRung) bool {
	good := true
	list = encoded(list)
	for i, r := range list {
		if first := list[0]; i > 0 && gridOf(r.video) != gridOf(first.video) {
			p.invalid(fieldPath(r.at, "fps"), "%s frames per second cannot switch with %s at the same key frames; use %s or half of it",
				r.video.FrameRate, first.video.FrameRate, first.video.FrameRate)
			good = false
		}
	}
	return good
}

// hlsVideo adds the tracks, best first.
func (p *planner) hlsVideo(pkg *HLSPackage, rungs []plannedRung) {
	rungs = slices.Clone(rungs)
	slices.SortStableFunc(rungs, func(a, b plannedRung) int {
		return cmp.Or(
			cmp.Compare(b.video.Width*b.video.Height, a.video.Width*a.video.Height),
			cmp.Compare(max(b.video.MaxBitrate, b.video.Bitrate), max(a.video.MaxBitrate, a.video.Bitrate)))
	})
	for _, r := range rungs {
		name := fmt.Sprintf("%dp", min(r.video.Width, r.video.Height))
		pkg.Video = append(pkg.Video, HLSTrack{Rendition: p.addVideo(r.video), Name: trackName(pkg.Video, name)})
	}
	pkg.Video[0].Default = true
}

func (p *planner) hlsAudio(at string, pkg *HLSPackage, list []AudioSettings, clip Clip) bool {
	asked := make([]*AudioSettings, 0, len(list))
	for i := range list {
		asked = append(asked, &list[i])
	}
	if len(asked) == 0 {
		asked = append(asked, nil)
	}
	for i, a := range asked {
		id, ok := p.sound(itemPath(at, i), a, hlsContainer, clip)
		if !ok {
			return false
		}
		if id == "" {
			continue
		}
		if slices.ContainsFunc(pkg.Audio, func(t HLSTrack) bool { return t.Rendition == id }) {
			p.warn("%s: is the same encode as one before it; left out", itemPath(at, i))
			continue
		}
		pkg.Audio = append(pkg.Audio, p.audioTrack(pkg, id))
	}
	return true
}

// audioTrack names an audio rendition: by its title or language for people.
func (p *planner) audioTrack(pkg *HLSPackage, id string) HLSTrack {
	i := slices.IndexFunc(p.plan.Audio, func(a AudioRendition) bool { return a.ID == id })
	a := p.plan.Audio[i]
	name := "audio"
	if isPlainWord(a.Language) {
		name += "_" + a.Language
	}
	return HLSTrack{
		Rendition: id, Name: trackName(pkg.Audio, name), Label: cmp.Or(a.Title, a.Language, "Audio"), Default: len(pkg.Audio) == 0,
	}
}

// isPlainWord says that a language tag may be part of a path.
func isPlainWord(s string) bool {
	return s != "" && len(s) <= 35 && fieldPath("", s) == s
}

// trackName makes name unique among tracks.
func trackName(tracks []HLSTrack, name string) string {
	taken := func(s string) bool {
		return slices.ContainsFunc(tracks, func(t HLSTrack) bool { return t.Name == s })
	}
	unique := name
	for n := 2; taken(unique); n++ {
		unique = fmt.Sprintf("%s_%d", name, n)
	}
	return unique
}
