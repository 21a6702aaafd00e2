package netstorage

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// ask makes a request that is answered in XML.
func (d *account) ask(ctx context.Context, path, action string) (*answer, error) {
	resp, err := d.send(ctx, &call{method: http.MethodGet, path: path, action: action + "&format=xml&encoding=utf-8"})
	if err != nil {
		return nil, err
	}
	defer drain(resp)
	if err := d.status(resp); err != nil {
		return nil, err
	}
	a, err := parseAnswer(resp.Body)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return a, err
}

// Stat is the stat action.
func (d *account) Stat(ctx context.Context, key string) (*driver.Info, error) {
	// slash=both: a folder of the same name does not hide the object.
	a, err := d.ask(ctx, d.path(key), "action=stat&implicit=yes&slash=both")
	if err != nil {
		return nil, err
	}
	for i := range a.Files {
		if a.Files[i].Type == "file" {
			info := a.Files[i].info(key)
			return &info, nil
		}
	}
	return nil, errMissing
}

// OpenRange is the download action. The first range of a Reader asks stat first: it tells the version, and
// downloads do not.
func (d *account) OpenRange(ctx context.Context, key string, off, length int64, opts *driver.ReadOptions) (*driver.Body, error) {
	info := opts.Match
	if info == nil {
		var err error
		if info, err = d.Stat(ctx, key); err != nil {
			return nil, err
		}
	}
	if off >= info.Size {
		return &driver.Body{ReadCloser: io.NopCloser(bytes.NewReader(nil)), Info: *info}, nil
	}
	end := info.Size - 1
	if length >= 0 {
		end = min(end, off+length-1)
	}
	resp, err := d.send(ctx, &call{
		method: http.MethodGet, path: d.path(key), action: "action=download", rng: fmt.Sprintf("bytes=%d-%d", off, end),
	})
	if err != nil {
		return nil, err
	}
	body, err := d.body(resp, info, off, end)
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	return body, nil
}

// maxSkip is what is read in vain from a server that ignores ranges.
const maxSkip = 16 << 20

func (d *account) body(resp *http.Response, info *driver.Info, off, end int64) (*driver.Body, error) {
	if err := d.status(resp); err != nil {
		if resp.StatusCode == http.StatusRequestedRangeNotSatisfiable {
			return nil, driver.ErrChanged
		}
		return nil, err
	}
	body := &driver.Body{ReadCloser: resp.Body, Info: *info, Length: end - off + 1}
	if resp.StatusCode == http.StatusPartialContent {
		if size := rangeSize(resp.Header.Get("Content-Range"), off); size != info.Size {
			return nil, driver.ErrChanged
		}
		return body, nil
	}
	if resp.ContentLength >= 0 && resp.ContentLength != info.Size {
		return nil, driver.ErrChanged
	}
	if off > maxSkip {
		err := fmt.Errorf("the server ignores ranges, and offset %d is too far to read in vain", off)
		return nil, &driver.Error{Kind: rendition.Unsupported, Err: err}
	}
	_, err := io.CopyN(io.Discard, resp.Body, off)
	if err == io.EOF { //nolint:errorlint // CopyN returns the bare io.EOF
		err = io.ErrUnexpectedEOF
	}
	return body, err
}

// rangeSize is the size in "bytes off-last/size", -1 when the header is another.
func rangeSize(header string, off int64) int64 {
	rest, ok := strings.CutPrefix(header, fmt.Sprintf("bytes %d-", off))
	_, size, found := strings.Cut(rest, "/")
	n, err := strconv.ParseInt(size, 10, 64)
	if !ok || !found || err != nil {
		return -1
	}
	return n
}

// Delete is the delete action.
func (d *account) Delete(ctx context.Context, key string) error {
	err := d.do(ctx, &call{method: http.MethodPost, path: d.path(key), action: "action=delete"})
	if isKind(err, rendition.NotFound) {
		return nil
	}
	return err
}
