package netstorage

import (
	"context"
	"crypto/md5" //nolint:gosec // what stat tells of an object
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/feed"
)

// upload is an object that is sent in one request.
type upload struct {
	account *account
	key     string
	temp    string // beside key
	feed    *feed.Feed
	whole   *driver.Part // the object, when it has one part

	size int64     // of the chunked upload that went through
	sum  hash.Hash // MD5 of the same
	sent bool      // the temporary object is complete
}

func (d *account) NewUpload(ctx context.Context, key string, _ *driver.UploadOptions) (driver.Upload, error) {
	if d.opts.MakeFolders {
		if err := d.makeFolders(ctx, folderOf(key)); err != nil {
			return nil, err
		}
	}
	u := &upload{account: d, key: key, temp: folderOf(key) + driver.TempName()}
	u.feed = feed.New(u.stream)
	return u, nil
}

// makeFolders makes what lies between the root and dir, once.
func (d *account) makeFolders(ctx context.Context, dir string) error {
	for i, c := range dir {
		if c != '/' {
			continue
		}
		folder := dir[:i]
		d.mu.Lock()
		made := d.made[folder]
		d.mu.Unlock()
		if made {
			continue
		}
		err := d.do(ctx, &call{method: http.MethodPost, path: d.path(folder), action: "action=mkdir"})
		if err != nil && !isKind(err, rendition.Exists) {
			return err
		}
		d.mu.Lock()
		d.made[folder] = true
		d.mu.Unlock()
	}
	return nil
}

func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	if part.Index == 0 && part.Last {
		u.whole = part
		return nil
	}
	return u.feed.Write(ctx, part)
}

// stream is the chunked upload.
func (u *upload) stream(ctx context.Context, body io.Reader) error {
	count := &counter{}
	u.sum = md5.New() //nolint:gosec // as above
	err := u.account.do(ctx, &call{
		method: http.MethodPut, path: u.account.path(u.temp), action: "action=upload&sha256=atend",
		stream: io.TeeReader(body, io.MultiWriter(count, u.sum)), sum: sha256.New(),
	})
	u.size = count.n
	return err
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// Commit sends an object of one part, or ends and renames the temporary one. Both can be repeated.
func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if u.whole != nil {
		return u.put(ctx)
	}
	if err := u.feed.Finish(ctx); err != nil {
		return nil, err
	}
	if err := u.compare(ctx); err != nil {
		return nil, err
	}
	if err := u.rename(ctx); err != nil {
		return nil, err
	}
	return &driver.Info{Key: u.key, Size: u.size}, nil
}

// put is an upload with size and SHA-256, which the server verifies.
func (u *upload) put(ctx context.Context) (*driver.Info, error) {
	sum := sha256.New()
	if _, err := u.whole.Body.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if _, err := io.Copy(sum, u.whole.Body); err != nil {
		return nil, err
	}
	err := u.account.do(ctx, &call{
		method: http.MethodPut, path: u.account.path(u.key), part: u.whole,
		action: fmt.Sprintf("action=upload&sha256=%s&size=%d", hex.EncodeToString(sum.Sum(nil)), u.whole.Size),
	})
	return &driver.Info{Key: u.key, Size: u.whole.Size}, err
}

// compare checks the temporary object before anybody sees it. A server that has no trailers is found out here.
func (u *upload) compare(ctx context.Context) error {
	info, err := u.account.Stat(ctx, u.temp)
	if isKind(err, rendition.NotFound) && u.sent {
		return nil // an earlier Commit has renamed it, and its answer was lost
	}
	if err != nil {
		return err
	}
	u.sent = true
	want := `"` + hex.EncodeToString(u.sum.Sum(nil)) + `"`
	if info.Size != u.size || (info.ETag != "" && info.ETag != want) {
		err := errors.New("what NetStorage has stored differs from what was sent")
		return &driver.Error{Kind: rendition.Integrity, Err: err, Hint: "nothing was stored; write the object again"}
	}
	return nil
}

func (u *upload) rename(ctx context.Context) error {
	to := &call{
		method: http.MethodPost, path: u.account.path(u.temp),
		action: "action=rename&destination=" + strings.ReplaceAll(url.QueryEscape(u.account.path(u.key)), "+", "%20"),
	}
	err := u.account.do(ctx, to)
	if isKind(err, rendition.Exists) {
		if err := u.account.Delete(ctx, u.key); err != nil {
			return err
		}
		err = u.account.do(ctx, to)
	}
	if isKind(err, rendition.NotFound) {
		// As in compare: look whether it is the one that was sent.
		info, statErr := u.account.Stat(ctx, u.key)
		if statErr == nil && info.Size == u.size && info.ETag == `"`+hex.EncodeToString(u.sum.Sum(nil))+`"` {
			return nil
		}
	}
	return err
}

// Abort breaks the upload off and deletes the temporary object.
func (u *upload) Abort(ctx context.Context) error {
	started := u.feed.Started()
	u.feed.Stop()
	if !started {
		return nil
	}
	return u.account.Delete(ctx, u.temp)
}
