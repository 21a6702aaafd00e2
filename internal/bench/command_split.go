package main

import "github.com/rendition-sdk/rendition/transcode"

// byOutput is a plan for each output of the job.
func byOutput(plan *transcode.Plan) []*transcode.Plan {
	var list []*transcode.Plan
	add := func(set func(*transcode.Plan)) {
		p := &transcode.Plan{Media: plan.Media, Video: plan.Video, Audio: plan.Audio}
		set(p)
		list = append(list, p)
	}
	for i := range plan.Files {
		add(func(p *transcode.Plan) { p.Files = plan.Files[i : i+1] })
	}
	for i := range plan.HLS {
		add(func(p *transcode.Plan) { p.HLS = plan.HLS[i : i+1] })
	}
	for i := range plan.Thumbnails {
		add(func(p *transcode.Plan) { p.Thumbnails = plan.Thumbnails[i : i+1] })
	}
	for i := range plan.Animations {
		add(func(p *transcode.Plan) { p.Animations = plan.Animations[i : i+1] })
	}
	return list
}

// byRung is a plan for each rendition of the presentations. The multivariant
// playlist that would name them all is not made.
func byRung(plan *transcode.Plan) []*transcode.Plan {
	var list []*transcode.Plan
	add := func(h transcode.HLSPackage, video, audio []transcode.HLSTrack) {
		h.Video, h.Audio = video, audio
		list = append(list, &transcode.Plan{Media: plan.Media, Video: plan.Video, Audio: plan.Audio, HLS: []transcode.HLSPackage{h}})
	}
	for _, h := range plan.HLS {
		for i := range h.Video {
			add(h, h.Video[i:i+1], nil)
		}
		for i := range h.Audio {
			add(h, nil, h.Audio[i:i+1])
		}
	}
	return list
}
