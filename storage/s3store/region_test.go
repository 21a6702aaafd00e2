package s3store

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// abroad answers as AWS does for a bucket in eu-west-1.
func abroad(header bool) func(*http.Request) *http.Response {
	return func(req *http.Request) *http.Response {
		if strings.Contains(req.URL.Host, ".eu-west-1.") {
			return ok(req)
		}
		h := http.Header{}
		if header {
			h.Set(regionHeader, "eu-west-1")
		}
		switch {
		case req.Method == http.MethodHead:
			return page(http.StatusBadRequest, "", h)
		case req.URL.Query().Has("location"):
			return page(200, `<LocationConstraint>eu-west-1</LocationConstraint>`, nil)
		}
		return page(http.StatusMovedPermanently, xmlError("PermanentRedirect", "The bucket must be addressed using the specified endpoint."), h)
	}
}

func TestRegionIsFollowed(t *testing.T) {
	t.Parallel()
	for _, header := range []bool{true, false} {
		b, r := fake(t, &Options{}, abroad(header))
		everything(t, b)
		first := r.seen[0]
		require.Equal(t, "films.s3.us-east-1.amazonaws.com", first.URL.Host)
		before := len(r.seen)
		require.NoError(t, b.WriteAll(t.Context(), "again", []byte("x"), nil))
		require.Len(t, r.seen, before+1, "it is found once")

		b, _ = fake(t, &Options{Region: "us-west-2"}, abroad(header))
		for _, err := range []error{b.WriteAll(t.Context(), "a", nil, nil), statErr(t, b), b.Delete(t.Context(), "a")} {
			require.ErrorIs(t, err, rendition.InvalidJob)
			require.Contains(t, hint(err), "eu-west-1")
		}
	}
}

func statErr(t *testing.T, b *storage.Bucket) error {
	_, err := b.Stat(t.Context(), "a")
	return err
}

func TestRegionIn(t *testing.T) {
	t.Parallel()
	require.Equal(t, "", cleanRegion("eu-west-1.evil.com"))
	require.Equal(t, "", cleanRegion("EU"))
	require.Equal(t, "eu-west-1", cleanRegion("eu-west-1"))
	require.Equal(t, "auto", cleanRegion("auto"))
	m := expecting.FindStringSubmatch("The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'")
	require.Equal(t, "eu-west-1", m[1])
}
