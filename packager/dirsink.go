package packager

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager/internal/fserr"
)

// DirSink returns a Sink that writes below the folder dir, which it makes when
// the first file is created. A file is written under a temporary name beside
// its own and renamed by Close, so a reader sees all of it or nothing; a file
// that is there already is replaced.
//
// Errors of Create: InvalidJob for a name that is not a relative slash path
// without "..", Permission, Quota for a full disk, Canceled; else Unavailable.
func DirSink(dir string) Sink { return dirSink{dir} }

type dirSink struct{ dir string }

func (s dirSink) Create(ctx context.Context, name string, _ *FileOptions) (File, error) {
	const op = "packager: create file"
	if err := checkName(op, name); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, canceled(ctx, op, name)
	}
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, fserr.Wrap(op, name, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return nil, fserr.Wrap(op, name, err)
	}
	return &dirFile{ctx: ctx, name: name, path: path, file: f}, nil
}

type dirFile struct {
	ctx        context.Context
	name, path string
	file       *os.File
	done       bool
}

func (f *dirFile) Write(p []byte) (int, error) {
	const op = "packager: write file"
	if f.ctx.Err() != nil {
		return 0, canceled(f.ctx, op, f.name)
	}
	n, err := f.file.Write(p)
	if err != nil {
		return n, fserr.Wrap(op, f.name, err)
	}
	return n, nil
}

func (f *dirFile) Close() error {
	const op = "packager: commit file"
	if f.done {
		return nil
	}
	if f.ctx.Err() != nil {
		return errors.Join(canceled(f.ctx, op, f.name), f.Abort())
	}
	f.done = true
	tmp := f.file.Name()
	// CreateTemp makes files private; published media follows the umask's usual mode.
	err := errors.Join(f.file.Chmod(0o644), f.file.Close())
	if err == nil {
		err = os.Rename(tmp, f.path)
	}
	if err != nil {
		return fserr.Wrap(op, f.name, errors.Join(err, os.Remove(tmp)))
	}
	return nil
}

func (f *dirFile) Abort() error {
	if f.done {
		return nil
	}
	f.done = true
	if err := errors.Join(f.file.Close(), os.Remove(f.file.Name())); err != nil {
		return fserr.Wrap("packager: abort file", f.name, err)
	}
	return nil
}

func checkName(op, name string) error {
	if fs.ValidPath(name) && name != "." && filepath.IsLocal(filepath.FromSlash(name)) {
		return nil
	}
	return &rendition.Error{
		Kind: rendition.InvalidJob, Op: op, Key: name, Err: errors.New("not a file name of a sink"),
		Hint: "use a relative slash-separated path without . and ..",
	}
}

func canceled(ctx context.Context, op, name string) error {
	return &rendition.Error{Kind: rendition.Canceled, Op: op, Key: name, Err: context.Cause(ctx)}
}
