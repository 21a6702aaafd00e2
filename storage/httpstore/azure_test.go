package httpstore_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/httpstore"
)

const sas = "sv=2024-11-04&se=2030-01-01T00%3A00%3A00Z&sr=b&sp=cw&sig=a%2Bb%3D"

// azureServer is Put Blob, Put Block and Put Block List.
type azureServer struct {
	t      *testing.T
	mu     sync.Mutex
	blocks map[string][]byte
	blob   []byte
	header http.Header
	calls  []string
}

func (s *azureServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	query, rest, _ := strings.Cut(r.URL.RawQuery, "&comp=")
	if query != sas || r.ContentLength < 0 || r.Header.Get("Content-Md5") != md5Of(data) {
		w.Header().Set("X-Ms-Error-Code", "AuthenticationFailed")
		w.WriteHeader(http.StatusForbidden)
		return
	}
	comp, _, _ := strings.Cut(rest, "&")
	s.calls = append(s.calls, comp)
	switch comp {
	case "block":
		s.blocks[r.URL.Query().Get("blockid")] = data
	case "blocklist":
		s.header, s.blob = r.Header.Clone(), s.join(data)
	default:
		if r.Header.Get("X-Ms-Blob-Type") != "BlockBlob" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.header, s.blob = r.Header.Clone(), data
	}
	w.WriteHeader(http.StatusCreated)
}

func (s *azureServer) join(list []byte) []byte {
	var l struct {
		Latest []string
	}
	if xml.Unmarshal(list, &l) != nil {
		s.t.Error("bad block list")
	}
	var blob bytes.Buffer
	for _, id := range l.Latest {
		if _, err := base64.StdEncoding.DecodeString(id); err != nil || len(id) != len(l.Latest[0]) {
			s.t.Errorf("block id %q", id)
		}
		blob.Write(s.blocks[id])
	}
	return blob.Bytes()
}

func TestAzureSAS(t *testing.T) {
	t.Parallel()
	s := &azureServer{t: t, blocks: map[string][]byte{}}
	srv := httptest.NewServer(s)
	defer srv.Close()
	b, key, err := httpstore.OpenURL(t.Context(), srv.URL+"/container/a%20b.mp4?"+sas, &httpstore.Options{Bucket: quick()})
	require.NoError(t, err)
	defer b.Close()
	require.True(t, b.Capabilities().AtomicReplace)
	require.Equal(t, 50_000, b.Capabilities().MaxParts)
	data := pattern(1_000_003)
	opts := &storage.WriterOptions{PartSize: 300_000, CacheControl: "no-cache", InFlight: 4}
	require.NoError(t, b.WriteAll(t.Context(), key, data, opts))
	require.True(t, bytes.Equal(data, s.blob))
	require.Equal(t, "video/mp4", s.header.Get("X-Ms-Blob-Content-Type"))
	require.Equal(t, "no-cache", s.header.Get("X-Ms-Blob-Cache-Control"))
	require.Equal(t, []string{"block", "block", "block", "block", "blocklist"}, s.calls)
	require.NoError(t, b.WriteAll(t.Context(), key, data[:10], opts))
	require.Equal(t, data[:10], s.blob)
	require.Equal(t, "", s.calls[5], "small blobs are one request")
	require.NoError(t, b.WriteAll(t.Context(), key, nil, nil))
	require.Empty(t, s.blob)

	b, key, err = httpstore.OpenURL(t.Context(), srv.URL+"/container/a?sv=1&sp=w&sig=SECRET", &httpstore.Options{Bucket: quick()})
	require.NoError(t, err)
	defer b.Close()
	for _, size := range []int{1, 1000} {
		err = b.WriteAll(t.Context(), key, data[:size], &storage.WriterOptions{PartSize: 300})
		require.ErrorIs(t, err, rendition.Permission)
		require.ErrorContains(t, err, "has expired")
		require.NotContains(t, err.Error(), "SECRET")
	}
}
