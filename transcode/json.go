package transcode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/rendition-sdk/rendition"
)

// ParseJob reads a job from JSON, as docs/job.md lists it, and validates it.
// It is strict: an unknown field at any depth, a value of a wrong type, a
// duplicate key or trailing data is an error. All problems are reported at
// once, each with its field's path; Problems lists them. The error's kind is
// InvalidJob, or Unsupported when all that is wrong is that a later version is
// needed. Data is not kept.
//
// A host application that sets Input.Source or Output.Bucket itself reads with
// json.Unmarshal, which is as strict but does not validate, and calls Validate.
func ParseJob(data []byte) (*Job, error) {
	job, found := decodeJob(data)
	if job != nil {
		var v validator
		v.job(job)
		found.merge(v.list)
	}
	if err := found.err("transcode: parse job"); err != nil {
		return nil, err
	}
	return job, nil
}

// ReadJob is ParseJob of all that r gives, at most MaxJobBytes. A failure of
// r that is no *rendition.Error has the kind Unavailable.
func ReadJob(r io.Reader) (*Job, error) {
	const op = "transcode: read job"
	if r == nil {
		return nil, &rendition.Error{Kind: rendition.InvalidJob, Op: op, Err: errors.New("there is no reader")}
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxJobBytes+1))
	if err != nil {
		var known *rendition.Error
		if errors.As(err, &known) {
			return nil, &rendition.Error{Kind: known.Kind, Op: op, Fault: known.Fault, Err: err}
		}
		return nil, &rendition.Error{Kind: rendition.Unavailable, Op: op, Err: err}
	}
	return ParseJob(data)
}

// UnmarshalJSON reads a job as strictly as ParseJob, without validating it.
func (j *Job) UnmarshalJSON(data []byte) error {
	job, found := decodeJob(data)
	if err := found.err("transcode: parse job"); err != nil {
		return err
	}
	*j = *job
	return nil
}

// UnmarshalJSON reads a list of outputs as ParseJob does, without validating it.
func (o *Outputs) UnmarshalJSON(data []byte) error { return unmarshalOne("parse outputs", data, o) }

// UnmarshalJSON reads "auto" or a list of rungs, without validating it.
func (l *Ladder) UnmarshalJSON(data []byte) error { return unmarshalOne("parse ladder", data, l) }

// MarshalJSON writes each output with its "type".
func (o Outputs) MarshalJSON() ([]byte, error) {
	list := make([]any, len(o))
	for i, output := range o {
		switch out := output.(type) {
		case *FileOutput:
			list[i] = struct {
				Type string `json:"type"`
				*FileOutput
			}{out.Type(), out}
		case *HLSOutput:
			list[i] = struct {
				Type string `json:"type"`
				*HLSOutput
			}{out.Type(), out}
		case *ThumbnailsOutput:
			list[i] = struct {
				Type string `json:"type"`
				*ThumbnailsOutput
			}{out.Type(), out}
		case *GIFOutput:
			list[i] = struct {
				Type string `json:"type"`
				*GIFOutput
			}{out.Type(), out}
		default:
			return nil, &rendition.Error{
				Kind: rendition.InvalidJob, Op: "transcode: marshal job", Key: itemPath("outputs", i),
				Err: fmt.Errorf("%T is no output of this package", output),
			}
		}
	}
	return json.Marshal(list)
}

// MarshalJSON writes "auto" or the list of rungs.
func (l Ladder) MarshalJSON() ([]byte, error) {
	if l.Auto {
		return []byte(`"auto"`), nil
	}
	if l.Rungs == nil {
		return []byte("[]"), nil
	}
	return json.Marshal(l.Rungs)
}

// decodeJob returns a nil Job when data is no JSON object at all.
func decodeJob(data []byte) (*Job, *problems) {
	d := &decoder{}
	root := d.parse(data)
	if root == nil {
		return nil, &d.problems
	}
	if root.kind != '{' {
		d.invalid("", "a job is an object { ... }, got %s", root.describe())
		return nil, &d.problems
	}
	job := &Job{}
	d.value("", root, reflect.ValueOf(job).Elem())
	return job, &d.problems
}

// unmarshalOne reads one value of this package's JSON into target.
func unmarshalOne(op string, data []byte, target any) error {
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		return nil // as encoding/json has it for every type
	}
	d := &decoder{}
	if root := d.parse(data); root != nil {
		d.value("", root, reflect.ValueOf(target).Elem())
	}
	return d.err("transcode: " + op)
}
