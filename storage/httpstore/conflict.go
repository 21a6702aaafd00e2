package httpstore

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// conflict looks why a server with folders refused to write key. nginx answers 500 to a PUT where a folder
// is, or below a file; nothing but what is there tells that from a server that failed.
func (d *site) conflict(ctx context.Context, key string, err error) error {
	var e *driver.Error
	if !d.opts.Folders || !errors.As(err, &e) || (e.Kind != rendition.Unavailable && e.Kind != rendition.Exists) {
		return err
	}
	exists := func(cause string) error {
		return &driver.Error{Kind: rendition.Exists, Err: errors.New(cause), Hint: "choose another key, or remove what is there"}
	}
	if d.isFolder(ctx, key) {
		return exists("a folder is where the object should be")
	}
	for i := strings.LastIndexByte(key, '/'); i > 0; i = strings.LastIndexByte(key[:i], '/') {
		if status, _ := d.head(ctx, key[:i]); status == http.StatusOK {
			return exists("an object is where a folder of the key should be")
		}
	}
	return err
}

var errFolder = &driver.Error{Kind: rendition.NotFound, Err: errors.New("this is a folder and not an object")}

// atFolder says whether a request for an object of a server with folders was redirected to a folder, whose answer, an
// index or a refusal, is none about the object.
func (d *site) atFolder(resp *http.Response) bool {
	return d.opts.Folders && resp.Request.Response != nil && strings.HasSuffix(resp.Request.URL.Path, "/")
}

// isFolder says whether the server knows key as a folder: it redirects to its name with a slash.
func (d *site) isFolder(ctx context.Context, key string) bool {
	status, path := d.head(ctx, key)
	return status >= 300 && status < 500 && strings.HasSuffix(path, "/")
}

// head returns the status of a HEAD and the path it was answered at; 0 when there was no answer.
func (d *site) head(ctx context.Context, key string) (status int, path string) {
	resp, err := d.send(ctx, &call{method: http.MethodHead, key: key})
	if err != nil {
		return 0, ""
	}
	resp.Body.Close()
	return resp.StatusCode, resp.Request.URL.Path
}
