package transcode

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// input checks where the source is. Texts never repeat a URL, which may hold a secret.
func (v *validator) input(in *Input) {
	if in.Source != nil {
		return
	}
	v.word("input.source", in.Kind, []string{"url", "s3"})
	switch {
	case in.URL == "" && in.S3 == nil && in.Kind == "s3":
		v.invalid("input.s3", `is required when input.source is "s3"`)
	case in.URL == "" && in.S3 == nil && in.Kind == "url":
		v.invalid("input.url", `is required when input.source is "url"`)
	case in.URL == "" && in.S3 == nil:
		v.invalid("input", "is missing; give input.url or input.s3")
	case in.URL != "" && in.S3 != nil:
		v.invalid("input", "has both url and s3; give one")
	case in.Kind == "url" && in.URL == "":
		v.invalid("input.url", `is required when input.source is "url"`)
	case in.Kind == "s3" && in.S3 == nil:
		v.invalid("input.s3", `is required when input.source is "s3"`)
	}
	if in.URL != "" {
		v.url("input.url", in.URL)
	}
	if in.S3 != nil {
		v.s3("input.s3", in.S3, true)
	}
}

// destination checks where results go.
func (v *validator) destination(out *Destination) {
	if out.Bucket != nil || out.Buckets != nil {
		v.buckets(out)
		v.atLeast(out)
		return
	}
	given := 0
	for _, set := range []bool{out.URL != "", out.URLs != nil, out.S3 != nil} {
		if set {
			given++
		}
	}
	switch {
	case given == 0:
		v.invalid("output", "is missing; give output.url, output.urls or output.s3")
	case given > 1:
		v.invalid("output", "has several of url, urls and s3; give one")
	}
	if out.URL != "" {
		v.url("output.url", out.URL)
	}
	if out.URLs != nil {
		v.urls(out.URLs)
	}
	if out.S3 != nil {
		v.s3("output.s3", out.S3, false)
	}
	v.atLeast(out)
}

// atLeast checks how many destinations must be good.
func (v *validator) atLeast(out *Destination) {
	const at = "output.at_least"
	switch n := len(out.places()); {
	case out.AtLeast < 0:
		v.invalid(at, "must be 1 or more, or 0 for all, got %d", out.AtLeast)
	case n > 0 && out.AtLeast > n:
		v.invalid(at, "is %d, and the job has %d destinations", out.AtLeast, n)
	}
}

// buckets checks destinations that come from Go.
func (v *validator) buckets(out *Destination) {
	const at = "output.buckets"
	switch n := len(out.Buckets); {
	case out.Buckets == nil:
		return
	case out.Bucket != nil:
		v.invalid("output", "has both Bucket and Buckets; give one")
	case n == 0 || n > MaxDestinations:
		v.invalid(at, "must have 1 to %d entries, got %d", MaxDestinations, n)
	}
	for i, b := range out.Buckets {
		if b == nil {
			v.invalid(itemPath(at, i), "is nil; leave the entry out")
		} else if slices.Index(out.Buckets, b) < i {
			v.invalid(itemPath(at, i), "is the same place as %s; remove one", itemPath(at, slices.Index(out.Buckets, b)))
		}
	}
}

func (v *validator) urls(list []string) {
	const at = "output.urls"
	if len(list) == 0 || len(list) > MaxDestinations {
		v.invalid(at, "must have 1 to %d entries, got %d", MaxDestinations, len(list))
		return
	}
	first := map[string]int{}
	for i, u := range list {
		if u == "" {
			v.invalid(itemPath(at, i), "is empty")
			continue
		}
		v.url(itemPath(at, i), u)
		place := strings.TrimRight(u, "/")
		if j, ok := first[place]; ok {
			v.invalid(itemPath(at, i), "is the same place as %s; remove one", itemPath(at, j))
			continue
		}
		first[place] = i
	}
}

// url checks what is common to storage URLs and paths.
func (v *validator) url(at, s string) {
	if len(s) > 8192 {
		v.invalid(at, "is %d bytes long, at most 8192 are allowed", len(s))
	}
	if strings.ContainsFunc(s, unicode.IsControl) || strings.TrimSpace(s) != s {
		v.invalid(at, "holds control characters or space at an end; remove them")
	}
}

func (v *validator) s3(at string, s *S3Location, object bool) {
	if s.Bucket == "" {
		v.invalid(fieldPath(at, "bucket"), "is required")
	} else if strings.ContainsAny(s.Bucket, `/\:?#@%`) {
		v.invalid(fieldPath(at, "bucket"), "must be a bucket's name alone, without a scheme, host or path")
	}
	if s.Path == "" && object {
		v.invalid(fieldPath(at, "path"), "is required: the key of the source object")
	}
	if s.Endpoint != "" && !isHTTP(s.Endpoint) {
		v.invalid(fieldPath(at, "endpoint"), "must be an http or https URL such as https://s3.eu-central-1.amazonaws.com")
	}
	switch {
	case s.AccessKey == "" && s.SecretKey != "":
		v.invalid(fieldPath(at, "access_key"), "is required beside secret_key")
	case s.AccessKey != "" && s.SecretKey == "":
		v.invalid(fieldPath(at, "secret_key"), "is required beside access_key")
	case s.SecretKey.Reveal() == redactedSecret:
		v.invalid(fieldPath(at, "secret_key"), "was redacted when the job was written; put the secret back")
	}
}

// redactedSecret is what a storage.Secret marshals to.
const redactedSecret = "[redacted]"

func (v *validator) webhook(s string) {
	if s != "" && !isHTTP(s) {
		v.invalid("webhook_url", "must be an http or https URL")
	}
}

func isHTTP(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
