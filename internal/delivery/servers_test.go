//go:build cgo

package delivery_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/servers"
)

// s3 starts MinIO with a bucket and returns what makes a URL of a key in it.
func s3(t *testing.T) func(key string) string {
	t.Helper()
	server := servers.StartMinIO(t)
	admin := awss3.New(awss3.Options{
		BaseEndpoint: aws.String(server.Endpoint), Region: server.Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(server.AccessKey, server.SecretKey, ""),
	})
	_, err := admin.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String("media")})
	require.NoError(t, err)
	return func(key string) string {
		return "s3://" + url.QueryEscape(server.AccessKey) + ":" + url.QueryEscape(server.SecretKey) + "@media/" + key +
			"?region=" + server.Region + "&endpoint=" + url.QueryEscape(server.Endpoint)
	}
}

// azure starts Azurite with a container and returns what makes a URL of a key in it.
func azure(t *testing.T) func(key string) string {
	t.Helper()
	server := servers.StartAzurite(t)
	cred, err := container.NewSharedKeyCredential(server.Account, server.Key)
	require.NoError(t, err)
	admin, err := container.NewClientWithSharedKeyCredential(server.Endpoint+"/media", cred, nil)
	require.NoError(t, err)
	_, err = admin.Create(t.Context(), nil)
	require.NoError(t, err)
	base := url.QueryEscape(strings.TrimSuffix(strings.TrimSuffix(server.Endpoint, "/"), "/"+server.Account))
	return func(key string) string {
		return "azblob://" + server.Account + ":" + url.QueryEscape(server.Key) + "@media/" + key + "?endpoint=" + base
	}
}
