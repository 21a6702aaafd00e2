package location

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Option is an option that may stand in the query of a URL.
type Option struct {
	// Name is the option's full name. In a URL _ may stand for -.
	Name string
	// Values are the allowed ones; empty is any text.
	Values []string
	// Secret says that the value is not for everybody's eyes.
	Secret bool
}

var (
	yesNo = []string{"yes", "no"}
	acls  = []string{
		"private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control",
	}
)

var options = map[Driver][]Option{
	S3: {
		{Name: "region"},
		{Name: "endpoint"},
		{Name: "tls", Values: yesNo},
		{Name: "path-style", Values: yesNo},
		{Name: "dualstack", Values: yesNo},
		{Name: "accelerate", Values: yesNo},
		{Name: "acl", Values: acls},
		{Name: "storage-class"},
		{Name: "sse", Values: []string{"AES256", "aws:kms"}},
		{Name: "sse-kms-key-id"},
		{Name: "role-arn"},
		{Name: "external-id"},
		{Name: "session-token", Secret: true},
		{Name: "anonymous", Values: yesNo},
	},
	Azure: {
		{Name: "account"},
		{Name: "endpoint"},
		{Name: "tls", Values: yesNo},
		{Name: "tier", Values: []string{"Hot", "Cool", "Cold", "Archive"}},
		{Name: "anonymous", Values: yesNo},
	},
	FTP:  {{Name: "passive", Values: yesNo}, {Name: "tls-pin"}},
	SFTP: {{Name: "host-key"}},
	Swift: {
		{Name: "region"},
		{Name: "domain"},
		{Name: "project-domain"},
		{Name: "tls", Values: yesNo},
		{Name: "auth-token", Secret: true},
	},
	NetStorage: {{Name: "tls", Values: yesNo}},
	AkamaiHLS:  {{Name: "tls", Values: yesNo}},
	Aspera:     {{Name: "target-rate"}},
}

// Options lists the options that URLs of a driver may have, beside the query of
// plain HTTP and the fields of a shared access signature.
func Options(d Driver) []Option { return slices.Clone(options[d]) }

// option finds an option by its name in a URL.
func option(d Driver, name string) (*Option, error) {
	list := options[d]
	plain := strings.ReplaceAll(strings.ToLower(name), "_", "-")
	names := make([]string, len(list))
	for i := range list {
		if list[i].Name == plain {
			return &list[i], nil
		}
		names[i] = list[i].Name
	}
	if d == S3 && (strings.HasPrefix(plain, "x-amz-") || plain == "signature" || plain == "awsaccesskeyid") {
		return nil, errors.New("it has parts of a signature but no whole one; a presigned URL begins with https:// and is given as it was made")
	}
	shown := printable(name)
	if near := nearest(plain, names); near != "" {
		return nil, fmt.Errorf("the option %s is unknown; did you mean %s?", shown, near)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("the option %s is unknown: %s: has none; write ? in a path as %%3F", shown, d)
	}
	return nil, fmt.Errorf("the option %s is unknown; %s: has %s; write ? in a path as %%3F", shown, d, strings.Join(names, ", "))
}

// printable is a name from a URL as far as a message may quote it: one that does not
// look like a name may be anything, a piece of a password among it.
func printable(name string) string {
	odd := func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' && r != '_' }
	if name == "" || len(name) > 24 || strings.ContainsFunc(name, odd) {
		return "behind the ?"
	}
	return fmt.Sprintf("%q", name)
}

// value checks the value of an option and returns it as it is kept.
func (o *Option) value(v string) (string, error) {
	if v == "" {
		return "", fmt.Errorf("the option %s has no value", o.Name)
	}
	if len(o.Values) == 0 {
		return v, nil
	}
	if slices.Equal(o.Values, yesNo) {
		switch strings.ToLower(v) {
		case "yes", "true", "1", "on":
			return "yes", nil
		case "no", "false", "0", "off":
			return "no", nil
		}
		return "", fmt.Errorf("the option %s is yes or no", o.Name)
	}
	for _, allowed := range o.Values {
		if strings.EqualFold(v, allowed) {
			return allowed, nil
		}
	}
	return "", fmt.Errorf("the option %s has an unknown value; allowed are %s", o.Name, strings.Join(o.Values, ", "))
}

// values are the options of one URL.
type values map[string]string

// readOptions reads a query.
func readOptions(d Driver, query string) (values, error) {
	list := values{}
	if query == "" {
		return list, nil
	}
	for pair := range strings.SplitSeq(query, "&") {
		name, v, _ := strings.Cut(pair, "=")
		name, err := url.PathUnescape(name)
		if err == nil {
			v, err = url.PathUnescape(v) // a + is a plus: tokens are full of them
		}
		if err != nil {
			return nil, errors.New("its options have a % that is not followed by two hex digits; write % as %25")
		}
		o, err := option(d, name)
		if err != nil {
			return nil, err
		}
		if list[o.Name] != "" {
			return nil, fmt.Errorf("the option %s is given twice", o.Name)
		}
		if list[o.Name], err = o.value(v); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// take removes an option and returns its value.
func (v values) take(name string) string {
	value := v[name]
	delete(v, name)
	return value
}

// rest is what is left, nil when nothing is.
func (v values) rest() map[string]string {
	if len(v) == 0 {
		return nil
	}
	return v
}

// httpScheme takes the option tls.
func (v values) httpScheme(port int) string {
	switch v.take("tls") {
	case "yes":
		return "https"
	case "no":
		return "http"
	}
	if port == 80 {
		return "http" // nobody speaks TLS there
	}
	return "https"
}
