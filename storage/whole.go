package storage

import (
	"context"
	"fmt"
	"io"

	"github.com/rendition-sdk/rendition"
)

// DefaultReadLimit is how much ReadAll reads when its limit is 0: 64 MiB.
const DefaultReadLimit = 64 << 20

// ReadAll returns a whole object of at most limit bytes; 0 means
// DefaultReadLimit. Kind Quota when it is longer.
func (b *Bucket) ReadAll(ctx context.Context, key string, limit int64) ([]byte, error) {
	setDefault(&limit, DefaultReadLimit)
	r, err := b.Open(ctx, key, nil)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	tooLong := func() error {
		return fail(rendition.Quota, "read", key, "", fmt.Errorf("the object has more than %d bytes", limit))
	}
	if r.Size() > limit {
		return nil, tooLong()
	}
	data := make([]byte, 0, max(r.Size(), 512))
	for {
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return nil, tooLong()
		case err == io.EOF: //nolint:errorlint // Read returns the bare io.EOF
			return data, nil
		case err != nil:
			return nil, err
		case len(data) == cap(data):
			data = append(data, 0)[:len(data)]
		}
	}
}

// WriteAll stores data as one object.
func (b *Bucket) WriteAll(ctx context.Context, key string, data []byte, opts *WriterOptions) error {
	w, err := b.NewWriter(ctx, key, opts)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		_ = w.Abort() // the error that matters is the one of the write
		return err
	}
	return w.Close()
}
