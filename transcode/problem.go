package transcode

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rendition-sdk/rendition"
)

// Problems lists every single problem in an error of ParseJob, ReadJob,
// (*Job).Validate, (*Builder).Build or NewPlan, in the order of the job. Key
// is the field, such as "outputs[1].ladder[0].height"; Kind is InvalidJob, or
// Unsupported for what a later version of this SDK will do, or InvalidInput
// for what the source lacks. Another error gives one entry or none.
func Problems(err error) []*rendition.Error {
	var list problemErrors
	if errors.As(err, &list) {
		return list
	}
	var e *rendition.Error
	if errors.As(err, &e) {
		return []*rendition.Error{e}
	}
	return nil
}

// problemErrors is several problems as one cause.
type problemErrors []*rendition.Error

func (l problemErrors) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d problems:", len(l))
	for _, e := range l {
		b.WriteString("\n  ")
		b.WriteString(e.Error())
	}
	return b.String()
}

func (l problemErrors) Unwrap() []error {
	list := make([]error, len(l))
	for i, e := range l {
		list[i] = e
	}
	return list
}

// problems collects what is wrong with a job.
type problems struct {
	list problemErrors
}

// full says that enough has been collected.
func (p *problems) full() bool { return len(p.list) >= maxProblems }

func (p *problems) add(e *rendition.Error) {
	if !p.full() {
		p.list = append(p.list, e)
	}
}

// invalid adds a problem of kind InvalidJob at the field key.
func (p *problems) invalid(key, format string, args ...any) {
	p.add(&rendition.Error{Kind: rendition.InvalidJob, Key: key, Err: fmt.Errorf(format, args...)})
}

// later adds a problem of kind Unsupported: right, but for a later version.
func (p *problems) later(key, what string) {
	p.add(&rendition.Error{Kind: rendition.Unsupported, Key: key, Err: fmt.Errorf("%s is not in this version yet", what)})
}

// input adds a problem of kind InvalidInput: the source cannot give what key asks for.
func (p *problems) input(key, hint, format string, args ...any) {
	p.add(&rendition.Error{
		Kind: rendition.InvalidInput, Fault: rendition.FaultInput, Key: key, Err: fmt.Errorf(format, args...), Hint: hint,
	})
}

// err returns nil, the one problem, or an error that holds them all. Its Kind
// is that of all problems where they agree, else InvalidJob.
func (p *problems) err(op string) error {
	switch len(p.list) {
	case 0:
		return nil
	case 1:
		e := *p.list[0]
		e.Op = op
		return &e
	}
	kind, fault := p.list[0].Kind, p.list[0].Fault
	for _, e := range p.list[1:] {
		if e.Kind != kind {
			kind, fault = rendition.InvalidJob, ""
			break
		}
	}
	return &rendition.Error{Kind: kind, Fault: fault, Op: op, Err: p.list}
}

// merge adds the problems of later, but those that follow from one that is
// already there: at the same field, below it, or of the object around it.
func (p *problems) merge(later problemErrors) {
	known := p.list
	for _, e := range later {
		if !follows(e.Key, known) {
			p.add(e)
		}
	}
}

func follows(key string, known problemErrors) bool {
	for _, k := range known {
		rest, below := strings.CutPrefix(key, k.Key)
		if below && (rest == "" || k.Key == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
		if parent, _, ok := cutLast(k.Key, "."); ok && parent == key {
			return true
		}
	}
	return false
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
