package s3store

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

const regionHeader = "X-Amz-Bucket-Region"

// follow looks whether a failure means that the bucket is in another region than the client
// asked in. It then makes that region's client the one to use, or, where the caller gave the
// region, returns a hint.
func (d *store) follow(ctx context.Context, c *s3.Client, err error) (moved bool, hint string) {
	if !astray(err) || ctx.Err() != nil {
		return false, ""
	}
	select {
	case d.finding <- struct{}{}:
		defer func() { <-d.finding }()
	case <-ctx.Done():
		return false, ""
	}
	if d.client.Load() != c {
		return true, "" // another call has found it
	}
	mine := c.Options().Region
	region := cmp.Or(regionIn(err), d.locate(ctx, c))
	switch {
	case region == "" || region == mine:
		return false, ""
	case d.opts.Region != "":
		return false, "the bucket is in the region " + region + ": set Region to that, or leave it empty"
	}
	d.client.Store(d.newClient(region, d.creds))
	return true, ""
}

// astray says whether an error may come from a wrong region. An answer to HEAD has no
// body that could tell.
func astray(err error) bool {
	code, status := codeOf(err), statusOf(err)
	switch code {
	case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
		return true
	}
	switch status {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	case http.StatusBadRequest:
		return code == "" || code == "BadRequest"
	}
	return false
}

// expecting is how AWS, MinIO and (with the other quotes) versitygw tell the region: "the region 'us-east-1' is wrong;
// expecting 'eu-west-1'".
var expecting = regexp.MustCompile(`expecting ['"]([a-z0-9-]{2,40})['"]`)

// regionIn finds the region that an answer names, "" if none.
func regionIn(err error) string {
	if _, header := answerOf(err); header != nil {
		if region := cleanRegion(header.Get(regionHeader)); region != "" {
			return region
		}
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		if m := expecting.FindStringSubmatch(api.ErrorMessage()); m != nil {
			return m[1]
		}
	}
	return ""
}

var regionName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// cleanRegion refuses what is no name of a region: it becomes part of a host's name.
func cleanRegion(s string) string {
	if regionName.MatchString(s) {
		return s
	}
	return ""
}

// locate asks the server where the bucket is: HeadBucket tells it to everybody, also with
// an error; servers without that header have GetBucketLocation.
func (d *store) locate(ctx context.Context, c *s3.Client) string {
	head, err := c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &d.bucket})
	if err != nil {
		if region := regionIn(err); region != "" {
			return region
		}
	} else if head.BucketRegion != nil {
		if region := cleanRegion(*head.BucketRegion); region != "" {
			return region
		}
	}
	where, err := c.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: &d.bucket})
	if err != nil {
		return regionIn(err)
	}
	switch region := string(where.LocationConstraint); region {
	case "":
		return defaultRegion
	case "EU": // as eu-west-1 was called once
		return "eu-west-1"
	default:
		return cleanRegion(region)
	}
}
