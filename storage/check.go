package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"github.com/rendition-sdk/rendition"
)

// Check proves that what a job does with a destination works under the Bucket's
// prefix: it writes a small object with a random name, reads it, lists it and
// deletes it. What the store cannot do at all (Capabilities) is left out; of a
// read-only store only the listing remains.
//
// The error has the kind and hint of the first step that failed, and its text says
// which steps failed and which worked: credentials that may list but not write are
// another mistake than a bucket that is not there. When the deletion alone fails, the
// object, named .rendition-check-*, stays behind and is named.
func (b *Bucket) Check(ctx context.Context) error {
	c := &checkup{b: b, key: ".rendition-check-" + rand.Text(), data: []byte("rendition may write, read, list and delete here\n")}
	if !b.Capabilities().ReadOnly {
		c.step(ctx, "write", c.write)
	}
	if c.written {
		c.step(ctx, "read", c.read)
	}
	if !b.Capabilities().NoList {
		c.step(ctx, "list", c.list)
	}
	if c.written {
		c.step(ctx, "delete", c.remove)
	}
	return c.verdict()
}

// checkup is one Check.
type checkup struct {
	b       *Bucket
	key     string
	data    []byte
	written bool

	works []string
	fails []string
	first error // of the first step that failed
	err   error // all of them
}

// step makes one step and notes how it ended.
func (c *checkup) step(ctx context.Context, name string, do func(context.Context) error) {
	err := do(ctx)
	switch {
	case err == nil:
		c.works = append(c.works, name)
	case rendition.KindOf(err) == rendition.Unsupported && name != "write":
		// it cannot be done in this store, so no job will ask for it
	default:
		c.fails = append(c.fails, name)
		c.err = errors.Join(c.err, err)
		if c.first == nil {
			c.first = err
		}
	}
}

func (c *checkup) write(ctx context.Context) error {
	err := c.b.WriteAll(ctx, c.key, c.data, &WriterOptions{ContentType: "text/plain"})
	c.written = err == nil
	return err
}

func (c *checkup) read(ctx context.Context) error {
	got, err := c.b.ReadAll(ctx, c.key, int64(len(c.data))+1)
	if err == nil && !bytes.Equal(got, c.data) {
		return fail(rendition.Integrity, "check", c.key, "", errors.New("other bytes came back than were written"))
	}
	return err
}

// list looks for the object where listings are consistent, and else that there is an answer.
func (c *checkup) list(ctx context.Context) error {
	prefix := ""
	if c.written {
		prefix = c.key
	}
	for o, err := range c.b.List(ctx, &ListOptions{Prefix: prefix, PageSize: 1}) {
		if err != nil || !c.written || o.Key == c.key {
			return err
		}
	}
	if c.written && c.b.Capabilities().ConsistentList {
		return fail(rendition.Integrity, "check", c.key, "", errors.New("the listing lacks what was written"))
	}
	return nil
}

// remove deletes the object even when ctx has ended in between.
func (c *checkup) remove(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	return c.b.Delete(ctx, c.key)
}

func (c *checkup) verdict() error {
	var own *rendition.Error
	if !errors.As(c.first, &own) || own.Kind == rendition.Canceled {
		return c.first
	}
	text := "cannot " + strings.Join(c.fails, ", cannot ")
	if len(c.works) > 0 {
		text += " (but can " + strings.Join(c.works, ", ") + ")"
	}
	hint := own.Hint
	if c.written && c.fails[len(c.fails)-1] == "delete" {
		hint = strings.TrimPrefix(hint+"; delete "+c.key+" there by hand", "; ")
	}
	cause := &checkError{text: text + ": " + own.Err.Error(), err: c.err}
	return &rendition.Error{Kind: own.Kind, Op: "storage: check", Key: c.b.Name(), Err: cause, Hint: hint}
}

// checkError has the text of the first cause and the tree of all.
type checkError struct {
	text string
	err  error
}

func (e *checkError) Error() string { return e.text }
func (e *checkError) Unwrap() error { return e.err }
