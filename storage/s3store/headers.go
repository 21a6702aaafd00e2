package s3store

import (
	"crypto/md5" //nolint:gosec // SSE-C names a key by its MD5; nothing is protected with it
	"encoding/base64"
	"maps"
	"net/url"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// headers are what Options add to requests, by the kind of request.
type headers struct {
	// create goes with what begins an object: PutObject, CreateMultipartUpload, CopyObject.
	create map[string]string
	// key is the customer's key, for what begins, fills or reads an object.
	key map[string]string
	// source is the same key for the object that is copied from.
	source map[string]string
}

func (s *SSE) customer() bool { return s != nil && s.CustomerKey != "" }

func (o *Options) headers() headers {
	h := headers{create: map[string]string{}, key: map[string]string{}, source: map[string]string{}}
	put := func(name, value string) {
		if value != "" {
			h.create[name] = value
		}
	}
	put("X-Amz-Acl", o.ACL)
	put("X-Amz-Storage-Class", o.StorageClass)
	put("X-Amz-Tagging", tagging(o.Tags))
	switch s := o.SSE; {
	case s == nil:
	case s.customer():
		key := []byte(s.CustomerKey.Reveal())
		sum := md5.Sum(key) //nolint:gosec // as above
		for prefix, to := range map[string]map[string]string{"X-Amz-": h.key, "X-Amz-Copy-Source-": h.source} {
			prefix += "Server-Side-Encryption-Customer-"
			to[prefix+"Algorithm"] = "AES256"
			to[prefix+"Key"] = base64.StdEncoding.EncodeToString(key)
			to[prefix+"Key-Md5"] = base64.StdEncoding.EncodeToString(sum[:])
		}
	case s.KMSKeyID != "":
		put("X-Amz-Server-Side-Encryption", "aws:kms")
		if s.KMSKeyID != "default" {
			put("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", s.KMSKeyID)
		}
	default:
		put("X-Amz-Server-Side-Encryption", "AES256")
	}
	return h
}

func tagging(tags map[string]string) string {
	v := url.Values{}
	for key, value := range tags {
		v.Set(key, value)
	}
	return v.Encode()
}

// with adds headers to one request.
func with(sets ...map[string]string) func(*s3.Options) {
	return func(o *s3.Options) {
		for _, set := range sets {
			for _, name := range slices.Sorted(maps.Keys(set)) {
				o.APIOptions = append(o.APIOptions, setHeader(name, set[name]))
			}
		}
	}
}

func setHeader(name, value string) func(*middleware.Stack) error {
	return smithyhttp.SetHeaderValue(name, value)
}
