package location_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage/location"
)

// variants writes out a template in which {...} may be left out.
func variants(template string) []string {
	open := strings.IndexByte(template, '{')
	if open < 0 {
		return []string{template}
	}
	depth, end := 0, open
	for i := open; i < len(template); i++ {
		switch template[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			end = i
			break
		}
	}
	var list []string
	for _, rest := range variants(template[end+1:]) {
		list = append(list, template[:open]+rest)
		for _, inner := range variants(template[open+1 : end]) {
			list = append(list, template[:open]+inner+rest)
		}
	}
	return list
}

// The destinations of a hosted service's documentation, with everything that they may have and leave out.
func TestPublishedForms(t *testing.T) {
	t.Parallel()
	signed := "?X-Amz-Algorithm=A&X-Amz-Credential=C&X-Amz-Date=D&X-Amz-Expires=E&X-Amz-SignedHeaders=H&X-Amz-Signature=S"
	count := 0
	for template, driver := range map[string]location.Driver{
		"ftp://{user{:password}@}hostname{:2121}/path/filename{?passive=yes}":                                               location.FTP,
		"sftp://{user{:password}@}hostname{:2222}/path/filename":                                                            location.SFTP,
		"http{s}://bucket.s3.amazonaws.com/filename" + signed:                                                               location.HTTP,
		"http{s}://{AKIA:SEC%2FRET@}bucket.s3.amazonaws.com/filename{?acl=public-read}":                                     location.S3,
		"http{s}://{AKIA:SEC%2FRET@}s3.amazonaws.com/bucket/filename{?acl=public-read}":                                     location.S3,
		"http{s}://{RS_USER:RS_KEY@}storage.cloudfiles.com/path/filename":                                                   location.Swift,
		"http{s}://storage4.clouddrive.com/v1/MossoCloudFS_cea19775-aa94/container_name/file.ext?auth-token=c2633419-7b79":  location.Swift,
		"fasp://{user{:password}@}hostname{:33001}/path/filename":                                                           location.Aspera,
		"http{s}://Key-Name:Key@connection-nsu.akamaihd.net/Root-Directory/Filename":                                        location.NetStorage,
		"http{s}://post.account.akamaihd.net/StreamID/StreamName/playlist.m3u8":                                             location.AkamaiHLS,
		"http{s}://access_key@account.blob.core.windows.net/container/path":                                                 location.Azure,
		"http{s}://account.blob.core.windows.net/container/path?sig=S&se=2030-01-01T00%3A00%3A00Z&sv=2024-11-04&sp=rw&sr=b": location.Azure,
		"http{s}://{user{:password}@}storage.region.oraclecloud.com/v1/service-endpoint/container/object":                   location.Swift,
		"swift://{user{:password}@}hostname{:8080}/v1/tenant/container/object":                                              location.Swift,
		"swift://{user{:password}@}hostname{:5000}/v2.0/tenant/container/object":                                            location.Swift,
		"s3://AccessKey{:SecretKey}@host.example.com{:8082}/Bucket/Object":                                                  location.S3,
		"s3://{AccessKey{:SecretKey}@}host.example.com:8082/Bucket/Object":                                                  location.S3,
		"s3://{AccessKey{:SecretKey}@}s3.wasabisys.com/Bucket/Object":                                                       location.S3,
		"s3://{AccessKey{:SecretKey}@}s3.region.backblazeb2.com/Bucket/Object":                                              location.S3,
	} {
		for _, raw := range variants(template) {
			l, err := location.Parse(raw)
			require.NoError(t, err, raw)
			require.Equal(t, driver, l.Driver, raw)
			object, err := l.Object()
			require.NoError(t, err, raw)
			require.Regexp(t, `(?i)(path|filename|object|file\.ext|playlist\.m3u8)$`, object, raw)
			again, err := location.Parse(l.URL().Reveal())
			require.NoError(t, err, raw)
			require.Equal(t, l, again, raw)
			count++
		}
	}
	require.Greater(t, count, 80)
}
