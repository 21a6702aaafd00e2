package swiftstore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/swiftstore"
)

// testKeystone logs in by Keystone in each way there is, and writes, reads and deletes.
func testKeystone(t *testing.T, swift *servers.Swift) {
	k := servers.StartKeystone(t)
	swift.StartProxy(t, &servers.SwiftProxyOptions{Keystone: k, Port: k.SwiftPort})
	v2 := servers.StartIdentityV2(t, k)
	key := storage.Secret(k.Key)
	rackspace := swiftstore.Rackspace(k.User, key, k.Region)
	rackspace.AuthURL, rackspace.Region = v2, k.Region
	for name, o := range map[string]*swiftstore.Options{
		"v3":                     {AuthURL: k.AuthURL, User: k.User, Key: key, Domain: "Default", Project: k.Project},
		"v3 with default domain": {AuthURL: k.URL, AuthVersion: 3, User: k.User, Key: key, Project: k.Project, Region: k.Region, EndpointType: "internal"},
		"application credential": {AuthURL: k.AuthURL, ApplicationCredentialID: k.CredentialID, ApplicationCredentialSecret: storage.Secret(k.CredentialSecret)},
		"application credential by name": {
			AuthURL: k.AuthURL, ApplicationCredentialName: "tests", User: k.User, ApplicationCredentialSecret: storage.Secret(k.CredentialSecret),
		},
		"v2.0":      {AuthURL: v2, User: k.User, Key: key, Project: k.Project},
		"rackspace": rackspace,
	} {
		t.Run(name, func(t *testing.T) {
			o.Bucket = quick()
			roundTrip(t, o)
		})
	}
	for name, c := range map[string]struct {
		o    swiftstore.Options
		kind rendition.Kind
		hint string
	}{
		"wrong password": {swiftstore.Options{AuthURL: k.AuthURL, User: k.User, Key: "SECRET", Project: k.Project}, rendition.Permission, "Domain"},
		"wrong project":  {swiftstore.Options{AuthURL: k.AuthURL, User: k.User, Key: key, Project: "none"}, rendition.Permission, "Project"},
		"wrong domain":   {swiftstore.Options{AuthURL: k.AuthURL, User: k.User, Key: key, Project: k.Project, Domain: "none"}, rendition.Permission, "Domain"},
		"wrong region":   {swiftstore.Options{AuthURL: k.AuthURL, User: k.User, Key: key, Project: k.Project, Region: "Mars"}, rendition.InvalidJob, "Region"},
		"v2.0 password":  {swiftstore.Options{AuthURL: v2, User: k.User, Key: "SECRET", Project: k.Project}, rendition.Permission, "tenant"},
		"v2.0 region":    {swiftstore.Options{AuthURL: v2, User: k.User, Key: key, Project: k.Project, Region: "Mars"}, rendition.InvalidJob, "Region"},
		"credential": {
			swiftstore.Options{AuthURL: k.AuthURL, ApplicationCredentialID: k.CredentialID, ApplicationCredentialSecret: "SECRET"},
			rendition.Permission, "application credential",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := swiftstore.Open(t.Context(), "films", &c.o)
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.hint)
			require.NotContains(t, fmt.Sprintf("%+v", err), "SECRET")
		})
	}
}

// roundTrip writes and reads a small and a large object in a container that is made for it.
func roundTrip(t *testing.T, o *swiftstore.Options) {
	t.Helper()
	makeContainer(t, o, "films")
	b := open(t, "films", o)
	data := random(200_000)
	for _, part := range []int64{64 << 10, 1 << 20} {
		require.NoError(t, b.WriteAll(t.Context(), "a/clip.mp4", data, &storage.WriterOptions{PartSize: part, Metadata: map[string]string{"job": "7"}}))
		got, err := b.ReadAll(t.Context(), "a/clip.mp4", 0)
		require.NoError(t, err)
		require.Equal(t, data, got)
		info, err := b.Stat(t.Context(), "a/clip.mp4")
		require.NoError(t, err)
		require.Equal(t, "video/mp4", info.ContentType)
		require.Equal(t, map[string]string{"job": "7"}, info.Metadata)
		var keys []string
		for info, err := range b.List(t.Context(), &storage.ListOptions{Delimiter: "/"}) {
			require.NoError(t, err)
			keys = append(keys, info.Key)
		}
		require.Equal(t, []string{"a/"}, keys)
		require.NoError(t, b.Copy(t.Context(), "b.mp4", "a/clip.mp4"))
		require.NoError(t, b.Delete(t.Context(), "a/clip.mp4"))
		got, err = b.ReadAll(t.Context(), "b.mp4", 0)
		require.NoError(t, err)
		require.Equal(t, data, got)
		require.NoError(t, b.Delete(t.Context(), "b.mp4"))
	}
}
