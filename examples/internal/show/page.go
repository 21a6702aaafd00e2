package show

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/transcode"
)

// PageName is the page's path at the destination.
const PageName = "index.html"

// maxVTT bounds what is read of a thumbnails.vtt, in bytes.
const maxVTT = 4 << 20

//go:embed page
var assets embed.FS

// Page writes index.html to bucket, which holds the files of res: a player
// with a preview of its timeline, the pictures, a table of the renditions. The
// page needs nothing but these files.
func Page(ctx context.Context, bucket *storage.Bucket, res *transcode.Result) (transcode.PublishedFile, error) {
	data := newPageData(res)
	for _, f := range res.Files {
		if f.Role != transcode.RoleVTT || len(data.Player.Cues) > 0 {
			continue
		}
		text, err := bucket.ReadAll(ctx, f.Path, maxVTT)
		if err != nil {
			return transcode.PublishedFile{}, err
		}
		data.Player.Cues = parseCues(f.Path, string(text))
	}
	trim(data.Sprites, data.Player.Cues)
	html, err := render(data)
	if err != nil {
		return transcode.PublishedFile{}, fmt.Errorf("page: %w", err)
	}
	if err := bucket.WriteAll(ctx, PageName, html, nil); err != nil {
		return transcode.PublishedFile{}, err
	}
	sum := sha256.Sum256(html)
	return transcode.PublishedFile{
		Output: -1, Path: PageName, ContentType: "text/html; charset=utf-8",
		Size: int64(len(html)), SHA256: hex.EncodeToString(sum[:]),
	}, nil
}

// render fills in the template. Style and script are part of the page, so that
// it works from a disk too.
func render(data *pageData) ([]byte, error) {
	css, err := fs.ReadFile(assets, "page/page.css")
	if err != nil {
		return nil, err
	}
	js, err := fs.ReadFile(assets, "page/page.js")
	if err != nil {
		return nil, err
	}
	t, err := template.New("page.html").Funcs(template.FuncMap{
		"css": func() template.CSS { return template.CSS(css) }, // our own file
		"js":  func() template.JS { return template.JS(js) },    // our own file
	}).ParseFS(assets, "page/page.html")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, data)
	return b.Bytes(), err
}
