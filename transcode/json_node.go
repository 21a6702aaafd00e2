package transcode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// node is one value of a JSON text. Unlike a map it remembers the order of
// fields and knows which came twice.
type node struct {
	kind   byte   // '{', '[', '"', '0' for a number, 't', 'f' or 'n'
	text   string // of a string or number
	fields []field
	items  []*node
}

type field struct {
	name  string
	value *node
}

// describe names the value for a message.
func (n *node) describe() string {
	switch n.kind {
	case '"':
		return "the string " + quote(n.text)
	case '0':
		return "the number " + n.text[:min(len(n.text), maxQuoted)]
	default:
		return n.describeKind()
	}
}

// describeKind is describe without the value, which may be a secret.
func (n *node) describeKind() string {
	return map[byte]string{
		'{': "an object", '[': "a list", '"': "a string", '0': "a number", 't': "true", 'f': "false", 'n': "null",
	}[n.kind]
}

// parse reads a whole text, or adds a problem and returns nil.
func (d *decoder) parse(data []byte) *node {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(data) > MaxJobBytes:
		d.invalid("", "the JSON has more than %d bytes", MaxJobBytes)
		return nil
	case len(bytes.TrimSpace(data)) == 0:
		d.invalid("", "the JSON is empty")
		return nil
	case !utf8.Valid(data):
		d.invalid("", "the JSON is not UTF-8")
		return nil
	}
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		d.invalid("", "not valid JSON: %w", withPosition(err, data))
		return nil
	}
	tokens := json.NewDecoder(bytes.NewReader(data))
	tokens.UseNumber()
	root, err := d.read(tokens, "", 0)
	if err != nil {
		d.invalid("", "not valid JSON: %w", err)
		return nil
	}
	return root
}

// withPosition turns the byte offset of a syntax error into line and column.
func withPosition(err error, data []byte) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	before := data[:min(max(int(syntax.Offset)-1, 0), len(data))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("%w at line %d, column %d", err, line, column)
}

func (d *decoder) read(tokens *json.Decoder, path string, depth int) (*node, error) {
	if depth > maxJSONDepth {
		return nil, fmt.Errorf("nested more than %d deep", maxJSONDepth)
	}
	token, err := tokens.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return d.readObject(tokens, path, depth)
		}
		return d.readList(tokens, path, depth)
	case string:
		return &node{kind: '"', text: t}, nil
	case json.Number:
		return &node{kind: '0', text: t.String()}, nil
	case bool:
		if t {
			return &node{kind: 't'}, nil
		}
		return &node{kind: 'f'}, nil
	default:
		return &node{kind: 'n'}, nil
	}
}

func (d *decoder) readObject(tokens *json.Decoder, path string, depth int) (*node, error) {
	n := &node{kind: '{'}
	seen := map[string]bool{}
	for tokens.More() {
		token, err := tokens.Token()
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return nil, fmt.Errorf("a field's name is no string")
		}
		at := fieldPath(path, name)
		value, err := d.read(tokens, at, depth+1)
		if err != nil {
			return nil, err
		}
		if seen[name] {
			d.invalid(at, "is given twice; leave one")
			continue
		}
		seen[name] = true
		n.fields = append(n.fields, field{name, value})
	}
	_, err := tokens.Token()
	return n, err
}

func (d *decoder) readList(tokens *json.Decoder, path string, depth int) (*node, error) {
	n := &node{kind: '['}
	for i := 0; tokens.More(); i++ {
		value, err := d.read(tokens, itemPath(path, i), depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, value)
	}
	_, err := tokens.Token()
	return n, err
}
