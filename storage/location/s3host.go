package location

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// s3Site is what a host of S3 says. host is empty for Amazon's own.
type s3Site struct {
	bucket, region, dualstack, accelerate string

	host, scheme string
	port         int
}

var awsRegion = regexp.MustCompile(`^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$`)

// s3Host reads the hosts of Amazon and of those who sell the same.
func s3Host(host string) (site *s3Site, known bool, err error) {
	for _, suffix := range []string{".amazonaws.com", ".amazonaws.com.cn"} {
		if labels, ok := strings.CutSuffix(host, suffix); ok {
			site, err = awsHost(strings.Split(labels, "."))
			return site, site != nil, err
		}
	}
	for _, seller := range sellers {
		if m := seller.FindStringSubmatch(host); m != nil {
			site = &s3Site{bucket: m[seller.SubexpIndex("bucket")], host: m[seller.SubexpIndex("host")]}
			if i := seller.SubexpIndex("region"); i >= 0 {
				site.region = m[i]
			}
			switch {
			case strings.HasSuffix(host, ".r2.cloudflarestorage.com"):
				site.region = "auto"
			case strings.HasSuffix(host, "s3.wasabisys.com"):
				site.region = "us-east-1"
			}
			return site, true, nil
		}
	}
	return nil, false, nil
}

// sellers are hosts with or without a bucket in front.
var sellers = []*regexp.Regexp{
	regexp.MustCompile(`^(?:(?P<bucket>[\w.-]+)\.)?(?P<host>s3\.(?:(?P<region>[a-z0-9-]+)\.)?wasabisys\.com)$`),
	regexp.MustCompile(`^(?:(?P<bucket>[\w.-]+)\.)?(?P<host>s3\.(?P<region>[a-z0-9-]+)\.backblazeb2\.com)$`),
	regexp.MustCompile(`^(?:(?P<bucket>[\w.-]+)\.)?(?P<host>s3\.(?P<region>[a-z0-9-]+)\.scw\.cloud)$`),
	regexp.MustCompile(`^(?:(?P<bucket>[\w.-]+)\.)?(?P<host>(?P<region>[a-z0-9]+)\.digitaloceanspaces\.com)$`),
	regexp.MustCompile(`^(?:(?P<bucket>[\w.-]+)\.)?(?P<host>(?P<region>[a-z0-9-]+)\.linodeobjects\.com)$`),
	regexp.MustCompile(`^(?:(?P<bucket>[\w.-]+)\.)?(?P<host>[0-9a-z]{32}\.(?:[a-z]+\.)?r2\.cloudflarestorage\.com)$`),
	regexp.MustCompile(`^(?:(?P<bucket>[\w.-]+)\.)?(?P<host>storage\.googleapis\.com)$`),
}

// awsServices are other services of S3 that have hosts of the same form.
var awsServices = []string{"s3-accesspoint", "s3-accesspoint-fips", "s3-control", "s3-control-fips", "s3-outposts", "s3-object-lambda"}

// awsHost reads what stands in front of amazonaws.com; nil when it is not S3. The word that names the service is
// the last that can: what is left of it is the bucket.
func awsHost(labels []string) (*s3Site, error) {
	n := len(labels)
	at := func(i int) string { // from the right
		if i < n {
			return labels[n-1-i]
		}
		return ""
	}
	bucket := func(used int) string { return strings.Join(labels[:n-used], ".") }
	service, dual, region := at(1), "", at(0)
	used := 2
	if at(1) == "dualstack" {
		service, dual, used = at(2), "yes", 3
	}
	switch {
	case slices.Contains(awsServices, service) || strings.HasPrefix(service, "s3express-"):
		return nil, &unsupported{fmt.Sprintf("hosts of %s are not supported; name the bucket at s3.amazonaws.com", service)}
	case service == "s3" && awsRegion.MatchString(region):
		return &s3Site{bucket: bucket(used), region: region, dualstack: dual}, nil
	case service == "s3-fips" && awsRegion.MatchString(region):
		host := strings.Join(labels[n-used:], ".") + ".amazonaws.com"
		return &s3Site{bucket: bucket(used), region: region, host: host}, nil
	case at(1) == "s3-accelerate" && at(0) == "dualstack":
		return accelerated(&s3Site{bucket: bucket(2), dualstack: "yes"})
	case at(0) == "s3-accelerate":
		return accelerated(&s3Site{bucket: bucket(1)})
	case at(0) == "s3":
		return &s3Site{bucket: bucket(1)}, nil
	case at(0) == "s3-external-1":
		return &s3Site{bucket: bucket(1), region: "us-east-1"}, nil
	}
	if region, ok := strings.CutPrefix(at(0), "s3-"); ok && awsRegion.MatchString(region) && !strings.HasPrefix(region, "fips-") &&
		!strings.HasPrefix(region, "website-") {
		return &s3Site{bucket: bucket(1), region: region}, nil
	}
	return nil, nil //nolint:nilnil // another service of Amazon's: not an error, and not S3
}

func accelerated(site *s3Site) (*s3Site, error) {
	site.accelerate = "yes"
	if site.bucket == "" {
		return nil, fmt.Errorf("an accelerated host has the bucket in front: BUCKET.s3-accelerate.amazonaws.com")
	}
	return site, nil
}
