package location

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

const op = "storage: parse URL"

// MaxLength is the longest URL in bytes.
const MaxLength = 16 << 10

// Parse reads a URL or path. Kind Unsupported when there is no driver for it, InvalidJob for everything
// else that is wrong: what is ambiguous among it. Error texts quote no secret.
func Parse(raw string) (*Location, error) {
	l, err := parse(raw)
	if err == nil {
		return l, nil
	}
	e := &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: redact(raw), Err: err}
	var no *unsupported
	if errors.As(err, &no) {
		e.Kind = rendition.Unsupported
	}
	return nil, e
}

var errARN = &unsupported{"an ARN is not a bucket's name; write s3://bucket/object"}

// unsupported is a form that is understood and that nobody serves.
type unsupported struct{ text string }

func (e *unsupported) Error() string { return e.text }

// redact is storage.RedactURL for URLs that do not parse: of these nothing is
// known, so that a password may stand behind a ? as well.
func redact(raw string) string {
	scheme, rest, ok := strings.Cut(raw, ":")
	if !ok || storage.Scheme(raw) == "" {
		return raw
	}
	if len(raw) > MaxLength {
		return scheme + ":[redacted]"
	}
	body, ok := strings.CutPrefix(rest, "//")
	if i := strings.IndexAny(body, "?#"); !ok && strings.Contains(rest, "@") || i >= 0 && strings.Contains(body[i:], "@") {
		return scheme + ":[redacted]"
	}
	return storage.RedactURL(raw)
}

func parse(raw string) (*Location, error) {
	switch {
	case raw == "":
		return nil, errors.New("the URL is empty; give a URL or a path")
	case strings.ContainsRune(raw, 0):
		return nil, errors.New("the URL has a NUL byte")
	case len(raw) > MaxLength:
		return nil, fmt.Errorf("the URL has %d bytes; at most %d are allowed", len(raw), MaxLength)
	}
	scheme := storage.Scheme(raw)
	switch scheme {
	case "":
		return &Location{Driver: File, Key: raw}, nil
	case "file":
		return parseFile(raw)
	case "mem":
		return parseMem(raw)
	}
	if strings.HasPrefix(raw, scheme+"://arn:") {
		return nil, errARN
	}
	read := readers[scheme]
	if read == nil {
		return nil, unknownScheme(scheme)
	}
	p, err := split(scheme, raw)
	if err != nil {
		return nil, err
	}
	l, err := read(p)
	if err != nil {
		return nil, err
	}
	return l, l.check()
}

var readers = map[string]func(*parts) (*Location, error){
	"s3":     readS3,
	"azblob": readAzure, "azure": readAzure, "abs": readAzure,
	"wasb": readWASB, "wasbs": readWASB, "abfs": readWASB, "abfss": readWASB,
	"ftp": readFTP, "ftps": readFTP, "ftpes": readFTP,
	"sftp":  readSFTP,
	"swift": readSwift,
	"http":  readWeb, "https": readWeb,
	"netstorage": readNetStorage,
	"akamaihls":  readAkamaiHLS,
	"fasp":       readAspera,
}

// Schemes lists the schemes of the stores that are reached over a network.
func Schemes() []string { return slices.Sorted(maps.Keys(readers)) }

const (
	noGCS    = "Google Cloud Storage has no driver of its own; it speaks S3 to HMAC keys: s3://key:secret@storage.googleapis.com/bucket/object"
	noWebDAV = "WebDAV has no driver; use sftp:, ftpes: or an S3-compatible store"
)

// elsewhere are schemes that people write for what has another name here, or none.
var elsewhere = map[string]string{
	"gs":     noGCS,
	"gcs":    noGCS,
	"webdav": noWebDAV, "webdavs": noWebDAV, "dav": noWebDAV, "davs": noWebDAV,
	"arn":    "an ARN is no URL; write s3://bucket/object",
	"r2":     "write s3://key:secret@ACCOUNT.r2.cloudflarestorage.com/bucket/object",
	"b2":     "write s3://key:secret@s3.REGION.backblazeb2.com/bucket/object",
	"wasabi": "write s3://key:secret@s3.wasabisys.com/bucket/object",
	"minio":  "write s3://key:secret@host:port/bucket/object, with ?tls=no where it has no certificate",
	"rsync":  "rsync: has no driver; most machines that serve it serve sftp: too",
	"scp":    "write sftp:; the servers of scp serve it",
	"smb":    "smb: has no driver; mount the share and name the path",
	"nfs":    "nfs: has no driver; mount it and name the path",
}

func unknownScheme(scheme string) error {
	if why := elsewhere[scheme]; why != "" {
		return &unsupported{why}
	}
	near := nearest(scheme, append(Schemes(), "file", "mem"))
	if near != "" {
		return &unsupported{fmt.Sprintf("no driver for %q; did you mean %s:?", scheme, near)}
	}
	return &unsupported{fmt.Sprintf("no driver for %q; write ./ in front of a file name with a colon", scheme)}
}

// check is what holds for every store that is reached over a network. Names and
// passwords end up in lines of protocols: none may have a line's end.
func (l *Location) check() error {
	for what, s := range map[string]string{
		"user": l.User, "password": l.Password.Reveal(), "account": l.Account, "bucket": l.Bucket, "path": l.Key, "token": l.Token.Reveal(),
	} {
		if strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
			return fmt.Errorf("the %s has a control character", what)
		}
	}
	for name, s := range l.Options {
		if strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
			return fmt.Errorf("the option %s has a control character", name)
		}
	}
	return nil
}
