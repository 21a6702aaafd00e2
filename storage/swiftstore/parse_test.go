package swiftstore

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

func TestParseInfo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]cluster{
		"":           {maxSegments: 1000, maxKey: 1024, pageSize: 10000, minSegment: 1 << 20, tempURL: true, digest: "sha256"},
		"null":       {maxSegments: 1000, maxKey: 1024, pageSize: 10000, minSegment: 1 << 20, digest: "sha256"},
		`{"slo":{}}`: {static: true, maxSegments: 1000, maxKey: 1024, pageSize: 10000, minSegment: 1 << 20, digest: "sha256"},
		`{"swift":{"max_object_name_length":500,"container_listing_limit":50},"slo":{"min_segment_size":1,"max_manifest_segments":7},"tempurl":{}}`: {
			static: true, maxSegments: 7, maxKey: 500, pageSize: 50, minSegment: 1, tempURL: true, digest: "sha1",
		},
		`{"tempurl":{"allowed_digests":["sha1","sha512","sha256"]}}`: {
			maxSegments: 1000, maxKey: 1024, pageSize: 10000, minSegment: 1 << 20, tempURL: true, digest: "sha256",
		},
	} {
		require.Equal(t, want, *parseInfo([]byte(text)), text)
	}
}

func TestInfoPath(t *testing.T) {
	t.Parallel()
	for account, want := range map[string]string{"/v1/AUTH_a": "/info", "/swift/v1": "/swift/info", "/swift/v1/AUTH_v1": "/swift/info", "/odd": "/info"} {
		require.Equal(t, want, infoPath(account))
	}
}

func TestParseTimestamp(t *testing.T) {
	t.Parallel()
	got, err := parseTimestamp("1560435716.33848")
	require.NoError(t, err)
	require.Equal(t, time.Unix(1560435716, 338480000).UTC(), got)
	for _, bad := range []string{"", ".", "-1", "1.x", "99999999999999999999"} {
		_, err := parseTimestamp(bad)
		require.Error(t, err, bad)
	}
}

func TestParseDeleted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]rendition.Kind{
		"":                             0,
		`{"Response Status":"200 OK"}`: 0,
		` {"Response Status":"200 OK","Number Not Found":3,"Errors":[]}`:                0,
		`{"Response Status":"404 Not Found"}`:                                           0,
		`{"Response Status":"400 Bad Request","Errors":[["/c/a","403 Forbidden"]]}`:     rendition.Unavailable,
		`{"Response Status":"401 Unauthorized","Errors":[["/c/a","401 Unauthorized"]]}`: rendition.Permission,
		`{"Response Status":"503 Service Unavailable","Response Body":"","Errors":[]}`:  rendition.Unavailable,
		`{"Response Status":""}`: rendition.Integrity,
		`[]`:                     rendition.Integrity,
	} {
		err := parseDeleted([]byte(text))
		if want == 0 {
			require.NoError(t, err, text)
			continue
		}
		require.Equal(t, want.String(), driver.DefaultKind(err).String(), text)
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	// From another HMAC: printf 'GET\n1400000000\n/v1/AUTH_a/c/o' | openssl dgst -sha1 -hmac mykey
	require.Equal(t, "01e24726151ab7d84afd38c018fd0f2bfce2019e", sign("sha1", "mykey", "GET", 1400000000, "/v1/AUTH_a/c/o"))
	require.Len(t, sign("sha256", "k", "GET", 1, "/"), 64)
	require.Len(t, sign("sha512", "k", "GET", 1, "/"), 128)
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	account, err := url.Parse("https://h/pre%2Ffix/v1/AUTH_a")
	require.NoError(t, err)
	r := &request{container: "c d", key: "a%2Fb/ü?#;", query: url.Values{"x": {"y z"}}}
	require.Equal(t, "https://h/pre%2Ffix/v1/AUTH_a/c%20d/a%252Fb/%C3%BC%3F%23%3B?x=y+z", r.url(account).String())
	require.Equal(t, "/v1/AUTH_a/c", (&request{container: "c"}).url(&url.URL{Path: "/v1/AUTH_a"}).String())
}

func TestSegmentFolder(t *testing.T) {
	t.Parallel()
	d := &store{container: "c", opts: (&Options{SegmentPrefix: "p/"}).withDefaults("c"), cluster: parseInfo(nil)}
	for _, key := range []string{"a", "a/b", strings.Repeat("ü", 512), strings.Repeat("😀", 256), strings.Repeat("n/", 511) + "n"} {
		folder := d.segmentFolder(key)
		require.True(t, ownFolder(folder))
		name := segmentName(folder, 99999999)
		require.LessOrEqual(t, len(name), 1024)
		require.True(t, strings.HasPrefix(name, "p/"))
		require.NotContains(t, name, "//")
		require.NotContains(t, name, "\uFFFD")
	}
	require.False(t, ownFolder("a/b/"))
	require.False(t, ownFolder("a/"+driver.TempName()))
}

func TestLarge(t *testing.T) {
	t.Parallel()
	require.Equal(t, large{}, largeOf(http.Header{}))
	require.Equal(t, large{static: true}, largeOf(http.Header{"X-Static-Large-Object": {"True"}}))
	require.Equal(t, large{dynamic: &place{"c s", "a/b%/"}}, largeOf(http.Header{"X-Object-Manifest": {"c%20s/a/b%25/"}}))
}

func FuzzParseListing(f *testing.F) {
	for _, s := range []string{
		`[]`, `[{"subdir":"a/"}]`, `[{"name":"a","hash":"d41d","bytes":5,"last_modified":"2019-06-13T14:21:55.000000","content_type":"x"}]`,
		`[{"name":"a","slo_etag":"\"x\"","bytes":-5}]`, `{"name":"a"}`, `[null]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, err := parseListing(text)
		for i := range entries {
			if info := entries[i].info(); err == nil && (info.Key == "" || info.Size < 0) {
				t.Errorf("%q: %+v", text, info)
			}
		}
	})
}

func FuzzParseManifest(f *testing.F) {
	for _, s := range []string{
		`[]`, `[{"name":"/c/a","hash":"d41d","bytes":5}]`, `[{"name":"/c/a","range":"1-2"}]`, `[{"data":"eA=="}]`, `[{"name":"c"}]`, `{}`, `[{"name":"/c/a","sub_slo":true}]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		segments, _, err := parseManifest(text)
		for _, s := range segments {
			if err == nil && (s.container == "" || s.name == "" || s.size < 0 || strings.Contains(s.container, "/")) {
				t.Errorf("%q: %+v", text, s)
			}
		}
	})
}

func FuzzParseAnswers(f *testing.F) {
	for _, s := range []string{
		"bytes 0-9/100", "bytes 5-5/*", "bytes */7", "bytes 9-0/10", "1560435716.33848", `{"Response Status":"200 OK"}`, `{"slo":{"min_segment_size":-1}}`, "c%20s/a/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, last, total, err := parseContentRange(s)
		if err == nil && (first < 0 || last < first || last >= total) {
			t.Errorf("%q: %d-%d/%d", s, first, last, total)
		}
		if at, err := parseTimestamp(s); err == nil && at.Before(time.Unix(0, 0)) {
			t.Errorf("%q: %v", s, at)
		}
		c := parseInfo([]byte(s))
		if c.minSegment < 0 || c.maxSegments < 1 || c.pageSize < 1 || c.maxKey < 1 || c.digest == "" {
			t.Errorf("%q: %+v", s, c)
		}
		_ = parseDeleted([]byte(s)) // any error will do
		_ = largeOf(http.Header{"X-Object-Manifest": {s}})
	})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	good := Options{AuthURL: "https://h/auth/v1.0", User: "a:u", Key: "SECRET"}
	for name, change := range map[string]func(*Options){
		"nothing":           func(o *Options) { *o = Options{} },
		"no key":            func(o *Options) { o.Key = "" },
		"version":           func(o *Options) { o.AuthURL = "https://h/login" },
		"scheme":            func(o *Options) { o.AuthURL = "swift://h/v1" },
		"userinfo":          func(o *Options) { o.AuthURL = "https://u:SECRET@h/v3" },
		"query":             func(o *Options) { o.StorageURL = "https://h/v1/a?auth-token=SECRET" },
		"no URL":            func(o *Options) { o.StorageURL = "https://u:SECRET/@h" },
		"token alone":       func(o *Options) { o.AuthToken = "SECRET" },
		"endpoint":          func(o *Options) { o.EndpointType = "secret" },
		"large":             func(o *Options) { o.LargeObjects = "huge" },
		"digest":            func(o *Options) { o.TempURLDigest = "md5" },
		"segment container": func(o *Options) { o.SegmentContainer = "a/b" },
		"segment prefix":    func(o *Options) { o.SegmentPrefix = strings.Repeat("p", 257) },
		"delete after":      func(o *Options) { o.DeleteAfter = -1 },
		"credential's user": func(o *Options) {
			*o = Options{AuthURL: "https://h/v3", ApplicationCredentialName: "n", ApplicationCredentialSecret: "SECRET"}
		},
	} {
		o := good
		change(&o)
		_, err := Open(t.Context(), "films", &o)
		require.ErrorIs(t, err, rendition.InvalidJob, name)
		require.NotContains(t, fmt.Sprintf("%+v", err), "SECRET", name)
	}
	require.NotContains(t, fmt.Sprintf("%+v %#v", good, good), "SECRET")
	for _, container := range []string{"", "a/b", ".", "..", "bad\xff", strings.Repeat("c", 257)} {
		o := good
		_, err := Open(t.Context(), container, &o)
		require.ErrorIs(t, err, rendition.InvalidJob)
	}
}

func TestAuthVersion(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]struct {
		version int
		url     string
	}{
		"https://h/auth/v1.0": {1, "https://h/auth/v1.0"}, "https://h/v1": {1, "https://h/v1"}, "https://h:5000/v2.0/": {2, "https://h:5000/v2.0"},
		"https://h/identity/v3": {3, "https://h/identity/v3"}, "https://v3.h/": {0, "https://v3.h"},
	} {
		o := &Options{AuthURL: raw}
		require.Equal(t, want.version, o.authVersion(), raw)
		require.Equal(t, want.url, o.authURL(), raw)
	}
	require.Equal(t, "https://h:5000/v3", (&Options{AuthURL: "https://h:5000", AuthVersion: 3}).authURL())
	require.Equal(t, "https://h:5000/v2.0", (&Options{AuthURL: "https://h:5000/", AuthVersion: 2}).authURL())
}

func TestProviders(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://identity.api.rackspacecloud.com/v2.0", Rackspace("u", "k", "dfw").AuthURL)
	require.Equal(t, "https://lon.identity.api.rackspacecloud.com/v2.0", Rackspace("u", "k", "LON").AuthURL)
	o, err := Oracle("https://storage.us2.oraclecloud.com/v1/Storage-acme", "me@acme.com", "k")
	require.NoError(t, err)
	require.Equal(t, &Options{
		AuthURL: "https://storage.us2.oraclecloud.com/auth/v1.0", AuthVersion: 1, User: "Storage-acme:me@acme.com", Key: "k",
		StorageURL: "https://storage.us2.oraclecloud.com/v1/Storage-acme",
	}, o)
	for _, bad := range []string{"", "https://h/v1", "https://h/v2/a", "https://h/v1/a/b", "https://u:SECRET@h/v1/a"} {
		_, err := Oracle(bad, "u", "k")
		require.ErrorIs(t, err, rendition.InvalidJob, bad)
		require.NotContains(t, err.Error(), "SECRET")
	}
}
