//go:build cgo

package transcode_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/filestore"
	"github.com/rendition-sdk/rendition/storage/opener"
	"github.com/rendition-sdk/rendition/transcode"
)

// TestS3LocationsAreOpened: the Opener gets one URL, in which nothing is lost.
func TestS3LocationsAreOpened(t *testing.T) {
	t.Parallel()
	clip, dir := goodClip(t), t.TempDir()
	var got []string
	o := opener.New(nil)
	o.Schemes["s3"] = func(ctx context.Context, url string, target storage.Target) (*storage.Bucket, string, error) {
		got = append(got, url)
		if target == storage.TargetObject {
			return filestore.OpenPath(ctx, clip, nil)
		}
		b, err := filestore.Open(ctx, dir, nil)
		return b, "", err
	}
	job := &transcode.Job{
		Input: transcode.Input{S3: &transcode.S3Location{
			Endpoint: "https://s3.example.com:9000", Region: "eu-central-1", Bucket: "in", Path: "a b/ä+?#.mp4", AccessKey: "AK:I@A/", SecretKey: "s/e+c@r:t%?#=&",
		}},
		Output:  transcode.Destination{S3: &transcode.S3Location{Bucket: "my.out", Path: "/talks/"}},
		Outputs: oneFile(),
	}
	result, err := transcode.New(&transcode.Config{Opener: o}).Run(t.Context(), job, nil)
	require.NoError(t, err)
	require.Equal(t, transcode.DestinationSaved, result.Destinations[0].State)
	require.Len(t, got, 2)
	u, err := url.Parse(got[0])
	require.NoError(t, err)
	secret, _ := u.User.Password()
	require.Equal(t, []string{"in", "/a b/ä+?#.mp4", "AK:I@A/", "s/e+c@r:t%?#=&"}, []string{u.Host, u.Path, u.User.Username(), secret})
	require.Equal(t, url.Values{"region": {"eu-central-1"}, "endpoint": {"https://s3.example.com:9000"}}, u.Query())
	require.NotContains(t, got[0], "+", "some read it as a space")
	require.Equal(t, "s3://s3.amazonaws.com/my.out/talks/", got[1])
}

func TestS3WithoutADriver(t *testing.T) {
	t.Parallel()
	s3 := &transcode.S3Location{Bucket: "b", Path: "p.mp4", AccessKey: "AKIA", SecretKey: "hunter2"}
	for field, job := range map[string]*transcode.Job{
		"input.s3":  {Input: transcode.Input{S3: s3}, Output: transcode.Destination{URL: t.TempDir()}, Outputs: oneFile()},
		"output.s3": {Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{S3: s3}, Outputs: oneFile()},
	} {
		_, err := transcode.New(nil).Run(t.Context(), job, nil)
		require.ErrorIs(t, err, rendition.Unsupported)
		require.ErrorContains(t, err, field)
		require.ErrorContains(t, err, "storage/all")
		require.NotContains(t, err.Error(), "hunter2")
		require.NotContains(t, err.Error(), "AKIA")
	}
}
