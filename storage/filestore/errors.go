package filestore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

var errEscapes = errors.New("the path leaves the folder through a symbolic link")

// Classify is DefaultKind, and knows how os.Root refuses to leave its folder:
// with a PathError that no system call has caused.
func (*disk) Classify(err error) rendition.Kind {
	if errors.Is(err, errEscapes) {
		return rendition.Permission
	}
	return driver.DefaultKind(err)
}

// bare drops the path and the system call's name from an error: the Bucket
// names the key.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		err = link.Err
	}
	var errno syscall.Errno
	refused := !errors.As(err, &errno) && !errors.Is(err, fs.ErrClosed) && driver.DefaultKind(err) == rendition.Internal
	if refused && (path != nil || link != nil) {
		return fmt.Errorf("%w (%w)", errEscapes, err)
	}
	return err
}

// missing is bare for calls that look for an object: a file where the key has
// a folder means that the object is not there.
func missing(err error) error {
	if errors.Is(err, syscall.ENOTDIR) {
		return fs.ErrNotExist
	}
	if err == nil {
		return nil
	}
	return bare(err)
}

// regular refuses what is no file of bytes.
func regular(fi fs.FileInfo) error {
	switch {
	case fi.Mode().IsRegular():
		return nil
	case fi.IsDir():
		return &driver.Error{Kind: rendition.NotFound, Err: errors.New("it is a folder and not a file"), Hint: "name a file in it"}
	default:
		err := errors.New("it is a pipe or a device and not a file")
		return &driver.Error{Kind: rendition.Unsupported, Err: err, Hint: "copy it to a file first"}
	}
}
