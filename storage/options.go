package storage

import (
	"log/slog"
	"time"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// Capabilities is what a store can do and where its limits are.
type Capabilities = driver.Capabilities

// Options are those of a Bucket, whatever its driver. The zero value is good.
type Options struct {
	// Name is what messages call the bucket: a URL or path without secrets that
	// ends in a slash, to which a key is appended. Default "": keys stand alone.
	Name string
	// Logger receives retries and resumed reads at debug level. Nil discards.
	Logger *slog.Logger
	// Attempts is how often a call is made that fails with kind Unavailable,
	// the first time included. Reads that resume count only attempts without
	// progress. Default 5; 1 is no retry. Drivers whose SDK retries by itself
	// get one attempt.
	Attempts int
	// RetryDelay is the pause in front of the second attempt, doubled for each
	// that follows up to MaxRetryDelay, each cut by a random part of up to a
	// half. A server's Retry-After is honored where it is longer.
	// Default 200 ms and 10 s.
	RetryDelay    time.Duration
	MaxRetryDelay time.Duration
	// MaxConcurrent is how many driver calls are in flight at a time. An open
	// body between two reads is not a call. Default 32.
	MaxConcurrent int
	// MaxBandwidth is how many bytes a second are read and written at most, all calls of
	// the bucket together. Reads are spread evenly; writes wait part by part, so that
	// the limit holds on average over a part. Default 0, no limit.
	MaxBandwidth int64
	// StallTimeout is how long a read may bring no byte before its connection
	// is dropped and the read resumed. Default 1 minute; negative is for ever.
	StallTimeout time.Duration
}

// MaxRetryAfter is the longest pause asked for by a server that is waited for.
// A longer one fails the call at once with kind Unavailable.
const MaxRetryAfter = 2 * time.Minute

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	setDefault(&c.Attempts, 5)
	setDefault(&c.RetryDelay, 200*time.Millisecond)
	setDefault(&c.MaxRetryDelay, 10*time.Second)
	setDefault(&c.MaxConcurrent, 32)
	if c.StallTimeout == 0 {
		c.StallTimeout = time.Minute
	}
	return &c
}

func setDefault[T int | int64 | time.Duration](v *T, def T) {
	if *v <= 0 {
		*v = def
	}
}

// ReadOptions are those of one Reader. The zero value is good.
type ReadOptions struct {
	// FirstRange is how many bytes the first request after a seek asks for.
	// Each request that follows without a seek asks for double, up to MaxRange.
	// Default 64 KiB and 64 MiB. Stores where a seek is free ignore both.
	FirstRange int64
	MaxRange   int64
}

func (o *ReadOptions) withDefaults() *ReadOptions {
	var c ReadOptions
	if o != nil {
		c = *o
	}
	setDefault(&c.FirstRange, 64<<10)
	setDefault(&c.MaxRange, 64<<20)
	c.MaxRange = max(c.MaxRange, c.FirstRange)
	return &c
}

// Defaults and limits of a Writer.
const (
	// DefaultPartSize is 8 MiB.
	DefaultPartSize = 8 << 20
	// MaxPartSize is 1 GiB: a part lies in memory.
	MaxPartSize = 1 << 30
)

// WriterOptions are those of one Writer. The zero value is good.
type WriterOptions struct {
	// ContentType is the MIME type. Default by the extension of the key, else
	// application/octet-stream. Stores without the capability ContentType drop
	// it and CacheControl.
	ContentType string
	// CacheControl is the header of that name, such as "max-age=60". Default none.
	CacheControl string
	// Metadata is user metadata. Kind Unsupported where the store keeps none.
	Metadata map[string]string
	// PartSize in bytes, at most MaxPartSize. Default DefaultPartSize. It is
	// raised to the smallest the store allows. Memory grows with what was
	// written, up to InFlight+1 parts.
	PartSize int64
	// InFlight is how many parts are uploaded at a time, 1 to 16; default 2.
	// Stores that take parts in order use 1.
	InFlight int
	// WantSHA256 is the expected digest, 32 bytes. When the bytes written
	// differ, Close fails with kind Integrity and nothing is stored. Default no check.
	WantSHA256 []byte
}

func (o *WriterOptions) withDefaults(key string, caps Capabilities) *WriterOptions {
	var c WriterOptions
	if o != nil {
		c = *o
	}
	if c.ContentType == "" {
		c.ContentType = contentType(key)
	}
	setDefault(&c.PartSize, DefaultPartSize)
	c.PartSize = max(c.PartSize, caps.MinPartSize)
	setDefault(&c.InFlight, 2)
	c.InFlight = min(c.InFlight, 16)
	if caps.SequentialParts {
		c.InFlight = 1
	}
	return &c
}

// ListOptions are those of one listing. The zero value lists everything.
type ListOptions struct {
	// Prefix is what the keys begin with; any string, not only whole elements.
	Prefix string
	// Delimiter is "" (default, all keys) or "/": keys with a slash after Prefix
	// are folded into one Object with IsPrefix.
	Delimiter string
	// PageSize is how many objects one request asks for, 1 to 1000; default 1000.
	PageSize int
}

// SignOptions are those of a signed URL. The zero value is good.
type SignOptions struct {
	// Method is "GET" (default) or "PUT".
	Method string
	// Expiry is how long the URL works. Default 1 hour.
	Expiry time.Duration
}
