package azurestore

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/web"
)

// connect makes the SDK's client with the credential that the options give.
func (d *blobs) connect() (err error) {
	address, o := d.end.container(d.name), &container.ClientOptions{ClientOptions: d.sdkOptions()}
	switch {
	case d.opts.AccountKey != "":
		if d.key, err = blob.NewSharedKeyCredential(d.end.account, d.opts.AccountKey.Reveal()); err != nil {
			return errors.New("AccountKey is not base64; copy it whole")
		}
		d.client, err = container.NewClientWithSharedKeyCredential(address, d.key, o)
	case d.opts.SAS != "":
		if d.sas, err = parseSAS(d.opts.SAS.Reveal()); err != nil {
			return err
		}
		d.client, err = container.NewClientWithNoCredential(address+"?"+d.sas.query, o)
	case d.opts.Anonymous:
		d.client, err = container.NewClientWithNoCredential(address, o)
	default:
		if d.token, err = d.tokens(); err != nil {
			return err
		}
		d.client, err = container.NewClient(address, d.token, o)
	}
	return err
}

// sdkOptions switch the SDK's retries off: the Bucket does them.
func (d *blobs) sdkOptions() azcore.ClientOptions {
	return azcore.ClientOptions{
		Transport: d.http,
		Retry:     policy.RetryOptions{MaxRetries: -1},
		Telemetry: policy.TelemetryOptions{ApplicationID: "rendition"},
		Cloud:     d.end.cloud(),
	}
}

// tokens is the credential that gives tokens: the host's or the default one.
func (d *blobs) tokens() (azcore.TokenCredential, error) {
	if d.opts.Credential != nil {
		return &tokens{from: d.opts.Credential}, nil
	}
	// Its retries stay: an identity endpoint asks for them, and the Bucket does not know them.
	o := azcore.ClientOptions{Transport: d.http, Cloud: d.end.cloud()}
	cred, err := azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: o})
	if err != nil {
		return nil, errors.New("the default Azure credential cannot be made; give AccountKey, SAS or Credential")
	}
	return &tokens{from: cred, own: true}, nil
}

// transport makes the SDK's requests. What the SDK would read whole into
// memory, everything but the bytes of objects, is bounded.
type transport struct {
	client http.Client
	own    *http.Transport // the default one, to be closed
}

func newTransport(o *Options) *transport {
	t := &transport{}
	if o.Client != nil {
		t.client = *o.Client
	} else {
		t.own = web.Transport(o.Dial)
		t.client.Transport = t.own
	}
	// The service sends no redirects, and a signed URL should not go elsewhere.
	t.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return t
}

// Do makes one request. Errors do not quote its URL.
func (t *transport) Do(req *http.Request) (*http.Response, error) {
	resp, err := t.client.Do(req)
	if err != nil {
		return nil, web.WithoutURL(err)
	}
	query := req.URL.Query()
	content := req.Method == http.MethodGet && resp.StatusCode < 300 && query.Get("comp") == "" && query.Get("restype") == ""
	if !content {
		resp.Body = &bounded{ReadCloser: resp.Body, left: maxAnswer}
	}
	return resp, nil
}

func (t *transport) close() {
	if t.own != nil {
		t.own.CloseIdleConnections()
	}
}

// maxAnswer bounds what is read of an answer that is no object: 1000 names of
// 1024 characters with metadata of 8 KiB each are less.
const maxAnswer = 32 << 20

type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, &driver.Error{Kind: rendition.Integrity, Err: errors.New("the server's answer does not end")}
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// digest is the SHA-256 of b in base64.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}
