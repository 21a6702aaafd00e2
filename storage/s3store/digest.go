package s3store

import (
	"context"
	"crypto/md5" //nolint:gosec // Content-MD5 and ETag find accidents, no attackers
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strings"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// digest is what one part is verified with. Checksums are base64, as in headers.
type digest struct {
	crc32c *string
	sha256 *string
	md5    *string
	raw    []byte // of crc32c or sha256
	etag   string // the MD5 in hex, when it was computed
}

// digest reads a part and rewinds it.
func (d *store) digest(body io.ReadSeeker) (*digest, error) {
	g := &digest{}
	var h hash.Hash
	var to **string
	switch {
	case d.plain.Load() || d.opts.Checksum == ChecksumMD5:
		h, to = md5.New(), &g.md5 //nolint:gosec // as above
	case d.opts.Checksum == ChecksumSHA256:
		h, to = sha256.New(), &g.sha256
	default:
		h, to = crc32.New(crc32.MakeTable(crc32.Castagnoli)), &g.crc32c
	}
	if _, err := io.Copy(h, body); err != nil {
		return nil, err
	}
	raw := h.Sum(nil)
	text := base64.StdEncoding.EncodeToString(raw)
	*to = &text
	if g.md5 != nil {
		g.etag = hex.EncodeToString(raw)
	} else {
		g.raw = raw
	}
	_, err := body.Seek(0, io.SeekStart)
	return g, err
}

// sign gives the signature the SHA-256 that is there already, and computes none where TLS
// protects the body or the options do without.
func (d *store) sign(g *digest) func(*s3.Options) {
	return func(o *s3.Options) {
		switch {
		case g.sha256 != nil:
			sum := hex.EncodeToString(g.raw)
			o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
				return s.Initialize.Add(middleware.InitializeMiddlewareFunc("PartSHA256", func(
					ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
				) (middleware.InitializeOutput, middleware.Metadata, error) {
					return next.HandleInitialize(v4.SetPayloadHash(ctx, sum), in)
				}), middleware.Before)
			})
		case d.site.secure() || d.opts.UnsignedPayload:
			o.APIOptions = append(o.APIOptions, v4.SwapComputePayloadSHA256ForUnsignedPayloadMiddleware)
		}
	}
}

// compare checks what the server says that it has. proven means that it has said
// something that only these bytes have.
func (g *digest) compare(crc32c, sha256, etag *string) (proven bool, err error) {
	for _, c := range []struct{ mine, its *string }{{g.crc32c, crc32c}, {g.sha256, sha256}} {
		switch {
		case c.mine == nil || c.its == nil || *c.its == "":
		case *c.mine == *c.its:
			return true, nil
		default:
			return false, differs(*c.mine, *c.its)
		}
	}
	// Encrypted objects have ETags that look the same and are no MD5: equality proves, inequality does not.
	return g.etag != "" && etag != nil && strings.Trim(*etag, `"`) == g.etag, nil
}

func differs(mine, its string) error {
	return &driver.Error{
		Kind: rendition.Integrity, Err: fmt.Errorf("the server has the checksum %s and %s was sent", printable(its), mine),
		Hint: "write it again",
	}
}

// combine is the checksum of an object of several parts: that of their checksums, and their number.
func combine(kind Checksum, parts [][]byte) string {
	var h hash.Hash = crc32.New(crc32.MakeTable(crc32.Castagnoli))
	if kind == ChecksumSHA256 {
		h = sha256.New()
	}
	for _, raw := range parts {
		_, _ = h.Write(raw) // a hash never fails
	}
	return fmt.Sprintf("%s-%d", base64.StdEncoding.EncodeToString(h.Sum(nil)), len(parts))
}

// refusesChecksums says whether a failure is that of a server that does not know the checksum headers.
func refusesChecksums(err error) bool {
	var said *driver.Error
	if !errors.As(err, &said) {
		return false
	}
	switch codeOf(err) {
	case "NotImplemented", "InvalidArgument", "InvalidRequest", "UnsupportedHeader", "MalformedXML", "InvalidHeader":
	default:
		return false
	}
	text := strings.ToLower(said.Error())
	return strings.Contains(text, "checksum") || strings.Contains(text, "header") || codeOf(err) == "MalformedXML"
}
