package transcode

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// decoder fills Go values from nodes by the "json" tags of their fields and
// collects everything that does not fit.
type decoder struct {
	problems
}

// value fills v from n. Null leaves v as it is.
func (d *decoder) value(path string, n *node, v reflect.Value) {
	if n.kind == 'n' || d.full() {
		return
	}
	switch target := v.Addr().Interface().(type) {
	case *Time:
		d.text(path, n, `a time such as 90, "1:30" or "00:01:30.500"`, func(s string) (err error) {
			*target, err = parseTime(s)
			return err
		})
	case *Bitrate:
		d.text(path, n, "a bit rate such as 2500000, \"800k\" or \"2.5M\"", func(s string) (err error) {
			*target, err = parseBitrate(s)
			return err
		})
	case *rendition.Rational:
		d.rational(path, n, target)
	case *storage.Secret:
		if n.kind != '"' {
			d.invalid(path, "must be a string, got %s", n.describeKind())
			return
		}
		*target = storage.Secret(n.text)
	case *Outputs:
		d.outputs(path, n, target)
	case *Ladder:
		d.ladder(path, n, target)
	default:
		d.plain(path, n, v)
	}
}

// plain fills a value by its Go kind.
func (d *decoder) plain(path string, n *node, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(path, n, v.Elem())
	case reflect.Struct:
		d.object(path, n, v, nil)
	case reflect.Slice:
		if n.kind != '[' {
			d.invalid(path, "must be a list [ ... ], got %s", n.describe())
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
		for i, item := range n.items {
			d.item(itemPath(path, i), item, v.Index(i))
		}
	case reflect.String:
		if n.kind != '"' {
			d.invalid(path, "must be a string, got %s", n.describe())
			return
		}
		v.SetString(n.text)
	case reflect.Bool:
		if n.kind != 't' && n.kind != 'f' {
			d.invalid(path, "must be true or false, got %s", n.describe())
			return
		}
		v.SetBool(n.kind == 't')
	default:
		d.integer(path, n, v)
	}
}

// item is value for an entry of a list, where null stands for nothing.
func (d *decoder) item(path string, n *node, v reflect.Value) {
	if n.kind == 'n' {
		d.invalid(path, "is null; leave the entry out")
		return
	}
	d.value(path, n, v)
}

func (d *decoder) integer(path string, n *node, v reflect.Value) {
	if n.kind != '0' {
		d.invalid(path, "must be a whole number, got %s", n.describe())
		return
	}
	i, err := strconv.ParseInt(n.text, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(n.text, 64)
		if ferr != nil || math.Abs(f) >= 1e15 {
			d.invalid(path, "%s is out of range", n.describe())
			return
		}
		if f != math.Trunc(f) {
			d.invalid(path, "must be a whole number, got %s", n.describe())
			return
		}
		i = int64(f)
	}
	v.SetInt(i)
}

// text reads a value that may be written as a number or as a string.
func (d *decoder) text(path string, n *node, want string, parse func(string) error) {
	if n.kind != '0' && n.kind != '"' {
		d.invalid(path, "must be %s, got %s", want, n.describe())
		return
	}
	if err := parse(n.text); err != nil {
		d.invalid(path, "%w", err)
	}
}

// rational reads 25, 29.97, "30000/1001" or "25".
func (d *decoder) rational(path string, n *node, target *rendition.Rational) {
	const want = `a number of frames per second such as 25, 29.97 or "30000/1001"`
	d.text(path, n, want, func(s string) error {
		if err := target.UnmarshalText([]byte(s)); err != nil || target.Num < 0 {
			return fmt.Errorf("must be %s, got %s", want, n.describe())
		}
		return nil
	})
}

// object fills a struct. The names in also are fields that the caller reads itself.
func (d *decoder) object(path string, n *node, v reflect.Value, also []string) {
	if n.kind != '{' {
		d.invalid(path, "must be an object { ... }, got %s", n.describe())
		return
	}
	index := fieldIndex(v.Type())
	for _, f := range n.fields {
		at := fieldPath(path, f.name)
		if i, ok := index[f.name]; ok {
			d.value(at, f.value, v.Field(i))
			continue
		}
		d.unknown(at, f.name, v.Type(), also)
	}
}

// unknown reports a field that v's type has not.
func (d *decoder) unknown(at, name string, t reflect.Type, also []string) {
	for _, known := range also {
		if known == name {
			return
		}
	}
	if what, ok := laterFields[t][name]; ok {
		d.later(at, what)
		return
	}
	names := append([]string{}, also...)
	for i := range t.NumField() {
		if tag := fieldName(t.Field(i)); tag != "" {
			names = append(names, tag)
		}
	}
	d.invalid(at, "unknown field; %s", suggest(name, names))
}

// fieldIndex maps JSON names to field numbers of a struct type.
func fieldIndex(t reflect.Type) map[string]int {
	index := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		if name := fieldName(t.Field(i)); name != "" {
			index[name] = i
		}
	}
	return index
}

// fieldName is a field's name in JSON, empty when it has none.
func fieldName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" {
		return ""
	}
	return name
}
