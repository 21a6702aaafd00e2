package web

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

var errPayloadDone = errors.New("the request has ended")

// Payload is the bytes of one part as the body of a request, or of several when the
// request is redirected or repeated. A transport may go on reading a body after the answer
// has come; Done keeps it from the bytes, whose memory belongs to somebody else by then.
type Payload struct {
	mu     sync.Mutex
	bytes  io.ReadSeeker
	size   int64
	reader int // the newest; older ones have ended
}

// NewPayload returns the payload of size bytes.
func NewPayload(bytes io.ReadSeeker, size int64) *Payload { return &Payload{bytes: bytes, size: size} }

// Open returns the bytes from their start and ends the reader that was opened before.
func (p *Payload) Open() (io.ReadCloser, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reader++
	if _, err := p.bytes.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return &payloadReader{p, p.reader}, nil
}

// Done ends all readers. After it nothing reads the bytes.
func (p *Payload) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reader++
}

// Attach makes the payload the body of req, which can follow redirects.
func (p *Payload) Attach(req *http.Request) error {
	req.ContentLength = p.size
	if p.size == 0 {
		req.Body = http.NoBody
		req.GetBody = func() (io.ReadCloser, error) { return http.NoBody, nil }
		return nil
	}
	body, err := p.Open()
	req.Body, req.GetBody = body, p.Open
	return err
}

type payloadReader struct {
	p  *Payload
	me int
}

func (r *payloadReader) Read(b []byte) (int, error) {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	if r.me != r.p.reader {
		return 0, errPayloadDone
	}
	return r.p.bytes.Read(b)
}

func (r *payloadReader) Close() error { return nil }
