package hls

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager/internal/lang"
)

// group is an audio group in the multivariant playlist.
type group struct {
	id            string
	tracks        []*TrackWriter
	peak, average int64
	codecs        []string
}

// multivariant builds what the multivariant playlist says.
func (w *Writer) multivariant() ([]mediaTag, []variant) {
	groups := w.groups()
	var variants []variant
	for _, t := range w.tracks {
		if t.track.Type != rendition.Video {
			continue
		}
		for _, g := range groups {
			variants = append(variants, t.variant(w.opts, g))
		}
		if len(groups) == 0 {
			variants = append(variants, t.variant(w.opts, nil))
		}
	}
	if len(variants) == 0 {
		return w.audioOnly(groups)
	}
	return mediaTags(w.opts, groups), arrange(variants, w.opts.StartBandwidth)
}

// groups gathers the audio tracks by group, in order.
func (w *Writer) groups() []*group {
	var list []*group
	for _, t := range w.tracks {
		if t.track.Type != rendition.Audio {
			continue
		}
		i := slices.IndexFunc(list, func(g *group) bool { return g.id == t.opts.Group })
		if i < 0 {
			i = len(list)
			list = append(list, &group{id: t.opts.Group})
		}
		g := list[i]
		peak, average := bandwidth(t.segments, t.track.Timescale)
		g.peak, g.average = max(g.peak, peak), max(g.average, average)
		if name := t.frag.CodecString(); !slices.Contains(g.codecs, name) {
			g.codecs = append(g.codecs, name)
		}
		g.tracks = append(g.tracks, t)
	}
	return list
}

// variant describes a video track played with an audio group. BANDWIDTH is that
// of the worst combination: the picture's peak and the peak of the group's
// biggest track (draft-pantos-hls-rfc8216bis clause 4.4.6.2).
func (t *TrackWriter) variant(o *Options, g *group) variant {
	v := variant{uri: t.playlistName(o), videoRange: videoRange(t.track.Color), frameRate: t.frameRate()}
	v.peak, v.average = bandwidth(t.segments, t.track.Timescale)
	v.width, v.height = t.displaySize()
	codecs := []string{t.frag.CodecString()}
	if g != nil {
		v.peak, v.average, v.audio = v.peak+g.peak, v.average+g.average, g.id
		codecs = append(codecs, g.codecs...)
	}
	v.codecs = strings.Join(codecs, ",")
	return v
}

func videoRange(c rendition.Color) string {
	switch c.Transfer {
	case "smpte2084":
		return "PQ"
	case "arib-std-b67":
		return "HLG"
	default:
		return "SDR"
	}
}

// frameRate is the declared rate, else the measured one.
func (t *TrackWriter) frameRate() float64 {
	if !t.track.FrameRate.IsZero() {
		return t.track.FrameRate.Float64()
	}
	if d := t.end - t.firstPTS; d > 0 {
		return float64(t.samples) * float64(t.track.Timescale) / float64(d)
	}
	return 0
}

func (t *TrackWriter) displaySize() (width, height int) {
	info := rendition.VideoInfo{Width: t.track.Width, Height: t.track.Height, SampleAspect: t.track.SampleAspect, Rotation: t.track.Rotation}
	return info.DisplaySize()
}

// mediaTags lists the audio tracks. Each group has at most one default.
func mediaTags(o *Options, groups []*group) []mediaTag {
	var list []mediaTag
	for _, g := range groups {
		first := g.defaultTrack()
		for _, t := range g.tracks {
			list = append(list, mediaTag{
				group: g.id, label: t.label, language: lang.BCP47(t.track.Language), uri: t.playlistName(o),
				channels: strconv.Itoa(t.track.Channels), isDefault: t == first, autoselect: t == first || !t.opts.NoAutoselect,
				characteristics: t.opts.Characteristics,
			})
		}
	}
	return list
}

// defaultTrack is the group's track marked Default, else its first.
func (g *group) defaultTrack() *TrackWriter {
	if i := slices.IndexFunc(g.tracks, func(t *TrackWriter) bool { return t.track.Default }); i >= 0 {
		return g.tracks[i]
	}
	return g.tracks[0]
}

// audioOnly makes a variant of each group: its default track, with the group
// when there are others to choose from.
func (w *Writer) audioOnly(groups []*group) ([]mediaTag, []variant) {
	var media []mediaTag
	var variants []variant
	for _, g := range groups {
		v := variant{uri: g.defaultTrack().playlistName(w.opts), peak: g.peak, average: g.average, codecs: strings.Join(g.codecs, ",")}
		if len(g.tracks) > 1 {
			v.audio = g.id
			media = append(media, mediaTags(w.opts, []*group{g})...)
		}
		variants = append(variants, v)
	}
	return media, arrange(variants, w.opts.StartBandwidth)
}

// arrange puts the variant a player is to begin with first and the others
// behind it from best to least. Players begin with the first variant they can play.
func arrange(list []variant, start int64) []variant {
	slices.SortStableFunc(list, func(a, b variant) int { return cmp.Compare(b.peak, a.peak) })
	if start < 0 || len(list) == 0 {
		return list
	}
	i := slices.IndexFunc(list, func(v variant) bool { return v.average <= start })
	if i < 0 {
		i = len(list) - 1
	}
	first := list[i]
	return slices.Insert(slices.Delete(list, i, i+1), 0, first)
}
