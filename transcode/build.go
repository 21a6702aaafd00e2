package transcode

import (
	"context"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// build turns the plan into an encode graph and the packages behind it.
func (r *jobRun) build(ctx context.Context) error {
	r.renditions = map[string]*renditionOut{}
	r.spec = &encode.Spec{Source: r.source, Media: r.plan.Media, Logger: r.log}
	for i := range r.plan.Video {
		r.addVideo(&r.plan.Video[i])
	}
	for i := range r.plan.Audio {
		r.addAudio(&r.plan.Audio[i])
	}
	for i := range r.plan.Files {
		r.packages = append(r.packages, r.newFile(&r.plan.Files[i]))
	}
	identity, err := r.sourceIdentity(ctx)
	if err != nil {
		return err
	}
	r.identity = identity
	r.spec.Source = &pinnedSource{r.source, identity}
	for i := range r.plan.HLS {
		r.packages = append(r.packages, r.newHLS(&r.plan.HLS[i], identity))
	}
	for i := range r.plan.Thumbnails {
		r.packages = append(r.packages, r.newThumbnails(&r.plan.Thumbnails[i]))
	}
	for i := range r.plan.Animations {
		r.packages = append(r.packages, r.newAnimation(&r.plan.Animations[i]))
	}
	for id, out := range r.renditions {
		out.attach(id, r.spec)
	}
	return nil
}

func (r *jobRun) addVideo(v *VideoRendition) {
	e := v.spec()
	r.spec.Video = append(r.spec.Video, e)
	r.renditions[v.ID] = &renditionOut{id: v.ID, video: e}
}

// spec is the rendition as the encode graph takes it.
func (r *VideoRendition) spec() *encode.Video {
	return &encode.Video{
		Stream: r.Stream, Copy: r.Copy, VideoSettings: encode.VideoSettings{
			Codec: r.Codec, Width: r.Width, Height: r.Height, FrameRate: r.FrameRate,
			PixelFormat: r.PixelFormat, Deinterlace: r.Deinterlace, ToneMap: r.ToneMap, Color: r.Color,
			CRF: r.CRF, Bitrate: r.Bitrate, MaxBitrate: r.MaxBitrate, BufferSize: r.BufferSize,
			Preset: r.Preset, Profile: r.Profile, KeyInterval: r.KeyFrameInterval, Threads: r.Threads,
			Clip: encode.Clip(r.Clip),
		},
	}
}

func (r *jobRun) addAudio(a *AudioRendition) {
	e := a.spec()
	r.spec.Audio = append(r.spec.Audio, e)
	r.renditions[a.ID] = &renditionOut{id: a.ID, audio: e}
}

// spec is the rendition as the encode graph takes it.
func (a *AudioRendition) spec() *encode.Audio {
	return &encode.Audio{
		Stream: a.Stream, Codec: a.Codec, Copy: a.Copy, Bitrate: a.Bitrate, Channels: a.Channels,
		SampleRate: a.SampleRate, Language: a.Language, Title: a.Title, Clip: encode.Clip(a.Clip),
	}
}

// renditionOut is where the samples of one rendition go: to every package
// that carries it.
type renditionOut struct {
	id      string
	video   *encode.Video
	audio   *encode.Audio
	track   packager.Track
	codecs  string
	writers []encode.SampleWriter
	paths   []string
	span    copySpan
}

// to adds a package that carries the rendition under path.
func (o *renditionOut) to(w encode.SampleWriter, path string) {
	o.writers = append(o.writers, w)
	o.paths = append(o.paths, path)
}

// attach hands the rendition's writers to the encode graph.
func (o *renditionOut) attach(string, *encode.Spec) {
	list := append([]encode.SampleWriter{o}, o.writers...)
	if o.video != nil {
		o.video.Writers = list
		return
	}
	o.audio.Writers = list
}

// Start implements encode.SampleWriter: it keeps the track for the result.
func (o *renditionOut) Start(_ context.Context, t packager.Track) error {
	o.track = t
	return nil
}

// WriteSample implements encode.SampleWriter. VP9 says what it is only in its
// first frame.
func (o *renditionOut) WriteSample(_ context.Context, s packager.Sample) error {
	if o.codecs == "" {
		o.codecs = codecString(o.track, s)
	}
	if o.isCopy() {
		o.span.add(&s)
	}
	return nil
}

func (o *renditionOut) counter() *encode.Counter {
	if o.video != nil {
		return &o.video.Counter
	}
	return &o.audio.Counter
}

// duration is the media time written, encoder delay left out.
func (o *renditionOut) duration() time.Duration {
	return o.counter().Duration()
}

func (o *renditionOut) result() RenditionResult {
	c := o.counter()
	res := RenditionResult{
		ID: o.id, Type: o.track.Type, Codec: o.track.Codec, CodecString: o.codecs,
		Width: o.track.Width, Height: o.track.Height, FrameRate: o.track.FrameRate,
		SampleRate: o.track.SampleRate, Channels: o.track.Channels,
		Size: c.Bytes(), Duration: seconds(o.duration()), Paths: o.paths,
	}
	if res.Type == "" {
		res.Type = rendition.Video
		if o.audio != nil {
			res.Type = rendition.Audio
		}
	}
	if d := c.Duration().Seconds(); d > 0 {
		res.Bitrate = int64(float64(c.Bytes()*8) / d)
	}
	return res
}
