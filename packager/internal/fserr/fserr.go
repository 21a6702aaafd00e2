// Package fserr gives errors of the local file system their Kind.
package fserr

import (
	"errors"
	"io/fs"

	"github.com/rendition-sdk/rendition"
)

// Wrap returns err as a *rendition.Error: Quota for a full disk, Permission,
// NotFound, else Unavailable.
func Wrap(op, name string, err error) error {
	e := &rendition.Error{Kind: rendition.Unavailable, Op: op, Key: name, Err: err}
	switch {
	case isFull(err):
		e.Kind, e.Hint = rendition.Quota, "free space on the disk"
	case errors.Is(err, fs.ErrPermission):
		e.Kind = rendition.Permission
	case errors.Is(err, fs.ErrNotExist):
		e.Kind = rendition.NotFound
	}
	return e
}
