package azurestore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// Classify gives the kind of an error.
func (*blobs) Classify(err error) rendition.Kind { return web.Kind(err) }

// codeOf reads the service's error code and the status of an answer; "" and 0
// when err is none.
func codeOf(err error) (code string, status int) {
	var answer *azcore.ResponseError
	if !errors.As(err, &answer) {
		return "", 0
	}
	return printableCode(answer.ErrorCode), answer.StatusCode
}

// printableCode drops what cannot be one of the service's codes.
func printableCode(code string) string {
	if len(code) > 64 || !isIdentifier(asciiLower(code)) {
		return ""
	}
	return code
}

// fail makes an error of the SDK one that is fit to be shown: the SDK's quote the request's URL
// and the answer, which holds what was signed.
func (d *blobs) fail(err error) error {
	var own *driver.Error
	var answer *azcore.ResponseError
	var dns *net.DNSError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.As(err, &answer):
		return d.refused(answer)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &dns) && dns.IsNotFound:
		return &driver.Error{
			Kind: rendition.NotFound, Err: fmt.Errorf("there is no host %s", printable(dns.Name)),
			Hint: "check the name of the storage account and the endpoint",
		}
	}
	return web.WithoutURL(err)
}

// refused gives the meaning of an answer that is an error.
func (d *blobs) refused(answer *azcore.ResponseError) error {
	code, status := printableCode(answer.ErrorCode), answer.StatusCode
	if changed(code, status) {
		return driver.ErrChanged
	}
	e := &driver.Error{Err: fmt.Errorf("the server answered %d %s", status, http.StatusText(status))}
	if code != "" {
		e.Err = fmt.Errorf("the server answered %d %s", status, code)
	}
	m, known := meanings[code]
	if !known {
		m = meaning{kind: kindOfStatus(status)}
	}
	e.Kind, e.Hint, e.RetryAfter = m.kind, m.hint, m.wait
	var header http.Header
	if answer.RawResponse != nil {
		header = answer.RawResponse.Header
	}
	now := time.Now()
	switch {
	case e.Kind == rendition.Unavailable && e.RetryAfter == 0:
		e.RetryAfter = web.RetryAfter(header.Get("Retry-After"), now)
	case e.Kind == rendition.Permission:
		if hint := d.whyNot(code, serverTime(header), now); hint != "" {
			e.Hint = hint
		}
	}
	return e
}

// changed says whether a condition on a version was not met.
func changed(code string, status int) bool {
	switch code {
	case "ConditionNotMet", "TargetConditionNotMet", "SourceConditionNotMet":
		return true
	}
	return status == http.StatusPreconditionFailed && code == ""
}

func kindOfStatus(status int) rendition.Kind {
	if k := web.StatusKind(status); k != 0 {
		return k
	}
	switch {
	case status < 400: // a redirect, or a success that the request does not have
		return rendition.Unsupported
	case status == http.StatusRequestEntityTooLarge:
		return rendition.Quota
	case status == http.StatusConflict:
		return rendition.Exists
	}
	return rendition.InvalidJob
}

// serverTime is when an answer was made; zero when it does not tell.
func serverTime(h http.Header) time.Time {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t
}

// broken is an answer against the rules of the protocol.
func broken(format string, args ...any) error {
	return &driver.Error{Kind: rendition.Integrity, Err: fmt.Errorf("the server's answer is broken: "+format, args...)}
}
