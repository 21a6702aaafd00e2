package s3store

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"
)

func (p *peer) port() string { return strconv.Itoa(p.Port) }

// xmlError is the body of an S3 error.
func xmlError(code, message string) string {
	var text []byte
	text, _ = xml.Marshal(message)
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>%s</Message></Error>`,
		code, text[len("<string>"):len(text)-len("</string>")])
}

// skew makes requests of an hour ago.
func skew(t *testing.T, o *Options) {
	r := record(t, o)
	r.answer = func(req *http.Request) *http.Response {
		req.Header.Set("X-Amz-Date", time.Now().UTC().Add(-time.Hour).Format("20060102T150405Z"))
		return nil
	}
}
