package faultproxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// requests forwards the requests of a client, byte for byte, and answers some in
// place of the server.
func (w *way) requests(src net.Conn) {
	in := bufio.NewReaderSize(src, 64<<10)
	for {
		err := w.request(in)
		if err != nil {
			w.finish(err)
			return
		}
	}
}

func (w *way) request(in *bufio.Reader) error {
	head, err := readHead(in, true)
	if err != nil {
		return err
	}
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(head)))
	if err != nil {
		return err
	}
	if f, ok := w.link.proxy.take(w.dir, true); ok {
		return w.answer(f, in, req)
	}
	if err := w.forward(head); err != nil {
		return err
	}
	return copyBody(forwarder{w}, in, req)
}

type forwarder struct{ way *way }

func (f forwarder) Write(p []byte) (int, error) {
	if err := f.way.forward(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// readHead reads to the empty line behind a header; skip has empty lines in front of it be part of it.
func readHead(in *bufio.Reader, skip bool) ([]byte, error) {
	var head []byte
	for {
		line, err := in.ReadSlice('\n')
		head = append(head, line...)
		if err != nil {
			if err == io.EOF && len(head) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		if empty := len(bytes.TrimRight(line, "\r\n")) == 0; empty && (!skip || len(bytes.TrimRight(head, "\r\n")) > 0) {
			return head, nil
		}
	}
}

// copyBody copies the body of a request as it is framed (RFC 9112 section 6).
func copyBody(dst io.Writer, in *bufio.Reader, req *http.Request) error {
	if req.ContentLength >= 0 {
		_, err := io.CopyN(dst, in, req.ContentLength)
		return err
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		hex, _, _ := strings.Cut(strings.TrimSpace(string(line)), ";")
		size, err := strconv.ParseInt(hex, 16, 64)
		if err != nil {
			return err
		}
		if _, err := dst.Write(line); err != nil {
			return err
		}
		if size > 0 {
			if _, err := io.CopyN(dst, in, size+2); err != nil {
				return err
			}
			continue
		}
		trailer, err := readHead(in, false)
		if err != nil {
			return err
		}
		_, err = dst.Write(trailer)
		return err
	}
}

// answer plays the overloaded server: it reads the body, says no, and closes.
func (w *way) answer(f Fault, in *bufio.Reader, req *http.Request) error {
	w.link.proxy.count(f.Kind)
	if req.Header.Get("Expect") == "" {
		if err := copyBody(io.Discard, in, req); err != nil {
			return err
		}
	}
	status, header, body := "503 Service Unavailable", "", "overloaded\n"
	switch f.Kind {
	case Status500:
		status, body = "500 Internal Server Error", "broken\n"
	case RetryAfter:
		header = "Retry-After: 1\r\n"
	case SlowDown:
		status, header = "503 Slow Down", "Content-Type: application/xml\r\n"
		body = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
			"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message><RequestId>0</RequestId></Error>"
	default:
	}
	if req.Method == http.MethodHead {
		body = ""
	}
	text := fmt.Sprintf("HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s", status, header, len(body), body)
	if _, err := io.WriteString(w.link.client, text); err != nil {
		return err
	}
	if tcp, ok := w.link.client.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	return io.EOF
}
