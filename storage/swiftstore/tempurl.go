package swiftstore

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // older clusters sign with SHA-1 alone
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"net/url"
	"strconv"
	"time"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// SignedURL makes a TempURL. Swift finds out about a wrong key only when it is used.
func (d *store) SignedURL(ctx context.Context, key string, opts *driver.SignOptions) (string, error) {
	if err := d.checkKey(key); err != nil {
		return "", err
	}
	account, _, err := d.session.get(ctx)
	if err != nil {
		return "", err
	}
	u := (&request{container: d.container, key: key}).url(account)
	expires := time.Now().Add(opts.Expiry + time.Second - 1).Unix() // a part of a second counts as one
	u.RawQuery = url.Values{
		"temp_url_sig":     {sign(d.cluster.digest, d.opts.TempURLKey.Reveal(), opts.Method, expires, u.Path)},
		"temp_url_expires": {strconv.FormatInt(expires, 10)},
	}.Encode()
	return u.String(), nil
}

// sign is the signature of swift/common/middleware/tempurl.py: over method, end and
// unescaped path, in hex. Its length tells the server the digest.
func sign(digest, key, method string, expires int64, path string) string {
	newHash := map[string]func() hash.Hash{"sha1": sha1.New, "sha512": sha512.New}[digest]
	if newHash == nil {
		newHash = sha256.New
	}
	mac := hmac.New(newHash, []byte(key))
	_, _ = fmt.Fprintf(mac, "%s\n%d\n%s", method, expires, path) // a hash never fails
	return hex.EncodeToString(mac.Sum(nil))
}
