package hls

import (
	"slices"
	"time"

	"github.com/rendition-sdk/rendition"
)

// Result describes what a Writer wrote.
type Result struct {
	// Master is the name of the multivariant playlist.
	Master string
	// Files are all files: those of each track in the order they were written,
	// then the playlists, each once, as it was written last.
	Files []FileInfo
	// Tracks are in the order of the presentation.
	Tracks []TrackResult
	// Duration is the length of the longest track.
	Duration time.Duration
}

// TrackResult describes one track.
type TrackResult struct {
	// Name is TrackOptions.Name, Playlist and Init are names in the sink.
	Name, Playlist, Init string
	Type                 rendition.MediaType
	Codec                rendition.Codec
	// CodecString is the RFC 6381 codecs parameter.
	CodecString string
	// Timescale is the ticks per second of Segments.
	Timescale uint32
	Segments  []Segment
	// Samples and Bytes count all access units, and the bytes of init and media segments.
	Samples, Bytes int64
	Duration       time.Duration
	// PeakBandwidth and AverageBandwidth are bits per second, measured on the segments.
	PeakBandwidth, AverageBandwidth int64
}

// Result describes what was written so far. Durations are known after Flush. No
// WriteSample may run at the same time.
func (w *Writer) Result() *Result {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := &Result{Master: w.opts.MasterName}
	for _, t := range w.tracks {
		tr := t.result()
		r.Duration = max(r.Duration, tr.Duration)
		r.Tracks = append(r.Tracks, tr)
		r.Files = append(r.Files, t.files...)
	}
	for _, name := range w.playlistNames() {
		if info, written := w.playlists[name]; written {
			r.Files = append(r.Files, info)
		}
	}
	return r
}

// playlistNames are the names of all playlists, the multivariant one last.
func (w *Writer) playlistNames() []string {
	var list []string
	for _, t := range w.tracks {
		list = append(list, t.playlistName())
	}
	return append(list, w.opts.MasterName)
}

func (t *TrackWriter) result() TrackResult {
	r := TrackResult{
		Name: t.opts.Name, Playlist: t.playlistName(), Init: t.file("init.mp4"), Type: t.track.Type, Codec: t.track.Codec,
		CodecString: t.frag.CodecString(), Timescale: t.track.Timescale, Segments: slices.Clone(t.segments),
		Samples: t.samples, Bytes: t.initBytes,
	}
	var ticks int64
	for _, s := range t.segments {
		r.Bytes += s.Bytes
		ticks += s.Duration
	}
	r.Duration = rendition.Rational{Num: 1, Den: int64(t.track.Timescale)}.Duration(ticks)
	r.PeakBandwidth, r.AverageBandwidth = bandwidth(t.segments, t.track.Timescale)
	return r
}
