package filestore

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// OpenPath returns the Bucket and the key of one file that is there, given as
// a path of the operating system. Symbolic links in the path are followed: who
// names a link means what it leads to. Close the Bucket afterwards. Kind
// NotFound when there is no such file or the path is a folder.
func OpenPath(ctx context.Context, file string, opts *Options) (bkt *storage.Bucket, key string, err error) {
	if file == "" {
		return nil, "", wrap(rendition.InvalidJob, file, errors.New("the path is empty"))
	}
	target, err := filepath.EvalSymlinks(file)
	if err == nil {
		target, err = filepath.Abs(target)
	}
	if err != nil {
		err = missing(err)
		return nil, "", wrap(driver.DefaultKind(err), file, err)
	}
	var o Options
	if opts != nil {
		o = *opts
	}
	o.MustExist = true
	if target == filepath.Dir(target) {
		return nil, "", wrap(rendition.NotFound, file, errors.New("it is a folder and not a file"))
	}
	if bkt, err = Open(ctx, filepath.Dir(target), &o); err != nil {
		return nil, "", err
	}
	key = filepath.Base(target)
	if _, err := bkt.Stat(ctx, key); err != nil {
		_ = bkt.Close() // nothing was written
		return nil, "", err
	}
	return bkt, key, nil
}

// Source returns one file as media to read. It needs no Close: each reader
// holds what it uses.
func Source(file string) rendition.Source { return source(file) }

type source string

func (s source) Name() string { return string(s) }

func (s source) Open(ctx context.Context) (rendition.SourceReader, error) {
	bkt, key, err := OpenPath(ctx, string(s), nil)
	if err != nil {
		return nil, err
	}
	r, err := bkt.Open(ctx, key, nil)
	if err != nil {
		_ = bkt.Close() // nothing was written
		return nil, err
	}
	return &sourceReader{Reader: r, bkt: bkt}, nil
}

// sourceReader closes the Bucket with its only Reader.
type sourceReader struct {
	*storage.Reader
	bkt *storage.Bucket
}

func (r *sourceReader) Close() error {
	_ = r.Reader.Close() // always nil
	return r.bkt.Close()
}
