package akamaihls

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// upload is a file that is sent in one request by Commit.
type upload struct {
	ingest *ingest
	key    string
	kind   string // Content-Type
	whole  *driver.Part
	flight *flight
}

func (d *ingest) NewUpload(_ context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	return &upload{ingest: d, key: key, kind: opts.ContentType, flight: d.order.begin(key)}, nil
}

func (u *upload) WritePart(_ context.Context, part *driver.Part) error {
	if part.Index > 0 || !part.Last {
		err := fmt.Errorf("the file has more than the %d bytes that the ingest takes", u.ingest.opts.MaxFile)
		return &driver.Error{Kind: rendition.Quota, Err: err, Hint: "make shorter segments"}
	}
	u.whole = part
	return nil
}

func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if isPlaylist(u.key) {
		text, err := u.text()
		if err != nil {
			return nil, err
		}
		if err := u.ingest.order.wait(ctx, u.key, text); err != nil {
			return nil, err
		}
	}
	if err := u.ingest.send(ctx, u.ingest.opts.Method, u.key, u.kind, u.whole); err != nil {
		return nil, err
	}
	u.flight.end(true)
	return &driver.Info{Key: u.key, Size: -1}, nil
}

// text is the playlist itself.
func (u *upload) text() (string, error) {
	if _, err := u.whole.Body.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	data, err := io.ReadAll(u.whole.Body)
	return string(data), err
}

// Abort has nothing to remove: a request that failed has stored nothing.
func (u *upload) Abort(context.Context) error {
	u.flight.end(false)
	return nil
}

// Delete makes a DELETE.
func (d *ingest) Delete(ctx context.Context, key string) error {
	err := d.send(ctx, http.MethodDelete, key, "", nil)
	if isKind(err, rendition.NotFound) {
		return nil
	}
	return err
}

// send makes one request. After a failure that may be this server's alone the connections that are idle
// are closed: the next attempt finds its server anew.
func (d *ingest) send(ctx context.Context, method, key, contentType string, part *driver.Part) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://host/", nil)
	if err != nil {
		return err
	}
	req.URL = d.url(key)
	req.Host = req.URL.Host
	for name, values := range d.opts.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	if d.opts.Username != "" || d.opts.Password != "" {
		req.SetBasicAuth(d.opts.Username, d.opts.Password.Reveal())
	}
	if part != nil {
		req.Header.Set("Content-Type", contentType)
		p := web.NewPayload(part.Body, part.Size)
		defer p.Done()
		if err := p.Attach(req); err != nil {
			return err
		}
	}
	resp, err := d.client.Do(req)
	if err != nil {
		d.own.CloseIdleConnections()
		return web.WithoutURL(err)
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // keeps the connection; a failure shows in the next request
	resp.Body.Close()
	if resp.StatusCode >= 500 {
		d.own.CloseIdleConnections()
	}
	return status(resp)
}
