package transcode

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rendition-sdk/rendition"
)

// Validate checks everything about a job that can be known without its source,
// and reports all problems at once; see Problems. It changes nothing and does
// no I/O. The error's Kind is InvalidJob.
func (j *Job) Validate() error {
	const op = "transcode: validate job"
	if j == nil {
		return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Err: errors.New("there is no job")}
	}
	var v validator
	v.job(j)
	return v.err(op)
}

// validator collects what is wrong with a job.
type validator struct {
	problems
}

func (v *validator) job(j *Job) {
	v.input(&j.Input)
	v.destination(&j.Output)
	v.making(j)
	v.webhook(j.WebhookURL)
	if len(j.IdempotencyKey) > MaxIdempotencyKeyBytes {
		v.invalid("idempotency_key", "is %d bytes long, at most %d are allowed", len(j.IdempotencyKey), MaxIdempotencyKeyBytes)
	}
}

// making checks what a plan depends on: all but the places.
func (v *validator) making(j *Job) {
	switch n := len(j.Outputs); {
	case n == 0:
		v.invalid("outputs", "is empty; ask for 1 to %d outputs", MaxOutputs)
	case n > MaxOutputs:
		v.invalid("outputs", "has %d entries, at most %d are allowed; split the job", n, MaxOutputs)
	}
	for i, out := range j.Outputs[:min(len(j.Outputs), MaxOutputs)] {
		v.output(itemPath("outputs", i), out)
	}
	v.subpath(j.OutSubpath)
	v.word("on_truncated", j.OnTruncated, []string{"fail", "warn"})
}

func (v *validator) output(at string, out Output) {
	if out == nil || reflect.ValueOf(out).Kind() == reflect.Pointer && reflect.ValueOf(out).IsNil() {
		v.invalid(at, "is nil; leave the entry out")
		return
	}
	switch o := out.(type) {
	case *FileOutput:
		v.file(at, o)
	case *HLSOutput:
		v.hls(at, o)
	case *ThumbnailsOutput:
		v.thumbnails(at, o)
	case *GIFOutput:
		v.gif(at, o)
	default:
		v.invalid(at, "%T is no output of this package", out)
	}
}

// subpath checks OutSubpath, which must stay below the destination.
func (v *validator) subpath(s string) {
	const at = "out_subpath"
	switch {
	case s == "":
	case len(s) > MaxPathBytes:
		v.invalid(at, "is %d bytes long, at most %d are allowed", len(s), MaxPathBytes)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		v.invalid(at, "holds control characters or is not UTF-8: %s", quote(s))
	case strings.HasPrefix(s, "/"):
		v.invalid(at, "must be relative to the output, got %s; remove the first slash", quote(s))
	case strings.Contains(s, `\`):
		v.invalid(at, "must be separated by slashes, got %s", quote(s))
	default:
		for part := range strings.SplitSeq(strings.TrimSuffix(s, "/"), "/") {
			if part == "" || part == "." || part == ".." {
				v.invalid(at, `must not have empty, "." or ".." parts, got %s`, quote(s))
				return
			}
		}
	}
}

// word checks a field that holds one of a few words or nothing.
func (v *validator) word(at, given string, allowed []string) {
	if given != "" && !slices.Contains(allowed, given) {
		v.invalid(at, "%s is unknown; %s", quote(given), suggest(given, allowed))
	}
}

// side checks a width or height; 0 is not given.
func (v *validator) side(at, name string, n int) {
	switch {
	case n == 0:
	case n < MinDimension || n > MaxDimension:
		v.invalid(fieldPath(at, name), "must be %d to %d, got %d", MinDimension, MaxDimension, n)
	case n%2 != 0:
		v.invalid(fieldPath(at, name), "must be even, got %d; use %d or %d", n, n-1, n+1)
	}
}

func (v *validator) size(at string, width, height int) {
	v.side(at, "width", width)
	v.side(at, "height", height)
}

// fps checks a frame rate; 0 is not given.
func (v *validator) fps(at string, r rendition.Rational, highest int64) {
	if r == (rendition.Rational{}) || r.Num == 0 && r.Den > 0 {
		return
	}
	if r.Den <= 0 || r.Num <= 0 || r.Float64() < MinFPS || r.Float64() > float64(highest) {
		v.invalid(fieldPath(at, "fps"), "must be %d to %d frames per second, got %s", MinFPS, highest, r)
		return
	}
	if r.Num > 1_000_000 || r.Den > 1_000_000 {
		v.invalid(fieldPath(at, "fps"), "must be a simple fraction such as 30000/1001, got %s", r)
	}
}

// times checks start and duration of a clip.
func (v *validator) times(at string, start, duration Time) {
	v.time(at, "start", start)
	v.time(at, "duration", duration)
}

func (v *validator) time(at, name string, t Time) {
	if t < 0 || t > MaxTime {
		v.invalid(fieldPath(at, name), "must be 0 to %s, got %s", MaxTime, t)
	}
}
