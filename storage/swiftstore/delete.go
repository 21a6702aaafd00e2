package swiftstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// Delete removes an object; a large one with its segments.
func (d *store) Delete(ctx context.Context, key string) error {
	_, h, err := d.head(ctx, key)
	switch {
	case isMissing(err):
		return nil
	case err != nil && classify(err) == rendition.Permission:
		return d.deletePlain(ctx, key) // who may delete and not read
	case err != nil:
		return err
	}
	l := largeOf(h)
	if l.static {
		return d.deleteStatic(ctx, key)
	}
	segments, err := d.replaced(ctx, key, l)
	if err != nil {
		return err
	}
	if err := d.deletePlain(ctx, key); err != nil {
		return err
	}
	return d.remove(ctx, segments)
}

func (d *store) deletePlain(ctx context.Context, key string) error {
	_, err := d.call(ctx, &request{method: http.MethodDelete, container: d.container, key: key})
	if isMissing(err) {
		return nil
	}
	return err
}

// deleteStatic has Swift delete the segments and then the manifest.
func (d *store) deleteStatic(ctx context.Context, key string) error {
	r := &request{
		method: http.MethodDelete, container: d.container, key: key, slow: true,
		query: url.Values{"multipart-manifest": {"delete"}}, header: map[string]string{"Accept": "application/json"},
	}
	resp, err := d.send(ctx, r)
	if err != nil {
		return err
	}
	defer drain(resp)
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil
	case resp.StatusCode > 299:
		return d.statusError(ctx, r, resp)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxManifest))
	if err != nil {
		return err
	}
	return parseDeleted(text)
}

// parseDeleted reads the answer to a deletion of many objects, which has status 200
// whatever became of it. Segments that were gone already are none of its errors.
func parseDeleted(text []byte) error {
	if strings.TrimSpace(string(text)) == "" {
		return nil // 204: it was no large object any more
	}
	var said struct {
		Status string     `json:"Response Status"`
		Errors [][]string `json:"Errors"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return broken("what it says of the deletion is no JSON")
	}
	digits, _, _ := strings.Cut(said.Status, " ")
	code, err := strconv.Atoi(digits)
	switch {
	case err != nil:
		return broken("it does not say what became of the deletion")
	case code < 300 && len(said.Errors) == 0, code == http.StatusNotFound:
		return nil
	}
	e := &driver.Error{Kind: web.StatusKind(code), Err: fmt.Errorf("%d segments could not be deleted: status %d", len(said.Errors), code)}
	if len(said.Errors) == 0 {
		e.Err = errors.New("the large object could not be deleted")
	}
	if e.Kind == 0 || e.Kind == rendition.NotFound { // 400 is what it says of any error
		e.Kind = rendition.Unavailable
	}
	return e
}
