package scratch

import (
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// suffix is how the object of an entry is named after its key. Objects without
// it belong to somebody else.
const suffix = ".chunk"

// Options are those of a Store. The zero value is good.
type Options struct {
	// Limit is how many bytes all entries may have together, as far as this
	// Store can know: what other processes write is counted now and then.
	// Default 50 GiB; -1 is no limit, which a store that cannot list needs.
	Limit int64
	// MaxAge is how old an entry may become before Clean removes it. Default 7
	// days; -1 is for ever. Where the store tells no times, none is too old.
	MaxAge time.Duration
	// Logger receives damaged entries as warnings, and at debug level what is
	// removed to make room. Nil discards.
	Logger *slog.Logger
	// Now is the clock that ages are measured with. Default time.Now.
	Now func() time.Time
}

func (o *Options) withDefaults() *Options {
	var c Options
	if o != nil {
		c = *o
	}
	if c.Limit == 0 {
		c.Limit = 50 << 30
	}
	if c.MaxAge == 0 {
		c.MaxAge = 7 * 24 * time.Hour
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &c
}

// Store keeps entries in a Bucket. It is safe for concurrent use and has
// nothing to close.
//
// A key is a relative slash-separated path (storage.ValidateKey). Errors are
// *rendition.Error of the kinds that storage gives, and those named here.
type Store struct {
	bucket *storage.Bucket
	opts   *Options

	gate chan struct{} // held by whoever lists or removes to make room
	mu   sync.Mutex
	room room
	held map[string]int // prefixes in use, with how often
}

// New returns a Store over b, which stays the caller's to close after the last
// call. Everything in b that ends in ".chunk" is the Store's: give it a Bucket
// or Prefix of its own.
func New(b *storage.Bucket, o *Options) *Store {
	return &Store{bucket: b, opts: o.withDefaults(), gate: make(chan struct{}, 1), held: map[string]int{}}
}

// object returns the name of the object for key.
func object(key string) (string, error) {
	if err := storage.ValidateKey(key); err != nil {
		return "", err
	}
	return key + suffix, nil
}

// keyOf returns the key of an object, false when it is not one of ours.
func keyOf(name string) (string, bool) {
	key, ours := strings.CutSuffix(name, suffix)
	return key, ours && storage.ValidateKey(key) == nil
}

// fail makes an error that begins in this package.
func fail(kind rendition.Kind, op, key string, err error) error {
	return &rendition.Error{Kind: kind, Op: "scratch: " + op, Key: key, Err: err}
}
