package s3store

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]struct {
		base, region string
		aws, path    bool
	}{
		"":                                     {"", "", true, false},
		"s3.amazonaws.com":                     {"", "", true, false},
		"https://s3-external-1.amazonaws.com":  {"", "us-east-1", true, false},
		"https://s3.eu-west-1.amazonaws.com/":  {"", "eu-west-1", true, false},
		"s3-eu-west-1.amazonaws.com":           {"", "eu-west-1", true, false},
		"s3-ap-northeast-2.amazonaws.com":      {"", "ap-northeast-2", true, false},
		"s3.cn-north-1.amazonaws.com.cn":       {"", "cn-north-1", true, false},
		"http://s3.eu-west-1.amazonaws.com":    {"http://s3.eu-west-1.amazonaws.com", "eu-west-1", true, false},
		"s3.dualstack.us-west-2.amazonaws.com": {"https://s3.dualstack.us-west-2.amazonaws.com", "us-west-2", true, false},
		"bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com": {
			"https://bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com", "us-east-1", true, false,
		},
		"s3.wasabisys.com":                           {"https://s3.wasabisys.com", "us-east-1", false, true},
		"s3.eu-central-1.wasabisys.com":              {"https://s3.eu-central-1.wasabisys.com", "eu-central-1", false, true},
		"https://s3.us-west-004.backblazeb2.com":     {"https://s3.us-west-004.backblazeb2.com", "us-west-004", false, true},
		"https://abc.r2.cloudflarestorage.com":       {"https://abc.r2.cloudflarestorage.com", "auto", false, true},
		"http://127.0.0.1:9000":                      {"http://127.0.0.1:9000", "", false, true},
		"http://[::1]:9000/":                         {"http://[::1]:9000", "", false, true},
		"netapp.example.com:8082":                    {"https://netapp.example.com:8082", "", false, true},
		"https://oss-eu-central-1.aliyuncs.com":      {"https://oss-eu-central-1.aliyuncs.com", "", false, false},
		"https://s3.eu-west-1.amazonaws.com.evil.io": {"https://s3.eu-west-1.amazonaws.com.evil.io", "", false, true},
	} {
		e, err := parseEndpoint(in)
		require.NoError(t, err, in)
		require.Equal(t, want.base, e.base(), in)
		require.Equal(t, want.region, e.region, in)
		require.Equal(t, want.aws, e.aws, in)
		require.Equal(t, want.path, e.pathStyle(), in)
	}
	for _, in := range []string{
		"ftp://host", "https://", "https://key:secret@host", "https://host/?x=y", "https://host/#f", "http://[::1", "https://ho st",
	} {
		_, err := parseEndpoint(in)
		require.Error(t, err, in)
		require.NotContains(t, err.Error(), "secret")
	}
}

func FuzzParseEndpoint(f *testing.F) {
	for _, s := range []string{"", "s3.eu-west-1.amazonaws.com", "http://127.0.0.1:9000", "https://a:b@c", "s3-.amazonaws.com", "%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := parseEndpoint(s)
		if err != nil {
			return
		}
		if e.region != "" {
			require.Equal(t, e.region, cleanRegion(e.region))
		}
		if e.base() == "" {
			require.True(t, e.aws && e.secure())
		}
	})
}
