package transcode

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rendition-sdk/rendition"
)

// NewPlan decides what a job makes of a source. It is pure and deterministic:
// it looks at nothing but its arguments, changes neither, and gives the same
// plan for the same job and media on every machine. The plan keeps media.
//
// The job's outputs are validated; its input and destination are not looked
// at, so that a job can be planned before it is known where it goes. All
// problems are reported at once, see Problems. Kinds: InvalidJob for a job that
// cannot work, by itself or with this source (a clip that starts after the
// end); InvalidInput for a source that lacks what an output needs (no picture
// for an hls output).
//
// What a job asks that cannot be had is done as well as it can be and told in
// Plan.Warnings: pictures are never made larger, clips end with the source,
// sound that is not there is left out.
func NewPlan(job *Job, media *rendition.Media) (*Plan, error) {
	const op = "transcode: plan job"
	switch {
	case job == nil:
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Err: errors.New("there is no job")}
	case media == nil:
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Err: errors.New("there is no media; probe the source first")}
	}
	var v validator
	v.making(job)
	if err := v.err(op); err != nil {
		return nil, err
	}
	p := newPlanner(media)
	for i, out := range job.Outputs {
		p.output(i, out)
	}
	if err := p.err(op); err != nil {
		return nil, err
	}
	return p.plan, nil
}

// planner builds one plan.
type planner struct {
	problems
	plan    *Plan
	media   *rendition.Media
	picture *picture // nil when the source has none
	sounds  []*rendition.Stream
}

func newPlanner(media *rendition.Media) *planner {
	p := &planner{plan: &Plan{Media: media}, media: media}
	if s := media.VideoStream(); s != nil {
		p.picture = newPicture(s)
	}
	for _, s := range media.AudioStreams() {
		if s.Codec != "" {
			p.sounds = append(p.sounds, s)
		}
	}
	return p
}

func (p *planner) output(i int, out Output) {
	at := itemPath("outputs", i)
	switch o := out.(type) {
	case *FileOutput:
		p.file(i, at, o)
	case *HLSOutput:
		p.hls(i, at, o)
	case *ThumbnailsOutput:
		p.thumbnails(i, at, o)
	case *GIFOutput:
		p.animation(i, at, o)
	}
}

// warn adds a warning once.
func (p *planner) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(p.plan.Warnings, text) {
		p.plan.Warnings = append(p.plan.Warnings, text)
	}
}

// needPicture says whether the source has a picture that can be used, and
// reports why not.
func (p *planner) needPicture(at, kind string) bool {
	if p.picture == nil {
		p.input(at, "use a source with video, or ask for a file with video false", "the source has no video for %s output", kind)
		return false
	}
	s := p.picture.stream
	switch {
	case s.Video.Width <= 0 || s.Video.Height <= 0:
		p.input(at, "check that the source plays", "the source's video is %dx%d", s.Video.Width, s.Video.Height)
		return false
	case s.Codec == "":
		p.input(at, "convert the source to a common codec first", "the source's video codec is not known")
		return false
	}
	for _, w := range p.picture.warnings {
		p.warn("%s", w)
	}
	return true
}

// clip cuts start and duration to the source. A clip that reaches the end has
// the duration 0, so that equal clips compare equal.
func (p *planner) clip(at string, start, duration Time) (Clip, bool) {
	c := Clip{Start: start.Duration(), Duration: duration.Duration()}
	total := p.media.Duration
	if total <= 0 {
		return c, true
	}
	if c.Start >= total {
		p.invalid(fieldPath(at, "start"), "is %s, but the source ends at %s", start, shortTime(total))
		return c, false
	}
	if c.Duration > 0 && c.Start+c.Duration >= total {
		if over := c.Start + c.Duration - total; over > 10*time.Millisecond {
			p.warn("%s.duration: the clip would end at %s; it ends with the source at %s", at,
				shortTime(c.Start+c.Duration), shortTime(total))
		}
		c.Duration = 0
	}
	return c, true
}

// shortTime prints a time to the millisecond.
func shortTime(d time.Duration) string { return Time(d.Round(time.Millisecond)).String() }
