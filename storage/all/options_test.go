package all

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/guard"
	"github.com/rendition-sdk/rendition/storage/location"
	"github.com/rendition-sdk/rendition/storage/s3store"
	"github.com/rendition-sdk/rendition/storage/sftpstore"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

func TestMain(m *testing.M) { leak.Main(m) }

func at(t *testing.T, o *Options, raw string) *place {
	t.Helper()
	loc, err := location.Parse(raw)
	require.NoError(t, err)
	return &place{all: &all{Options: *begin(o)}, loc: loc, object: true}
}

func TestS3Options(t *testing.T) {
	t.Parallel()
	yes := true
	base := &Options{S3: &s3store.Options{Region: "eu-central-1", AccessKey: "OWN", SecretKey: "own", Endpoint: "https://not.used"}}
	for raw, want := range map[string]s3store.Options{
		"s3://b/k": {Region: "eu-central-1", AccessKey: "OWN", SecretKey: "own"},
		"s3://AK:S%2F@b/k?region=us-west-2&acl=public-read&storage-class=STANDARD_IA&session-token=T": {
			Region: "us-west-2", AccessKey: "AK", SecretKey: "S/", SessionToken: "T", ACL: "public-read", StorageClass: "STANDARD_IA",
		},
		"https://s3-us-west-2.amazonaws.com/b/k":                              {Region: "us-west-2", AccessKey: "OWN", SecretKey: "own"},
		"https://s3.dualstack.us-west-2.amazonaws.com/b/k":                    {Region: "us-west-2", AccessKey: "OWN", SecretKey: "own", Endpoint: "https://s3.dualstack.us-west-2.amazonaws.com"},
		"https://s3.dualstack.cn-north-1.amazonaws.com.cn/b/k":                {Region: "cn-north-1", AccessKey: "OWN", SecretKey: "own", Endpoint: "https://s3.dualstack.cn-north-1.amazonaws.com.cn"},
		"https://b.s3-accelerate.amazonaws.com/k":                             {Region: "eu-central-1", AccessKey: "OWN", SecretKey: "own", Endpoint: "https://s3-accelerate.amazonaws.com"},
		"https://b.s3-accelerate.dualstack.amazonaws.com/k":                   {Region: "eu-central-1", AccessKey: "OWN", SecretKey: "own", Endpoint: "https://s3-accelerate.dualstack.amazonaws.com"},
		"s3://AK:S@[::1]:9000/b/k?tls=no&path-style=yes":                      {Region: "eu-central-1", AccessKey: "AK", SecretKey: "S", Endpoint: "http://[::1]:9000", PathStyle: &yes},
		"s3://AK:S@s3.us-west-002.backblazeb2.com/b/k?sse=AES256":             {Region: "us-west-002", AccessKey: "AK", SecretKey: "S", Endpoint: "https://s3.us-west-002.backblazeb2.com", SSE: &s3store.SSE{}},
		"s3://b/k?sse=aws:kms":                                                {Region: "eu-central-1", AccessKey: "OWN", SecretKey: "own", SSE: &s3store.SSE{KMSKeyID: "default"}},
		"s3://b/k?sse-kms-key-id=1234":                                        {Region: "eu-central-1", AccessKey: "OWN", SecretKey: "own", SSE: &s3store.SSE{KMSKeyID: "1234"}},
		"s3://b/k?anonymous=yes":                                              {Region: "eu-central-1", Anonymous: true},
		"s3://AK:S@b/k?role-arn=arn:aws:iam::1:role/r&external-id=e&region=x": {Region: "x", AccessKey: "AK", SecretKey: "S", AssumeRole: &s3store.AssumeRole{ARN: "arn:aws:iam::1:role/r", ExternalID: "e"}},
	} {
		got, err := at(t, base, raw).s3Options()
		require.NoError(t, err, raw)
		require.Equal(t, want, *got, raw)
	}
	require.Equal(t, "https://not.used", base.S3.Endpoint, "the host's own options are not written to")
	for raw, want := range map[string]string{
		"s3://AK@b/k":                         "without the secret key",
		"s3://b/k?session-token=T":            "session token without",
		"s3://b/k?dualstack=yes":              "",
		"s3://b/k?external-id=x":              "needs the option role-arn",
		"s3://b/k?dualstack=yes&region=":      "",
		"https://b.s3.amazonaws.com/k?acl=xx": "",
	} {
		loc, err := location.Parse(raw)
		if err != nil {
			continue
		}
		_, err = (&place{all: &all{}, loc: loc}).s3Options()
		if want == "" {
			want = "needs the option region"
		}
		require.ErrorContains(t, err, want, raw)
	}
}

// With a Guard nothing of the program's own goes to a place that a stranger has named.
func TestNothingIsLentToStrangers(t *testing.T) {
	t.Parallel()
	o := &Options{
		Guard: guard.New(nil),
		S3:    &s3store.Options{AccessKey: "OWN", SecretKey: "own", AssumeRole: &s3store.AssumeRole{ARN: "a"}, SSE: &s3store.SSE{CustomerKey: "own"}},
	}
	got, err := at(t, o, "s3://b/k").s3Options()
	require.NoError(t, err)
	require.True(t, got.Anonymous)
	require.NotNil(t, got.Dial)
	require.Nil(t, got.AssumeRole)
	require.Nil(t, got.SSE)
	require.Empty(t, got.AccessKey)
	_, err = at(t, o, "s3://b/k?role-arn=arn:aws:iam::1:role/r").s3Options()
	require.ErrorContains(t, err, "needs an access key")
	got, err = at(t, o, "s3://AK:S@b/k").s3Options()
	require.NoError(t, err)
	require.False(t, got.Anonymous)
	require.Equal(t, storage.Secret("S"), got.SecretKey)
	open := New(o)
	for _, raw := range []string{"/etc/passwd", "talk.mp4", "file:///etc/passwd", "mem://a/b", `\\server\share`} {
		_, _, err := open.OpenObject(t.Context(), raw)
		require.ErrorIs(t, err, rendition.InvalidJob)
		require.ErrorContains(t, err, "not open to URLs from outside")
		_, err = open.OpenBucket(t.Context(), raw)
		require.ErrorContains(t, err, "not open to URLs from outside")
	}
	_, _, err = open.OpenObject(t.Context(), "ftp://8.8.8.8/a?passive=no")
	require.ErrorContains(t, err, "active mode")
}

func TestSwiftLogin(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]swiftstore.Options{
		"swift://tester:testing@h:8080/v1/test/c/o?tls=no": {AuthURL: "http://h:8080/auth/v1.0", AuthVersion: 1, User: "test:tester", Key: "testing"},
		"swift://tester:testing@h/v1/AUTH_test/c/o":        {AuthURL: "https://h/auth/v1.0", AuthVersion: 1, User: "test:tester", Key: "testing", StorageURL: "https://h/v1/AUTH_test"},
		"swift://admin%3Aroot:pw@h/v1/AUTH_test/c/o":       {AuthURL: "https://h/auth/v1.0", AuthVersion: 1, User: "admin:root", Key: "pw", StorageURL: "https://h/v1/AUTH_test"},
		"swift://u:pw@h:5000/v2.0/proj/c/o?region=R":       {AuthURL: "https://h:5000/v2.0", AuthVersion: 2, User: "u", Key: "pw", Project: "proj", Region: "R"},
		"swift://u:pw@h:5000/v3/proj/c/o?domain=D&project-domain=P": {
			AuthURL: "https://h:5000/v3", AuthVersion: 3, User: "u", Key: "pw", Project: "proj", Domain: "D", ProjectDomain: "P",
		},
		"swift://h/v1/AUTH_a%20b/c/o?auth-token=T": {StorageURL: "https://h/v1/AUTH_a%20b", AuthToken: "T"},
		"https://u:k@storage.cloudfiles.com/c/o?region=lon": {
			AuthURL: "https://lon.identity.api.rackspacecloud.com/v2.0", AuthVersion: 2, User: "u", Key: "k", Region: "LON",
		},
		"https://u:p@storage.us2.oraclecloud.com/v1/Storage-dom/c/o": {
			AuthURL: "https://storage.us2.oraclecloud.com/auth/v1.0", AuthVersion: 1, User: "Storage-dom:u", Key: "p",
			StorageURL: "https://storage.us2.oraclecloud.com/v1/Storage-dom",
		},
	} {
		var got swiftstore.Options
		require.NoError(t, at(t, nil, raw).swiftLogin(&got), raw)
		require.Equal(t, want, got, raw)
	}
	require.ErrorContains(t, at(t, nil, "swift://h/v1/t/c/o").swiftLogin(&swiftstore.Options{}), "no user and password")
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	var asked []string
	o := &Options{Credentials: func(_ context.Context, loc *location.Location) error {
		asked = append(asked, loc.User+"@"+loc.Bucket)
		switch loc.User {
		case "archive":
			loc.Scheme, loc.Host, loc.Port = "https", "minio.example.com", 9000
			loc.User, loc.Password = "AK", "secret"
		case "closed":
			return errors.New("this place is closed")
		}
		return nil
	}}
	open := New(o)
	b, key, err := open.OpenObject(t.Context(), "s3://archive@media/a.mp4")
	require.NoError(t, err)
	require.Equal(t, "a.mp4", key)
	signed, err := b.SignedURL(t.Context(), key, nil)
	require.NoError(t, err)
	require.Contains(t, signed, "https://minio.example.com:9000/media/a.mp4?")
	require.Contains(t, signed, "AK%2F")
	require.NoError(t, b.Close())
	_, err = open.OpenBucket(t.Context(), "s3://closed@media/a")
	require.ErrorIs(t, err, rendition.Permission)
	require.ErrorContains(t, err, "this place is closed")
	// What has its own is not asked about.
	b, err = open.OpenBucket(t.Context(), "s3://AK:SECRET@media/a")
	require.NoError(t, err)
	require.NoError(t, b.Close())
	require.Equal(t, []string{"archive@media", "closed@media"}, asked)
}

// Each form opens the driver that it is for, at the right place, without asking a server.
func TestNames(t *testing.T) {
	t.Parallel()
	o := &Options{
		SFTP: &sftpstore.Options{},
	}
	open := New(o)
	for _, c := range []struct{ raw, object, prefix string }{
		{"s3://AK:S@media/a/b.mp4", "s3://media/ a/b.mp4", "s3://media/a/b.mp4/"},
		{"https://acct:U0VDUkVU@acct.blob.core.windows.net/media/a/b.mp4", "https://acct.blob.core.windows.net/media/ a/b.mp4", "https://acct.blob.core.windows.net/media/a/b.mp4/"},
		{"azblob://U0VDUkVU@127.0.0.1:10000/dev/media/b.mp4?tls=no", "http://127.0.0.1:10000/dev/media/ b.mp4", "http://127.0.0.1:10000/dev/media/b.mp4/"},
		{"ftp://u:S@h/a/b.mp4", "ftp://h/a/ b.mp4", "ftp://h/a/b.mp4/"},
		{"ftpes://u:S@h:2121/%2Fa/b.mp4", "ftp://h:2121/%2Fa/ b.mp4", "ftp://h:2121/%2Fa/b.mp4/"},
		{"https://h/a/b.mp4", "https://h/a/ b.mp4", "https://h/a/b.mp4/"},
		{"https://k:S@e-nsu.akamaihd.net/1/a/b.mp4", "https://e-nsu.akamaihd.net/1/a/ b.mp4", "https://e-nsu.akamaihd.net/1/a/b.mp4/"},
		{"http://post.x.akamaihd.net/1/e/master.m3u8", "http://post.x.akamaihd.net/1/e/ master.m3u8", "http://post.x.akamaihd.net/1/e/"},
		{"mem://m/a/b.mp4", "mem://m/ a/b.mp4", "mem://m/a/b.mp4/"},
	} {
		b, key, err := open.OpenObject(t.Context(), c.raw)
		require.NoError(t, err, c.raw)
		t.Log(b.Name(), key)
		require.Equal(t, c.object, b.Name()+" "+key)
		require.NoError(t, b.Close())
		b, err = open.OpenBucket(t.Context(), c.raw)
		require.NoError(t, err, c.raw)
		require.Equal(t, c.prefix, b.Name())
		require.NoError(t, b.Close())
	}
	for raw, want := range map[string]string{
		"https://b.s3.amazonaws.com/k?X-Amz-Signature=SECRET":                                "presigned URL is for one object",
		"https://a.blob.core.windows.net/media/k?sv=2024-11-04&sr=b&sig=SECRET&sp=w&se=2030": "for one blob",
		"fasp://u:SECRET@h/a?target-rate=fast":                                               "target-rate",
		"netstorage://k:SECRET@h":                                                            "no root folder",
		"s3://AK:SECRET@b/a/../b":                                                            "..",
	} {
		_, err := open.OpenBucket(t.Context(), raw)
		require.ErrorIs(t, err, rendition.InvalidJob)
		require.ErrorContains(t, err, want, raw)
		require.NotContains(t, err.Error(), "SECRET")
	}
	_, _, err := open.OpenObject(t.Context(), "netstorage://k:SECRET@h/a.mp4")
	require.ErrorContains(t, err, "no root folder")
}

// What nobody opens is refused with what to write in its place; a host may take schemes away and add its own.
func TestOtherSchemes(t *testing.T) {
	t.Parallel()
	open := New(nil)
	for raw, want := range map[string]string{
		"gs://media/a": "HMAC", "webdav://u:SECRET@h/a": "WebDAV has no driver", "htttp://h/a": "did you mean http:", "name:a.mp4": "write ./ in front",
	} {
		_, _, err := open.OpenObject(t.Context(), raw)
		require.ErrorIs(t, err, rendition.Unsupported, raw)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "SECRET")
	}
	delete(open.Schemes, "ftp")
	_, _, err := open.OpenObject(t.Context(), "ftp://u:SECRET@h/a")
	require.ErrorIs(t, err, rendition.Unsupported)
	require.ErrorContains(t, err, "ftp://[redacted]@h/a: this program has no driver for it")
	open.Schemes["tape"] = func(ctx context.Context, url string, target storage.Target) (*storage.Bucket, string, error) {
		return open.Schemes["mem"](ctx, "mem://"+url[len("tape://"):], target)
	}
	_, key, err := open.OpenObject(t.Context(), "tape://7/reel")
	require.NoError(t, err)
	require.Equal(t, "reel", key)
}

func TestBitRate(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{"300m": 300e6, "10G": 10e9, "64k": 64e3, "1000": 1000, "0": 0, "m": 0, "-1m": 0, "1t": 0} {
		got, err := bitRate(s)
		require.Equal(t, want, got, s)
		require.Equal(t, want == 0, err != nil, s)
	}
}
