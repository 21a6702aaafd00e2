package transcode

import (
	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// Job says what to make of one source and where to put it. It is plain data:
// NewJob's builder fills the same fields that ParseJob reads from JSON, and a
// Job marshals back to JSON. docs/job.md lists every field.
type Job struct {
	// Input is the source. Required.
	Input Input `json:"input"`
	// Output is where all results go. Required.
	Output Destination `json:"output"`
	// Outputs are what to make, 1 to MaxOutputs entries. An entry's index is
	// the number in its published name.
	Outputs Outputs `json:"outputs"`
	// OutSubpath is appended to the destination's prefix; relative, "/" at its
	// end is optional.
	OutSubpath string `json:"out_subpath,omitempty"`
	// OnTruncated says what to do with a source that ends before its header
	// says: "fail" (the default, when more than 1 % is missing) or "warn".
	OnTruncated string `json:"on_truncated,omitempty"`
	// WebhookURL and IdempotencyKey are kept for the job service; a run by
	// Engine ignores them.
	WebhookURL     string `json:"webhook_url,omitempty"`
	IdempotencyKey string `json:"idempotency_key,omitempty"`
}

// MaxOutputs is the number of entries a job may have in Outputs.
const MaxOutputs = 20

// Input names a source: by URL (or path), by S3 location, or, from Go alone, as a Source.
type Input struct {
	// Kind is "url" or "s3" and may be left out: the field that is set decides.
	Kind string `json:"source,omitempty"`
	// URL is a storage URL or a local path.
	URL string `json:"url,omitempty"`
	// S3 is an object in an S3-compatible store.
	S3 *S3Location `json:"s3,omitempty"`
	// Source is the source itself, such as bucket.Source(key). It wins over URL.
	Source rendition.Source `json:"-"`
}

// Destination names where results go: by URLs (or paths), by S3 location, or,
// from Go alone, as Buckets. Each destination receives every file, in the same
// order: what names other files comes behind them. Files go to all of them at the
// same time, and the slowest sets the pace: what waits for it in memory is bounded
// (storage.WriterOptions.PartSize), however slow it is.
type Destination struct {
	// URL is a storage URL or a local folder, taken as a prefix.
	URL string `json:"url,omitempty"`
	// URLs are several destinations that each receive every file.
	URLs []string `json:"urls,omitempty"`
	// S3 is a prefix in an S3-compatible store.
	S3 *S3Location `json:"s3,omitempty"`
	// AtLeast is how many of several destinations must receive everything for the job
	// to succeed. One that fails while enough are left is given up: what the job wrote
	// there is taken back, Result.Destinations says why, and Engine.Redeliver
	// makes it whole without encoding again. 0, the default, is all of them: when
	// one fails, the job does, and takes back what it wrote everywhere.
	AtLeast int `json:"at_least,omitempty"`
	// Check proves, before anything is encoded, that each destination can be
	// written, read, listed and deleted in (storage.Bucket.Check): four small
	// calls. Nil means true for URLs and S3, false for Buckets.
	Check *bool `json:"check,omitempty"`
	// Bucket is the destination itself. It wins over URL. The caller closes it.
	Bucket *storage.Bucket `json:"-"`
	// Buckets are several destinations that each receive every file. They win over
	// URLs. The caller closes them.
	Buckets []*storage.Bucket `json:"-"`
}

// S3Location is an object or prefix in an S3-compatible store, in the field
// names of the job service's requests.
type S3Location struct {
	Endpoint  string         `json:"endpoint,omitempty"`
	Region    string         `json:"region,omitempty"`
	Bucket    string         `json:"bucket"`
	Path      string         `json:"path"`
	AccessKey string         `json:"access_key,omitempty"`
	SecretKey storage.Secret `json:"secret_key,omitempty"`
}
