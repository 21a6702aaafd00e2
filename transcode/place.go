package transcode

import (
	"context"
	"io"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
)

// place is one destination as the job names it.
type place struct {
	// field is the job's, such as "output.urls[1]".
	field string
	// bucket is the caller's; else url, or s3, is opened.
	bucket *storage.Bucket
	url    string
	s3     *S3Location
}

// places are the destinations of a job, in order.
func (o *Destination) places() []place {
	switch {
	case o.Bucket != nil:
		return []place{{field: "output", bucket: o.Bucket}}
	case len(o.Buckets) > 0:
		list := make([]place, len(o.Buckets))
		for i, b := range o.Buckets {
			list[i] = place{field: itemPath("output.buckets", i), bucket: b}
		}
		return list
	case o.S3 != nil:
		return []place{{field: "output.s3", s3: o.S3}}
	case o.URL != "":
		return []place{{field: "output.url", url: o.URL}}
	}
	list := make([]place, len(o.URLs))
	for i, u := range o.URLs {
		list[i] = place{field: itemPath("output.urls", i), url: u}
	}
	return list
}

// name is what messages call the place before it is open.
func (p *place) name() string {
	switch {
	case p.bucket != nil:
		return p.bucket.Name()
	case p.s3 != nil:
		return p.s3.name()
	default:
		return storage.RedactURL(p.url)
	}
}

// open opens the place with sub appended to its prefix; own, which may be nil, is
// to be closed in the end.
func (p *place) open(ctx context.Context, o *storage.Opener, sub string) (b *storage.Bucket, own io.Closer, err error) {
	switch {
	case p.bucket != nil:
		b = p.bucket
	case p.s3 != nil:
		if err := knowsS3(o); err != nil {
			return nil, nil, err
		}
		b, err = o.OpenBucket(ctx, p.s3.url())
		own = b
	default:
		b, err = o.OpenBucket(ctx, p.url)
		own = b
	}
	if err != nil {
		return nil, nil, err
	}
	if sub = strings.Trim(sub, "/"); sub != "" {
		b = b.Prefix(sub + "/")
	}
	return b, own, nil
}
