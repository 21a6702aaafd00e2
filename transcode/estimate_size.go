package transcode

import (
	"maps"
	"math"
	"slices"

	"github.com/rendition-sdk/rendition"
)

// What packaging adds to the coded bytes, about.
const (
	fileBytes     = 1 << 10 // boxes of a file or an initialization segment
	fileSample    = 10      // the tables of MP4, or what other containers have around a frame
	segmentBytes  = 300     // boxes of a segment, and its line in a playlist
	segmentSample = 10      // the table of a segment
	playlistBytes = 400     // for each track
)

// sizes adds up what is published.
func (r *estimator) sizes() {
	byOutput := maps.Clone(r.images)
	for _, f := range r.plan.Files {
		byOutput[f.Output] += r.fileSize(&f)
	}
	for _, h := range r.plan.HLS {
		for _, t := range slices.Concat(h.Video, h.Audio) {
			byOutput[h.Output] += r.trackSize(r.flows[t.Rendition], h.SegmentDuration.Float64())
		}
	}
	for _, i := range slices.Sorted(maps.Keys(byOutput)) {
		size := int64(byOutput[i])
		r.out.Outputs = append(r.out.Outputs, OutputEstimate{Output: i, Size: size})
		r.out.Size += size
	}
}

func (r *estimator) fileSize(f *FilePackage) float64 {
	size := float64(fileBytes)
	for _, id := range append(nonEmpty(f.Video), f.Audio...) {
		flow := r.flows[id]
		size += flow.size() + flow.samples*flow.length*fileSample
	}
	return size
}

func (r *estimator) trackSize(f flow, segment float64) float64 {
	segments := math.Ceil(f.length / max(segment, 0.1))
	return f.size() + f.samples*f.length*segmentSample + segments*segmentBytes + fileBytes + playlistBytes
}

// renditions lists them.
func (r *estimator) renditions() {
	add := func(e RenditionEstimate) {
		f := r.flows[e.ID]
		e.Bitrate, e.Size = int64(f.bytes*8), int64(f.size())
		r.out.Renditions = append(r.out.Renditions, e)
	}
	for _, v := range r.plan.Video {
		add(RenditionEstimate{ID: v.ID, Type: rendition.Video, Codec: v.Codec, Width: v.Width, Height: v.Height})
	}
	for _, a := range r.plan.Audio {
		add(RenditionEstimate{ID: a.ID, Type: rendition.Audio, Codec: a.Codec})
	}
	r.out.Uncertainty = max(leastUncertainty, r.off)
}

// leastUncertainty is what no calibration is better than.
const leastUncertainty = 0.1
