package transcode

import (
	"reflect"

	"github.com/rendition-sdk/rendition"
)

func (v *validator) hls(at string, o *HLSOutput) {
	codec := o.Codec
	if codec == "" {
		codec = hlsContainer.video[0]
	}
	v.codec(at, codec, hlsContainer)
	v.word(fieldPath(at, "preset"), o.Preset, presets)
	v.quality(at, codec, o.CRF, 0, 0)
	v.ladder(at, o, codec)
	v.hlsCopy(at, o)
	if o.SegmentDuration != 0 && (o.SegmentDuration < MinSegmentDuration || o.SegmentDuration > MaxSegmentDuration) {
		v.invalid(fieldPath(at, "segment_duration"), "must be %d to %d seconds, got %s",
			int(MinSegmentDuration.Duration().Seconds()), int(MaxSegmentDuration.Duration().Seconds()), o.SegmentDuration)
	}
	v.hlsAudio(fieldPath(at, "audio"), o.Audio)
	v.times(at, o.Start, o.Duration)
}

func (v *validator) ladder(at string, o *HLSOutput, codec rendition.Codec) {
	rungs := fieldPath(at, "ladder")
	n := len(o.Ladder.Rungs)
	switch {
	case o.Ladder.Auto && n > 0:
		v.invalid(rungs, "is both auto and a list of rungs; give one")
	case n == 0 && !o.Ladder.Auto:
		v.invalid(rungs, `is empty, and nothing would be made; give rungs such as [{"height": 720}], or "auto"`)
	case n > MaxRungs:
		v.invalid(rungs, "has %d rungs, at most %d are allowed", n, MaxRungs)
		return
	}
	for i, r := range o.Ladder.Rungs {
		path := itemPath(rungs, i)
		v.rung(path, &r, r.withDefaults(o), codec)
		for j := range i {
			if reflect.DeepEqual(r.withDefaults(o), o.Ladder.Rungs[j].withDefaults(o)) {
				v.invalid(path, "is the same as %s; remove one", itemPath(rungs, j))
				break
			}
		}
	}
}

// withDefaults fills what a rung leaves to its presentation. A rung with a
// bitrate of its own does not take the presentation's crf, a copy takes nothing.
func (r Rung) withDefaults(o *HLSOutput) Rung {
	if r.Codec == "" {
		r.Codec = o.Codec
	}
	if r.Codec == "" {
		r.Codec = hlsContainer.video[0]
	}
	if r.Codec == rendition.CodecCopy {
		return r
	}
	if r.Preset == "" {
		r.Preset = o.Preset
	}
	if r.CRF == nil && r.Bitrate == 0 {
		r.CRF = o.CRF
	}
	return r
}

// rung checks what a rung says itself. What it takes from its presentation,
// whose codec is given, was checked there; crf depends on the codec.
func (v *validator) rung(at string, own *Rung, full Rung, codec rendition.Codec) {
	if own.Codec != "" {
		v.codec(at, own.Codec, hlsContainer)
	}
	crf := own.CRF
	if full.Codec != codec {
		crf = full.CRF
	}
	v.size(at, own.Width, own.Height)
	if full.Codec == rendition.CodecCopy {
		v.copyFields(at, own.CRF, own.Preset, own.FPS, hlsContainer)
		v.quality(at, full.Codec, nil, own.Bitrate, own.MaxBitrate)
		return
	}
	v.fps(at, own.FPS, MaxFPS)
	v.quality(at, full.Codec, crf, own.Bitrate, own.MaxBitrate)
	v.word(fieldPath(at, "preset"), own.Preset, presets)
}

func (v *validator) hlsAudio(at string, list []AudioSettings) {
	if len(list) > MaxAudioTracks {
		v.invalid(at, "has %d entries, at most %d are allowed", len(list), MaxAudioTracks)
		return
	}
	for i := range list {
		path := itemPath(at, i)
		v.audio(path, &list[i], hlsContainer)
		if list[i].Codec == codecNone && len(list) > 1 {
			v.invalid(fieldPath(path, "codec"), `is "none" beside other entries; remove the entry`)
		}
		for j := range i {
			if list[i] == list[j] {
				v.invalid(path, "is the same as %s; remove one", itemPath(at, j))
				break
			}
		}
	}
}
