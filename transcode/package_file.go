package transcode

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/mp4"
)

// fileTypes are the MIME types of the containers, for picture and for sound alone.
var fileTypes = map[string][2]string{
	"mp4": {"video/mp4", "audio/mp4"}, "mov": {"video/quicktime", "video/quicktime"}, "m4a": {"audio/mp4", "audio/mp4"},
	"webm": {"video/webm", "audio/webm"}, "mkv": {"video/x-matroska", "audio/x-matroska"},
	"mp3": {"audio/mpeg", "audio/mpeg"}, "ogg": {"audio/ogg", "audio/ogg"},
}

// muxer makes one media file of samples.
type muxer interface {
	// Track returns where the samples of the file's next track go.
	Track() encode.SampleWriter
	// Finish completes the file; it can then be read until close.
	Finish(ctx context.Context) (io.ReaderAt, int64, error)
	Close()
}

// filePackage is a file output being made.
type filePackage struct {
	run   *jobRun
	plan  *FilePackage
	mux   muxer
	outs  []*renditionOut
	data  io.ReaderAt
	size  int64
	video bool
}

func (r *jobRun) newFile(p *FilePackage) *filePackage {
	f := &filePackage{run: r, plan: p, video: p.Video != ""}
	ids := p.Audio
	if f.video {
		ids = append([]string{p.Video}, ids...)
	}
	switch p.Container {
	case "mp4", "m4a":
		f.mux = r.newMP4Mux("mp4")
	case "mov":
		f.mux = r.newMP4Mux("mov")
	default:
		f.mux = encode.NewMux(p.Container, r.engine.cfg.SpoolMemory, r.engine.cfg.TempDir, r.log)
	}
	for _, id := range ids {
		out := r.renditions[id]
		out.copyInto(p.Container)
		out.to(f.mux.Track(), p.Path)
		f.outs = append(f.outs, out)
	}
	return f
}

// prepare implements outputPackage: the file is complete and has been decoded
// in part before a byte of it is published.
func (f *filePackage) prepare(ctx context.Context) error {
	var err error
	if f.data, f.size, err = f.mux.Finish(ctx); err != nil {
		return err
	}
	src := &readerSource{name: f.plan.Path, r: f.data, size: f.size}
	want := encode.Expect{Duration: f.duration() - f.begin(), Tolerance: f.tolerance()}
	if f.video {
		want.Video = 1
	}
	want.Audio = len(f.plan.Audio)
	return verifiedCopy(f.outs, verified(f.plan.Path, encode.Check(ctx, src, want)))
}

// duration is the longest of the file's renditions.
func (f *filePackage) duration() (d time.Duration) {
	for _, o := range f.outs {
		d = max(d, o.duration())
	}
	return d
}

// begin is when the first of the file's renditions begins.
func (f *filePackage) begin() time.Duration {
	d := f.outs[0].begin()
	for _, o := range f.outs {
		d = min(d, o.begin())
	}
	return d
}

// tolerance is one frame of the coarsest track.
func (f *filePackage) tolerance() time.Duration {
	var tol time.Duration
	for _, o := range f.outs {
		tol = max(tol, frameTolerance(o))
	}
	return tol
}

// rounding is what a container that counts milliseconds may add.
const rounding = 2 * time.Millisecond

// frameTolerance is how far the duration of a rendition in a file may be off:
// one picture, or two frames of sound and the encoder's delay, which some
// containers cannot take away.
func frameTolerance(o *renditionOut) time.Duration {
	t := &o.track
	if o.isCopy() {
		return copyTolerance(o)
	}
	if !t.FrameRate.IsZero() {
		return t.FrameRate.Inv().Duration(1) + rounding
	}
	if t.SampleRate == 0 {
		return rounding
	}
	return time.Duration(float64(2*2048+t.EncoderDelay)/float64(t.SampleRate)*float64(time.Second)) + rounding
}

// publish implements outputPackage.
func (f *filePackage) publish(ctx context.Context) error {
	info := PublishedFile{
		Output: f.plan.Output, Role: RoleMedia, Path: f.plan.Path, ContentType: fileTypes[f.plan.Container][1],
		Duration: seconds(f.duration()), Codecs: codecList(f.outs),
	}
	if f.video {
		info.ContentType = fileTypes[f.plan.Container][0]
		info.Width, info.Height = f.outs[0].track.Width, f.outs[0].track.Height
	}
	if d := f.duration().Seconds(); d > 0 {
		info.Bitrate = int64(float64(f.size*8) / d)
	}
	return f.run.publisher.copyFrom(ctx, info, io.NewSectionReader(f.data, 0, f.size))
}

// publishLast implements outputPackage.
func (f *filePackage) publishLast(context.Context) error { return nil }

func (f *filePackage) close() { f.mux.Close() }

// codecList is the RFC 6381 "codecs" parameter of several renditions.
func codecList(outs []*renditionOut) string {
	var list []string
	for _, o := range outs {
		if o.codecs != "" {
			list = append(list, o.codecs)
		}
	}
	return strings.Join(list, ",")
}

// codecString names the codec of a track whose first sample is s; empty when
// it has no name.
func codecString(t packager.Track, s packager.Sample) string {
	name, err := packager.CodecStringOf(t, s.Data)
	if err != nil {
		return ""
	}
	return name
}

// verified turns a failed check into an Integrity error about path.
func verified(path string, err error) error {
	if err == nil || rendition.KindOf(err) == rendition.Canceled {
		return err
	}
	return &rendition.Error{
		Kind: rendition.Integrity, Op: "transcode: verify", Key: path, Err: fmt.Errorf("the output does not check out: %w", err),
		Fault: rendition.FaultSDK, Hint: "nothing was published; please report this with the job's log",
	}
}

// mp4Mux makes an MP4 or QuickTime file.
type mp4Mux struct {
	w     *mp4.Writer
	file  *mp4.File
	order int
}

func (r *jobRun) newMP4Mux(brand string) *mp4Mux {
	return &mp4Mux{w: mp4.NewWriter(&mp4.Options{
		Brand: brand, MemoryLimit: r.engine.cfg.SpoolMemory, TempDir: r.engine.cfg.TempDir, Tags: fileTags(r.plan.Media),
	})}
}

// fileTags are the source's tags that are still true of an output.
func fileTags(m *rendition.Media) map[string]string {
	tags := map[string]string{}
	for _, name := range []string{"title", "artist", "album", "genre", "comment", "copyright", "date"} {
		if v := m.Tags[name]; v != "" {
			tags[name] = v
		}
	}
	return tags
}

// Track implements muxer.
func (m *mp4Mux) Track() encode.SampleWriter {
	m.order++
	return &mp4Track{mux: m, order: m.order}
}

// Finish implements muxer.
func (m *mp4Mux) Finish(ctx context.Context) (io.ReaderAt, int64, error) {
	var err error
	if m.file, err = m.w.Finish(ctx); err != nil {
		return nil, 0, err
	}
	return m.file, m.file.Size(), nil
}

// Close implements muxer.
func (m *mp4Mux) Close() {
	m.w.Abort()
	if m.file != nil {
		_ = m.file.Close()
	}
}

// mp4Track is one track of an mp4Mux.
type mp4Track struct {
	mux   *mp4Mux
	order int
	w     *mp4.TrackWriter
}

// Start implements encode.SampleWriter.
func (t *mp4Track) Start(_ context.Context, track packager.Track) (err error) {
	track.Order = t.order
	track.Default = t.order <= 2
	t.w, err = t.mux.w.AddTrack(track)
	return err
}

// WriteSample implements encode.SampleWriter.
func (t *mp4Track) WriteSample(ctx context.Context, s packager.Sample) error {
	return t.w.WriteSample(ctx, s)
}
