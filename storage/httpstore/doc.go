// Package httpstore reads objects from a web server over HTTP and HTTPS, and writes them where the server takes
// PUT: to presigned URLs, and to servers that keep files.
//
// # Reading
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
// # Writing
//
// What can be written is decided by Options.Write. By default it is nothing, but for the one object of an OpenURL
// whose query holds a signature that may be for PUT: AWS Signature Version 4 and 2, Google, Swift TempURL, and
// Azure shared access signatures with sp=w or c. The URL is sent byte for byte, with Content-Length.
//
//   - S3 and its like: one PUT, with Content-MD5, which the server verifies. It needs the length first and is not
//     resumable, so that the object waits in memory until Close: at most MaxPut bytes (64 MiB by default, 1 GiB at
//     most), else kind Quota. Headers that the signature covers are given by Options.Header.
//   - Azure: Put Blob, or Put Block and Put Block List on the same signature for more than one part, each with Content-MD5:
//     no limit of memory, parts in any order, invisible until Close. Blocks of an aborted upload
//     are Azure's to drop, after a week or with the next write of the blob.
//   - WriteChunked, for servers that keep files (nginx with dav, Apache, WebDAV): one PUT with Transfer-Encoding:
//     chunked, part by part. A connection that breaks in the first part is begun anew; one that breaks later fails the
//     object with kind Unavailable at once, and its caller writes it again. An upload that is aborted never
//     sends its last chunk, so that a server which keeps to RFC 9112 section 8 does not take it for complete.
//     nginx writes to a temporary file and renames it; what others show meanwhile is theirs.
//
// Redirects of a PUT are followed for status 307 and 308 alone, which keep method and body; a chunked one follows
// none. Delete makes a DELETE, where the signature of the URL may be for it.
//
// # Secrets
//
// The query of a URL (a signature, often) is sent byte for byte and printed
// nowhere, like userinfo, passwords, tokens and headers. They are not sent to
// another host, nor over plain HTTP after HTTPS, when a redirect leads there.
// Of the text of an error only known codes of S3 and Azure are quoted, which say why a signature was refused.
//
// Capabilities: no list; read-only by default; atomic replace for signed URLs; 1 part, 50,000 for Azure, any
// number in order for WriteChunked; folders when Options.Folders says so.
//
// Tested with nginx 1.22, MinIO, versitygw, Azurite and a server of the tests' own.
package httpstore
