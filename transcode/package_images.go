package transcode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/spool"
)

// imageTypes are the MIME types of the image formats.
var imageTypes = map[string]string{"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}

// imageStore holds finished images until all of the job is known to be good.
type imageStore struct {
	file  *spool.File
	items []storedImage
}

type storedImage struct {
	info         PublishedFile
	offset, size int64
}

func (s *imageStore) add(info PublishedFile, data []byte) error {
	offset := s.file.Size()
	if _, err := s.file.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	if _, err := s.file.Write(data); err != nil {
		return &rendition.Error{Kind: rendition.Quota, Op: "transcode: keep image", Key: info.Path, Err: err, Hint: "make room in Config.TempDir"}
	}
	s.items = append(s.items, storedImage{info, offset, int64(len(data))})
	return nil
}

func (s *imageStore) publish(ctx context.Context, p *publisher) error {
	for _, it := range s.items {
		if err := p.copyFrom(ctx, it.info, io.NewSectionReader(s.file, it.offset, it.size)); err != nil {
			return err
		}
	}
	return nil
}

// thumbnailsPackage is a thumbnails output being made.
type thumbnailsPackage struct {
	run    *jobRun
	plan   *ThumbnailTask
	images imageStore
	stills int
	sheets int
}

func (r *jobRun) newThumbnails(p *ThumbnailTask) *thumbnailsPackage {
	t := &thumbnailsPackage{run: r, plan: p, images: imageStore{file: spool.New(r.engine.cfg.SpoolMemory, r.engine.cfg.TempDir)}}
	s := p.spec()
	s.Still, s.Sheet = t.still, t.sheet
	r.spec.Stills = append(r.spec.Stills, s)
	return t
}

// spec is the set as the encode graph takes it, but for who receives it.
func (t *ThumbnailTask) spec() *encode.Stills {
	s := &encode.Stills{
		Stream: t.Stream, Times: t.Times, Width: t.Width, Height: t.Height, Format: t.Format, Quality: t.Quality,
		Exact: t.Exact, Deinterlace: t.Deinterlace, ToneMap: t.ToneMap,
	}
	if t.Sprite != nil {
		s.TileWidth, s.TileHeight, s.Columns, s.Rows = t.Sprite.Width, t.TileHeight, t.Sprite.Columns, t.Sprite.Rows
	}
	return s
}

func (t *thumbnailsPackage) still(_ context.Context, index int, data []byte) error {
	t.stills++
	return t.images.add(t.info(RoleImage, fmt.Sprintf("thumb_%04d.%s", index+1, t.plan.Format), t.plan.Width, t.plan.Height), data)
}

func (t *thumbnailsPackage) sheet(_ context.Context, index int, data []byte) error {
	t.sheets++
	s := t.plan.Sprite
	return t.images.add(t.info(RoleSprite, t.sheetName(index), s.Columns*s.Width, s.Rows*t.plan.TileHeight), data)
}

func (t *thumbnailsPackage) sheetName(index int) string {
	return fmt.Sprintf("sprite_%04d.%s", index+1, t.plan.Format)
}

func (t *thumbnailsPackage) info(role FileRole, name string, width, height int) PublishedFile {
	return PublishedFile{
		Output: t.plan.Output, Role: role, Path: path.Join(t.plan.Dir, name), ContentType: imageTypes[t.plan.Format],
		Width: width, Height: height,
	}
}

// prepare implements outputPackage.
func (t *thumbnailsPackage) prepare(context.Context) error {
	if t.stills != len(t.plan.Times) {
		return &rendition.Error{
			Kind: rendition.Integrity, Op: "transcode: verify", Key: t.plan.Dir,
			Err:   fmt.Errorf("%d of %d stills could be taken", t.stills, len(t.plan.Times)),
			Fault: rendition.FaultInput, Hint: "the source ends early or is damaged",
		}
	}
	return nil
}

// publish implements outputPackage.
func (t *thumbnailsPackage) publish(ctx context.Context) error {
	return t.images.publish(ctx, t.run.publisher)
}

// publishLast implements outputPackage: the index names the sheets.
func (t *thumbnailsPackage) publishLast(ctx context.Context) error {
	if t.plan.Sprite == nil {
		return nil
	}
	info := t.info(RoleVTT, "thumbnails.vtt", 0, 0)
	info.ContentType = "text/vtt"
	return t.run.publisher.put(ctx, info, []byte(t.vtt()))
}

// vtt is the WebVTT index of the sprite sheets: each still stands until the
// next one, its place given as a media fragment (W3C Media Fragments URI, 4.2.2).
func (t *thumbnailsPackage) vtt() string {
	s := t.plan.Sprite
	text := "WEBVTT\n"
	for i, at := range t.plan.Times {
		end := t.run.plan.Media.Duration
		if i+1 < len(t.plan.Times) {
			end = t.plan.Times[i+1]
		}
		if i == 0 {
			at = 0 // players look up every moment
		}
		tile := i % (s.Columns * s.Rows)
		text += fmt.Sprintf("\n%s --> %s\n%s#xywh=%d,%d,%d,%d\n", vttTime(at), vttTime(max(end, at+time.Millisecond)),
			t.sheetName(i/(s.Columns*s.Rows)), tile%s.Columns*s.Width, tile/s.Columns*t.plan.TileHeight, s.Width, t.plan.TileHeight)
	}
	return text
}

// vttTime is a WebVTT timestamp.
func vttTime(d time.Duration) string {
	ms := d.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3600000, ms/60000%60, ms/1000%60, ms%1000)
}

func (t *thumbnailsPackage) close() { _ = t.images.file.Close() }

// animationPackage is a gif output being made.
type animationPackage struct {
	run  *jobRun
	plan *AnimationTask
	data []byte
}

func (r *jobRun) newAnimation(p *AnimationTask) *animationPackage {
	a := &animationPackage{run: r, plan: p}
	e := p.spec()
	e.Data = func(_ context.Context, data []byte) error {
		a.data = data
		return nil
	}
	r.spec.Animations = append(r.spec.Animations, e)
	return a
}

// spec is the preview as the encode graph takes it, but for who receives it.
func (t *AnimationTask) spec() *encode.Animation {
	return &encode.Animation{
		Stream: t.Stream, Clip: encode.Clip(t.Clip), Width: t.Width, Height: t.Height, FPS: t.FPS, Format: t.Format,
		Deinterlace: t.Deinterlace, ToneMap: t.ToneMap,
	}
}

// prepare implements outputPackage.
func (a *animationPackage) prepare(context.Context) error {
	if len(a.data) == 0 {
		return &rendition.Error{
			Kind: rendition.InvalidInput, Op: "transcode: preview", Key: a.plan.Path,
			Err: errors.New("the source has no picture between start and end"), Hint: "choose a start within the source",
		}
	}
	return nil
}

// publish implements outputPackage.
func (a *animationPackage) publish(ctx context.Context) error {
	return a.run.publisher.put(ctx, PublishedFile{
		Output: a.plan.Output, Role: RolePreview, Path: a.plan.Path, ContentType: imageTypes[a.plan.Format],
		Duration: seconds(a.plan.Clip.Duration), Width: a.plan.Width, Height: a.plan.Height,
	}, a.data)
}

// publishLast implements outputPackage.
func (a *animationPackage) publishLast(context.Context) error { return nil }

func (a *animationPackage) close() {}
