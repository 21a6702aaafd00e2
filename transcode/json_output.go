package transcode

import (
	"reflect"
)

// outputTypes are the values of an output's "type".
var outputTypes = []string{"file", "hls", "thumbnails", "gif"}

// newOutput returns an empty output of a type, nil when there is no such type.
func newOutput(kind string) Output {
	switch kind {
	case "file":
		return &FileOutput{}
	case "hls":
		return &HLSOutput{}
	case "thumbnails":
		return &ThumbnailsOutput{}
	case "gif":
		return &GIFOutput{}
	default:
		return nil
	}
}

// outputs reads a list of objects that each carry their "type". An entry that
// cannot be read stays nil.
func (d *decoder) outputs(path string, n *node, target *Outputs) {
	if n.kind != '[' {
		d.invalid(path, "must be a list [ ... ], got %s", n.describe())
		return
	}
	*target = make(Outputs, len(n.items))
	for i, item := range n.items {
		if d.full() {
			return
		}
		(*target)[i] = d.output(itemPath(path, i), item)
	}
}

func (d *decoder) output(path string, n *node) Output {
	if n.kind != '{' {
		d.invalid(path, "must be an object { ... }, got %s", n.describe())
		return nil
	}
	at := fieldPath(path, "type")
	kind := &node{kind: 'n'}
	for _, f := range n.fields {
		if f.name == "type" {
			kind = f.value
		}
	}
	switch {
	case kind.kind == 'n':
		d.invalid(at, "is missing; allowed: %s", oneOf(outputTypes))
		return nil
	case kind.kind != '"':
		d.invalid(at, "must be a string, got %s", kind.describe())
		return nil
	}
	out := newOutput(kind.text)
	if out != nil {
		d.object(path, n, reflect.ValueOf(out).Elem(), []string{"type"})
		return out
	}
	if what, ok := laterTypes[kind.text]; ok {
		d.later(at, what)
		return nil
	}
	d.invalid(at, "there is no output type %s; %s", quote(kind.text), suggest(kind.text, outputTypes))
	return nil
}

// ladder reads "auto" or a list of rungs.
func (d *decoder) ladder(path string, n *node, target *Ladder) {
	switch {
	case n.kind == '"' && n.text == "auto":
		target.Auto = true
	case n.kind == '[':
		d.plain(path, n, reflect.ValueOf(&target.Rungs).Elem())
	default:
		d.invalid(path, `must be "auto" or a list of rungs such as [{"height": 720}], got %s`, n.describe())
	}
}
