package httpstore

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// codes are the error codes of S3 and Azure that say more than the status.
var codes = map[string]struct {
	kind rendition.Kind
	hint string
}{
	"AccessDenied":                      {rendition.Permission, "the signed URL has expired, or its key may not do this"},
	"SignatureDoesNotMatch":             {rendition.Permission, "the URL is signed for another method or for other headers, or was changed"},
	"ExpiredToken":                      {rendition.Permission, "the signed URL has expired: sign a new one"},
	"RequestTimeTooSkewed":              {rendition.Permission, "set this machine's clock"},
	"AuthorizationQueryParametersError": {rendition.Permission, "the signed URL is not complete, has expired, or is for another region"},
	"NoSuchBucket":                      {rendition.NotFound, "the bucket does not exist"},
	"BadDigest":                         {rendition.Integrity, "the bytes changed on their way: write the object again"},
	"InvalidDigest":                     {rendition.Integrity, "the bytes changed on their way: write the object again"},
	"EntityTooLarge":                    {rendition.Quota, "one PUT takes at most 5 GiB"},
	"QuotaExceeded":                     {rendition.Quota, "the account is full"},
	"RequestTimeout":                    {rendition.Unavailable, ""},
	"SlowDown":                          {rendition.Unavailable, ""},
	"MissingContentLength":              {rendition.Unsupported, "the server takes no chunked upload: use WritePut"},
	"NotImplemented":                    {rendition.Unsupported, "the server takes no chunked upload: use WritePut"},
	"AuthenticationFailed":              {rendition.Permission, "the signature has expired, is not valid yet (the clock?), or was changed"},
	"AuthorizationPermissionMismatch":   {rendition.Permission, "the shared access signature does not allow this: sp needs w or c"},
	"AuthorizationFailure":              {rendition.Permission, "the shared access signature has expired, or is not for this address"},
	"ContainerNotFound":                 {rendition.NotFound, "the container does not exist"},
	"Md5Mismatch":                       {rendition.Integrity, "the bytes changed on their way: write the object again"},
	"ServerBusy":                        {rendition.Unavailable, ""},
}

// maxCode is how much of an error's body is searched for a code.
const maxCode = 4 << 10

// explain adds what the server's own error code, and its clock, tell. Of the text in the answer nothing is
// quoted but a code that is known: servers repeat the signed address there.
func explain(e *driver.Error, resp *http.Response, now time.Time) {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxCode)) // without it the status has to do
	code := errorCode(resp.Header.Get("X-Ms-Error-Code"), string(body))
	if known, ok := codes[code]; ok {
		e.Kind = known.kind
		e.Err = fmt.Errorf("%w: %s", e.Err, code)
		if known.hint != "" {
			e.Hint = known.hint
		}
	}
	if e.Kind != rendition.Permission {
		return
	}
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if skew := now.Sub(date).Round(time.Second); err == nil && skew.Abs() > 5*time.Minute {
		e.Hint = fmt.Sprintf("this machine's clock differs from the server's by %s, so that signatures fail; set it", skew.Abs())
	}
}

// errorCode finds the code in Azure's header or in the <Code> element that S3 and Azure answer with.
func errorCode(header, body string) string {
	if header != "" {
		return header
	}
	_, rest, _ := strings.Cut(body, "<Code>")
	code, _, found := strings.Cut(rest, "</Code>")
	if !found {
		return ""
	}
	return strings.TrimSpace(code)
}
