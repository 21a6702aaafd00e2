// Package httpstore reads objects from a web server over HTTP and HTTPS.
//
// It asks for bounded ranges (RFC 9110 section 14), for the same version each
// time (If-Range with a strong ETag), and checks Content-Range, ETag, length
// and Last-Modified of every answer: an object that changed is kind Integrity.
// A server that ignores ranges is read in sequence; a seek then reads and drops
// up to Options.MaxSkip bytes and fails with kind Unsupported beyond.
//
// Status 401 and 403 are kind Permission, 404 and 410 NotFound, 408, 425, 429
// and 5xx Unavailable with the server's Retry-After.
//
// The query of a URL (a signature, often) is sent byte for byte and printed
// nowhere, like userinfo, passwords, tokens and headers. They are not sent to
// another host, nor over plain HTTP after HTTPS, when a redirect leads there.
//
// Capabilities: read-only, no list.
package httpstore
