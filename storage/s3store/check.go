package s3store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// check refuses options that no server would take.
func (o *Options) check(secure bool) error {
	switch {
	case o.Anonymous && (o.AccessKey != "" || o.AssumeRole != nil):
		return errors.New("there are credentials and Anonymous; choose one")
	case (o.AccessKey == "") != (o.SecretKey == ""):
		return errors.New("an access key and a secret key come together; one of them is missing")
	case o.SessionToken != "" && o.AccessKey == "":
		return errors.New("a session token needs the access key and the secret key that came with it")
	case o.ACL != "" && !slices.Contains(types.ObjectCannedACL("").Values(), types.ObjectCannedACL(o.ACL)):
		return fmt.Errorf("ACL %q is none of the canned ones; %s", o.ACL, cannedACLs())
	case len(o.Tags) > 10:
		return fmt.Errorf("an object has at most 10 tags, not %d", len(o.Tags))
	case !slices.Contains([]Checksum{ChecksumCRC32C, ChecksumSHA256, ChecksumMD5}, o.Checksum):
		return fmt.Errorf("checksum %q is not known; use crc32c, sha256 or md5", o.Checksum)
	}
	if err := o.SSE.check(secure); err != nil {
		return err
	}
	return o.AssumeRole.check()
}

func cannedACLs() string {
	var names []string
	for _, v := range types.ObjectCannedACL("").Values() {
		names = append(names, string(v))
	}
	return "use " + strings.Join(names, ", ")
}

func (s *SSE) check(secure bool) error {
	switch {
	case s == nil || s.CustomerKey == "":
		return nil
	case s.KMSKeyID != "":
		return errors.New("an object is encrypted with KMSKeyID or with CustomerKey, not with both")
	case len(s.CustomerKey) != 32:
		return fmt.Errorf("a customer's key has 32 bytes, not %d", len(s.CustomerKey))
	case !secure:
		return errors.New("a customer's key is sent with every request; use an https endpoint")
	}
	return nil
}

func (r *AssumeRole) check() error {
	switch {
	case r == nil:
		return nil
	case r.ARN == "":
		return errors.New("AssumeRole needs the ARN of the role")
	case r.Duration < 15*time.Minute || r.Duration > 12*time.Hour:
		return fmt.Errorf("a role's session lasts 15 minutes to 12 hours, not %v", r.Duration)
	}
	return nil
}

// checkBucket refuses what cannot be a bucket's name, so that it does not become part of
// another host's or path's. Old buckets have capitals and underscores.
func checkBucket(name string) error {
	if strings.HasPrefix(name, "arn:") && !strings.ContainsAny(name, " \t\r\n?#%\\@") {
		return nil // an access point
	}
	switch {
	case name == "":
		return errors.New("the bucket has no name")
	case len(name) > 255 || strings.Trim(name, ".") == "":
		return errors.New("this cannot be a bucket's name")
	}
	for _, c := range []byte(name) {
		if !unreserved(c) || c == '~' {
			return errors.New("a bucket's name has letters, digits, dots and hyphens alone")
		}
	}
	return nil
}
