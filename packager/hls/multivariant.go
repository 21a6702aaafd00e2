package hls

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/internal/lang"
)

// entry is what the multivariant playlist says of a track.
type entry struct {
	track         packager.Track
	opts          TrackOptions
	label         string // of audio
	uri           string
	codecs        string
	frameRate     float64
	peak, average int64
}

// entry describes the track by the given segments of it.
func (t *TrackWriter) entry(list []Segment) *entry {
	e := &entry{track: t.track, opts: t.opts, uri: t.playlistName(), codecs: t.frag.CodecString(), frameRate: t.frameRate()}
	e.peak, e.average = bandwidth(list, t.track.Timescale)
	return e
}

// group is an audio group in the multivariant playlist.
type group struct {
	id            string
	tracks        []*entry
	peak, average int64
	codecs        []string
}

// multivariant builds what the multivariant playlist says.
func multivariant(o *Options, list []*entry) ([]mediaTag, []variant) {
	nameAudio(list)
	groups := groupAudio(list)
	var variants []variant
	for _, e := range list {
		if e.track.Type != rendition.Video {
			continue
		}
		for _, g := range groups {
			variants = append(variants, e.variant(g))
		}
		if len(groups) == 0 {
			variants = append(variants, e.variant(nil))
		}
	}
	if len(variants) == 0 {
		return audioOnly(o, groups)
	}
	return mediaTags(groups), arrange(variants, o.StartBandwidth)
}

// groupAudio gathers the audio tracks by group, in order.
func groupAudio(entries []*entry) []*group {
	var list []*group
	for _, e := range entries {
		if e.track.Type != rendition.Audio {
			continue
		}
		i := slices.IndexFunc(list, func(g *group) bool { return g.id == e.opts.Group })
		if i < 0 {
			i = len(list)
			list = append(list, &group{id: e.opts.Group})
		}
		g := list[i]
		g.peak, g.average = max(g.peak, e.peak), max(g.average, e.average)
		if !slices.Contains(g.codecs, e.codecs) {
			g.codecs = append(g.codecs, e.codecs)
		}
		g.tracks = append(g.tracks, e)
	}
	return list
}

// variant describes a video track played with an audio group. BANDWIDTH is that
// of the worst combination: the picture's peak and the peak of the group's
// biggest track (draft-pantos-hls-rfc8216bis clause 4.4.6.2).
func (e *entry) variant(g *group) variant {
	v := variant{uri: e.uri, videoRange: videoRange(e.track.Color), frameRate: e.frameRate, peak: e.peak, average: e.average}
	v.width, v.height = e.displaySize()
	codecs := []string{e.codecs}
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

func (e *entry) displaySize() (width, height int) {
	info := rendition.VideoInfo{Width: e.track.Width, Height: e.track.Height, SampleAspect: e.track.SampleAspect, Rotation: e.track.Rotation}
	return info.DisplaySize()
}

// nameAudio gives each audio track a label that is unique in its group.
func nameAudio(list []*entry) {
	taken := map[[2]string]bool{}
	for _, e := range list {
		if e.track.Type != rendition.Audio {
			continue
		}
		base := quoted(firstOf(e.opts.Label, e.track.Title, lang.BCP47(e.track.Language), "Audio"))
		e.label = base
		for n := 2; taken[[2]string{e.opts.Group, e.label}]; n++ {
			e.label = fmt.Sprintf("%s %d", base, n)
		}
		taken[[2]string{e.opts.Group, e.label}] = true
	}
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// mediaTags lists the audio tracks. Each group has at most one default.
func mediaTags(groups []*group) []mediaTag {
	var list []mediaTag
	for _, g := range groups {
		first := g.defaultTrack()
		for _, e := range g.tracks {
			list = append(list, mediaTag{
				group: g.id, label: e.label, language: lang.BCP47(e.track.Language), uri: e.uri,
				channels: strconv.Itoa(e.track.Channels), isDefault: e == first, autoselect: e == first || !e.opts.NoAutoselect,
				characteristics: e.opts.Characteristics,
			})
		}
	}
	return list
}

// defaultTrack is the group's track marked Default, else its first.
func (g *group) defaultTrack() *entry {
	if i := slices.IndexFunc(g.tracks, func(e *entry) bool { return e.track.Default }); i >= 0 {
		return g.tracks[i]
	}
	return g.tracks[0]
}

// audioOnly makes a variant of each group: its default track, with the group
// when there are others to choose from.
func audioOnly(o *Options, groups []*group) ([]mediaTag, []variant) {
	var media []mediaTag
	var variants []variant
	for _, g := range groups {
		v := variant{uri: g.defaultTrack().uri, peak: g.peak, average: g.average, codecs: strings.Join(g.codecs, ",")}
		if len(g.tracks) > 1 {
			v.audio = g.id
			media = append(media, mediaTags([]*group{g})...)
		}
		variants = append(variants, v)
	}
	return media, arrange(variants, o.StartBandwidth)
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
