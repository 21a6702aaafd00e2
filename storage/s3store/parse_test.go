package s3store

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/storage"
)

func TestParseContentRange(t *testing.T) {
	t.Parallel()
	first, last, total, err := parseContentRange("bytes 5-9/10")
	require.NoError(t, err)
	require.Equal(t, [3]int64{5, 9, 10}, [3]int64{first, last, total})
	for _, s := range []string{"", "bytes */10", "bytes 5-9/*", "bytes 9-5/10", "bytes 0-10/10", "bytes -1-5/10", "5-9/10", "bytes 5-9", "bytes +5-9/10"} {
		_, _, _, err := parseContentRange(s)
		require.Error(t, err, s)
	}
}

func FuzzParseContentRange(f *testing.F) {
	f.Add("bytes 5-9/10")
	f.Add("bytes */10")
	f.Add("bytes 99999999999999999999-1/2")
	f.Fuzz(func(t *testing.T, s string) {
		first, last, total, err := parseContentRange(s)
		if err == nil {
			require.True(t, 0 <= first && first <= last && last < total, s)
		}
	})
}

func TestPage(t *testing.T) {
	t.Parallel()
	page, err := pageOf(&s3.ListObjectsV2Output{
		EncodingType: types.EncodingTypeUrl, IsTruncated: aws.Bool(true), NextContinuationToken: aws.String("next"),
		Contents: []types.Object{
			{Key: aws.String("a+b%2Bc%00"), Size: aws.Int64(1)},
			{Key: aws.String("dir%2F")},
			{Key: aws.String("a+b%2Bc"), Size: aws.Int64(7)},
			{Key: aws.String("z")},
		},
		CommonPrefixes: []types.CommonPrefix{{Prefix: aws.String("d/")}},
	})
	require.NoError(t, err)
	require.Len(t, page.Objects, 3, "a folder's marker and a control character are not for a Bucket")
	require.Equal(t, "a b+c", page.Objects[0].Key)
	require.Equal(t, int64(7), page.Objects[0].Size)
	require.True(t, page.Objects[1].IsPrefix)
	require.Equal(t, "next", page.NextPageToken)
	_, err = pageOf(&s3.ListObjectsV2Output{IsTruncated: aws.Bool(true)})
	require.Error(t, err, "it would begin again for ever")
	_, err = pageOf(&s3.ListObjectsV2Output{EncodingType: types.EncodingTypeUrl, Contents: []types.Object{{Key: aws.String("%zz")}}})
	require.Error(t, err)
}

func FuzzPage(f *testing.F) {
	f.Add("a%2Fb", "c/", true)
	f.Add("%", "\x00", true)
	f.Fuzz(func(t *testing.T, key, prefix string, encoded bool) {
		out := &s3.ListObjectsV2Output{Contents: []types.Object{{Key: &key}, {}}, CommonPrefixes: []types.CommonPrefix{{Prefix: &prefix}, {}}}
		if encoded {
			out.EncodingType = types.EncodingTypeUrl
		}
		page, err := pageOf(out)
		if err != nil {
			return
		}
		for _, o := range page.Objects {
			if !o.IsPrefix {
				require.NoError(t, storage.ValidateKey(o.Key))
			}
		}
	})
}

func TestCopySource(t *testing.T) {
	t.Parallel()
	d := &store{bucket: "films"}
	require.Equal(t, "films/a/b%20c%2Bd%25%C3%BC%3F", *d.copySource("a/b c+d%ü?"))
	d.bucket = "arn:aws:s3:eu-west-1:1:accesspoint/x"
	require.Equal(t, "arn:aws:s3:eu-west-1:1:accesspoint/x/object/a", *d.copySource("a"))
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	in := map[string]string{"title": "Größe =?utf-8?q?x?= 日本語日本語日本語日本語日本語日本語日本語", "plain": "a, b; c", "empty": ""}
	out, err := encodeMetadata(in)
	require.NoError(t, err)
	for _, v := range out {
		for _, c := range []byte(v) {
			require.True(t, ' ' <= c && c < 0x7f, "%q", v)
		}
	}
	require.Equal(t, in, decodeMetadata(out))
	for _, key := range []string{"", "a b", "a:b", "a\r\nx-amz-acl"} {
		_, err := encodeMetadata(map[string]string{key: "x"})
		require.Error(t, err, key)
	}
}

func FuzzMetadata(f *testing.F) {
	f.Add("a", "b\r\nx: y")
	f.Add("a", "=?utf-8?q?=ff?=")
	f.Fuzz(func(t *testing.T, key, value string) {
		out, err := encodeMetadata(map[string]string{key: value})
		if err != nil {
			return
		}
		for k, v := range out {
			require.NotContains(t, k+v, "\n")
			require.NotContains(t, k+v, "\r")
		}
		decodeMetadata(map[string]string{key: value})
	})
}
