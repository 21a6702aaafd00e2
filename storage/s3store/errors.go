package s3store

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// Classify gives the kind of an error of a body; the methods return *driver.Error.
func (*store) Classify(err error) rendition.Kind { return web.Kind(err) }

// answer is an error that the server has told: its text is ours, and its tree that of the SDK.
type answer struct {
	text string
	err  error
}

func (e *answer) Error() string { return e.text }
func (e *answer) Unwrap() error { return e.err }

// explain makes a *driver.Error of what the SDK returns. hint, if any, is better than that of the code.
func (d *store) explain(err error, hint string) error {
	var known *driver.Error
	if err == nil {
		return nil
	}
	if errors.As(err, &known) {
		return known // of the credentials; what the SDK puts around it says nothing
	}
	status, header := answerOf(err)
	if status == 0 {
		return unsent(err)
	}
	code, message := codeOf(err), ""
	var api smithy.APIError
	if errors.As(err, &api) {
		message = api.ErrorMessage()
	}
	m := meaningOf(code, status)
	e := &driver.Error{Kind: m.kind, Hint: m.hint, Err: &answer{d.text(status, header, code, message), err}}
	if e.Kind == rendition.Unavailable {
		e.RetryAfter = web.RetryAfter(header.Get("Retry-After"), time.Now())
	}
	if hint != "" {
		e.Kind, e.Hint = rendition.InvalidJob, hint
	}
	if e.Kind == rendition.Integrity && code == "PreconditionFailed" {
		return fmt.Errorf("%w (%w)", driver.ErrChanged, e)
	}
	return e
}

// unsent is an error without an answer: that of the network, or of a request that the SDK refuses to make.
func unsent(err error) error {
	var network *smithyhttp.RequestSendError
	var canceled *smithy.CanceledError
	var request *smithy.OperationError
	if errors.As(err, &network) || errors.As(err, &canceled) || !errors.As(err, &request) {
		return web.WithoutURL(err)
	}
	return &driver.Error{Kind: rendition.InvalidJob, Err: request.Err, Hint: "check the bucket's name, the endpoint and the options"}
}

// text is what the server said, bounded and without the keys of the options.
func (d *store) text(status int, header http.Header, code, message string) string {
	text := fmt.Sprintf("the server answered %d", status)
	if code != "" {
		text += " " + clip(code, 64)
	}
	if message != "" && message != code {
		text += ": " + strings.TrimSuffix(clip(message, 256), ".")
	}
	if id := header.Get("X-Amz-Request-Id"); id != "" {
		text += " (request " + clip(id, 64) + ")"
	}
	secrets := []storage.Secret{d.opts.SecretKey, d.opts.SessionToken}
	if d.opts.SSE != nil {
		secrets = append(secrets, d.opts.SSE.CustomerKey)
	}
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s.Reveal(), s.String())
		}
	}
	return text
}

// clip bounds what a server says about itself, in one line.
func clip(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// codeOf is the code in the answer, "" where there is none.
func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// statusOf is the status of the answer, 0 when none came.
func statusOf(err error) int {
	status, _ := answerOf(err)
	return status
}

func answerOf(err error) (status int, header http.Header) {
	var e *smithyhttp.ResponseError
	if !errors.As(err, &e) || e.Response == nil || e.Response.Response == nil {
		return 0, nil
	}
	return e.Response.StatusCode, e.Response.Header
}

// meaning is what a code means to the user.
type meaning struct {
	kind rendition.Kind
	hint string
}

// meaningOf looks a code up; one that is not known means what the status does.
func meaningOf(code string, status int) meaning {
	if m, ok := meanings[code]; ok {
		return m
	}
	if strings.HasPrefix(code, "KMS.") {
		return meaning{rendition.Permission, "check SSE.KMSKeyID, that the key is enabled, and that the credentials may use it"}
	}
	if status < 400 { // an answer with an error in its body, or one that nobody understands
		return meaning{kind: rendition.Unavailable}
	}
	kind := web.StatusKind(status)
	if kind == 0 {
		return meaning{rendition.InvalidJob, "check the endpoint and the options"}
	}
	if kind == rendition.Permission {
		return denied
	}
	return meaning{kind: kind}
}
