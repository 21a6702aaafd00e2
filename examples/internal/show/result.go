package show

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/opener"
	"github.com/rendition-sdk/rendition/transcode"
)

// Result writes the page of res to the destination out, a URL or local folder,
// and prints what was published and how to look at it.
func Result(ctx context.Context, w io.Writer, out string, res *transcode.Result) (err error) {
	bucket, err := opener.New(nil).OpenBucket(ctx, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bucket.Close()) }()
	page, err := Page(ctx, bucket, res)
	if err != nil {
		return err
	}
	if err := Tree(w, out, append(res.Files, page)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s", howToView(out))
	return err
}

// howToView says how a person gets to see the page.
func howToView(out string) string {
	if s := storage.Scheme(out); s != "" && s != "file" {
		return "page  " + strings.TrimSuffix(storage.RedactURL(out), "/") + "/" + PageName + "\n"
	}
	folder := strings.TrimPrefix(out, "file://")
	return fmt.Sprintf("page  %s\nHLS needs a web server: go run ./examples/serve %s\n", path.Join(folder, PageName), shellWord(folder))
}

// shellWord quotes s where a shell would read more than one word, or a command.
func shellWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%", r)
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
