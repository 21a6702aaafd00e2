package main

import "github.com/rendition-sdk/rendition"

// scenarios are all that can be measured. The targets are for two cores.
func scenarios() []*scenario {
	return []*scenario{
		ladder3(), ladder4(), mixed(), stills(), resume(), codecLadder(rendition.H265), codecLadder(rendition.AV1),
		estimates("estimate", "an H.264 ladder", threeClips, h264Job(1080, 720, 480, 360)),
		estimateOf(rendition.H265, "hevc"), estimateOf(rendition.AV1, "av1"),
	}
}

func ladder3() *scenario {
	return &scenario{
		name: "ladder3", title: "H.264 ladder of three rungs",
		about: "HLS at 1080p, 720p and 480p with AAC sound, in fMP4 segments.",
		clips: filmClip, job: h264Job(1080, 720, 480),
		sides:   []side{ours, oneCommand, eachRung},
		targets: []target{atMost(1.00, wall, 1)},
	}
}

func ladder4() *scenario {
	return &scenario{
		name: "ladder4", title: "H.264 ladder of four rungs",
		about: "HLS at 1080p, 720p, 480p and 360p with AAC sound, in fMP4 segments, of clips of different kinds.",
		clips: threeClips, job: h264Job(1080, 720, 480, 360),
		sides:   []side{ours, oneCommand, eachRung},
		targets: []target{atMost(0.99, cpu, 1), atLeast(0.97, busy), atMost(0.92, wall, 1), atMost(1.00, memory, 1)},
	}
}

func mixed() *scenario {
	return &scenario{
		name: "mixed", title: "Mixed job",
		about: "An MP4 at 1080p, an MP4 at 720p, HLS at 1080p, 720p and 480p, stills every 10 s with a sprite, and a GIF of 3 s. " +
			"A file and a presentation are two outputs of ffmpeg, which encodes 1080p and 720p for each of them; its tee muxer can " +
			"give one encode to both.",
		clips: filmClip, job: mixedJob,
		sides:   []side{ours, oneCommand, teeCommand, eachOutput},
		targets: []target{atMost(0.52, wall, 1), atMost(0.35, memory, 1)},
	}
}

func stills() *scenario {
	return &scenario{
		name: "stills", title: "Stills and a sprite of a long clip",
		about: "Stills every 10 s and a sprite sheet of them. With `-skip_frame nokey` ffmpeg decodes key frames alone.",
		clips: longFilm, job: stillsJob,
		sides:   []side{ours, oneCommand.called("ffmpeg, fps=1/10"), keyFramesOnly},
		targets: []target{atMost(0.10, wall, 1), atMost(1.00, wall, 2)},
	}
}

func resume() *scenario {
	return &scenario{
		name: "resume", title: "A job killed at 50 % and run again",
		about: "HLS at 480p and 360p. One side is killed when half of the source is encoded, and run again; the other is left alone. " +
			"Costs of the two processes are added.",
		clips: mediumFilm, job: resumeJob,
		sides:     []side{killedAndResumed, uninterrupted},
		targets:   []target{atMost(1.05, cpu, 1)},
		identical: true,
	}
}

func codecLadder(codec rendition.Codec) *scenario {
	title := map[rendition.Codec]string{rendition.H265: "HEVC", rendition.AV1: "AV1"}[codec]
	name := map[rendition.Codec]string{rendition.H265: "hevc", rendition.AV1: "av1"}[codec]
	return &scenario{
		name: name, title: title + " ladder",
		about: "HLS at 720p, 480p and 360p with AAC sound, at the codec's default quality and cap. The number of threads changes what " +
			"the encoder writes; one peer has ours, the others have what ffmpeg takes.",
		clips: shortFilm, job: codecJob(codec),
		sides: []side{ours, oneCommand, ourThreads, eachRung},
	}
}
