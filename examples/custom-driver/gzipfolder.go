package main

import (
	"cmp"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// gzipFolder is a driver.Driver: it keeps each object as a file in a folder, its size in
// 8 bytes and then its contents, compressed. "a/b" is the file a.d/b.gz, so that "a" can
// be an object too. Retries, parts, checks of keys and the wording of errors are
// the Bucket's. Its calls do not block, so it has no use for ctx; a driver over a
// network hands it on.
type gzipFolder struct{ root *os.Root }

// openGzipFolder returns a Bucket of the objects in dir, which is made.
func openGzipFolder(dir string) (*storage.Bucket, error) {
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		var root *os.Root
		if root, err = os.OpenRoot(dir); err == nil {
			return storage.NewBucket(&gzipFolder{root}, &storage.Options{Name: "gzip:" + strings.TrimSuffix(dir, "/") + "/"}), nil
		}
	}
	return nil, &rendition.Error{Kind: driver.DefaultKind(err), Op: "gzipfolder: open", Err: err}
}

// Capabilities: parts come in order, for each follows the one before in the file.
func (*gzipFolder) Capabilities() driver.Capabilities {
	return driver.Capabilities{AtomicReplace: true, ConsistentList: true, SequentialParts: true}
}

func (*gzipFolder) Classify(err error) rendition.Kind { return driver.DefaultKind(err) }

func (g *gzipFolder) Close() error { return g.root.Close() }

func fileOf(key string) string { return strings.ReplaceAll(key, "/", ".d/") + ".gz" }

func keyOf(file string) string {
	return strings.ReplaceAll(strings.TrimSuffix(file, ".gz"), ".d/", "/")
}

const head = 8 // bytes of size in front of the contents

func (g *gzipFolder) open(key string) (*os.File, *driver.Info, error) {
	f, err := g.root.Open(fileOf(key))
	if err != nil {
		return nil, nil, err
	}
	size := make([]byte, head)
	st, err := f.Stat()
	if err == nil {
		_, err = f.ReadAt(size, 0)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, &driver.Info{
		Key: key, Size: int64(binary.BigEndian.Uint64(size)), ModTime: st.ModTime(),
		ETag: fmt.Sprintf("%x-%x", st.ModTime().UnixNano(), st.Size()),
	}, nil
}

func (g *gzipFolder) Stat(_ context.Context, key string) (*driver.Info, error) {
	f, info, err := g.open(key)
	if err != nil {
		return nil, err
	}
	return info, f.Close()
}

// OpenRange drops what lies in front of off: compressed bytes have no middle to begin in.
func (g *gzipFolder) OpenRange(_ context.Context, key string, off, length int64, _ *driver.ReadOptions) (*driver.Body, error) {
	f, info, err := g.open(key)
	if err != nil {
		return nil, err
	}
	n := max(info.Size-off, 0)
	if length >= 0 {
		n = min(n, length)
	}
	z, err := gzip.NewReader(io.NewSectionReader(f, head, 1<<62))
	if err == nil {
		_, err = io.CopyN(io.Discard, z, min(off, info.Size))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	body := struct {
		io.Reader
		io.Closer
	}{io.LimitReader(z, n), f}
	return &driver.Body{ReadCloser: body, Info: *info, Length: n}, nil
}

func (g *gzipFolder) Delete(_ context.Context, key string) error {
	if err := g.root.Remove(fileOf(key)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// ListPage reads all names for each page; a driver for many objects would not.
func (g *gzipFolder) ListPage(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	var keys []string
	err := fs.WalkDir(g.root.FS(), ".", func(file string, d fs.DirEntry, err error) error {
		key := keyOf(file)
		if err == nil && !d.IsDir() && strings.HasSuffix(file, ".gz") && strings.HasPrefix(key, req.Prefix) {
			if dir, _, deeper := strings.Cut(key[len(req.Prefix):], cmp.Or(req.Delimiter, "\x00")); deeper {
				key = req.Prefix + dir + "/"
			}
			if key > req.PageToken { // the last key of the page before
				keys = append(keys, key)
			}
		}
		return ctx.Err() // and not err: a folder that has just gone is none
	})
	slices.Sort(keys)
	keys = slices.Compact(keys)
	page := &driver.ListPage{}
	if len(keys) > req.PageSize {
		keys = keys[:req.PageSize]
		page.NextPageToken = keys[req.PageSize-1]
	}
	for _, key := range keys {
		if strings.HasSuffix(key, "/") {
			page.Objects = append(page.Objects, driver.Info{Key: key, IsPrefix: true})
		} else if info, err := g.Stat(ctx, key); err == nil { // else it has just gone
			page.Objects = append(page.Objects, *info)
		}
	}
	return page, err
}

// upload is a file with a temporary name, until Commit gives it the right one.
type upload struct {
	*gzipFolder
	key, temp string
	f         *os.File
	begins    []int64 // where each part begins in the file, and the next one
	size      int64   // before it was compressed
}

func (g *gzipFolder) NewUpload(_ context.Context, key string, _ *driver.UploadOptions) (driver.Upload, error) {
	temp := driver.TempName()
	f, err := g.root.Create(temp)
	return &upload{gzipFolder: g, key: key, temp: temp, f: f, begins: []int64{head}}, err
}

// WritePart compresses each part by itself, so that one that comes again, since it failed
// or its answer was lost, can be written over.
func (u *upload) WritePart(_ context.Context, part *driver.Part) error {
	u.begins = u.begins[:part.Index+1]
	w := io.NewOffsetWriter(u.f, u.begins[part.Index])
	z := gzip.NewWriter(w)
	_, err := io.Copy(z, part.Body)
	if err := errors.Join(err, z.Close()); err != nil {
		return err
	}
	n, err := w.Seek(0, io.SeekCurrent)
	u.begins, u.size = append(u.begins, u.begins[part.Index]+n), part.Offset+part.Size
	return err
}

func (u *upload) Commit(context.Context) (*driver.Info, error) {
	_, err := u.f.WriteAt(binary.BigEndian.AppendUint64(nil, uint64(u.size)), 0)
	err = errors.Join(err, u.f.Truncate(u.begins[len(u.begins)-1]), u.root.MkdirAll(path.Dir(fileOf(u.key)), 0o755))
	if err == nil {
		err = u.root.Rename(u.temp, fileOf(u.key))
	}
	if err != nil {
		return nil, err
	}
	return &driver.Info{Key: u.key, Size: u.size}, u.f.Close()
}

func (u *upload) Abort(context.Context) error { return errors.Join(u.f.Close(), u.root.Remove(u.temp)) }
