package azurestore_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
)

// TestEncryption looks at the requests: Azurite does not have it.
func TestEncryption(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte("k"), 32)
	sum := sha256.Sum256(key)
	encode := base64.StdEncoding.EncodeToString
	for name, c := range map[string]struct {
		opts  azurestore.Options
		write map[string]string // headers of writes
		read  map[string]string // headers of reads
	}{
		"key": {azurestore.Options{EncryptionKey: storage.Secret(encode(key))}, map[string]string{
			"x-ms-encryption-key": encode(key), "x-ms-encryption-key-sha256": encode(sum[:]), "x-ms-encryption-algorithm": "AES256",
		}, map[string]string{"x-ms-encryption-key": encode(key)}},
		"scope": {azurestore.Options{EncryptionScope: "media"}, map[string]string{"x-ms-encryption-scope": "media"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			seen := map[string]http.Header{}
			s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				mu.Lock()
				seen[r.Method+r.URL.Query().Get("comp")] = r.Header.Clone()
				mu.Unlock()
				w.Header().Set("ETag", `"v1"`)
				if r.Method == http.MethodPut {
					w.WriteHeader(http.StatusCreated)
					return
				}
				http.ServeContent(w, r, "", time.Time{}, bytes.NewReader([]byte("hello")))
			}))
			defer s.Close()
			c.opts.AccountKey, c.opts.Endpoint, c.opts.Client = wrongKey, s.URL, s.Client()
			b, err := azurestore.Open(t.Context(), "acct", "videos", &c.opts)
			require.NoError(t, err)
			defer b.Close()
			require.NoError(t, b.WriteAll(t.Context(), "a", []byte("hello"), &storage.WriterOptions{PartSize: 3}))
			require.NoError(t, b.WriteAll(t.Context(), "a", []byte("hello"), nil))
			_, _ = b.ReadAll(t.Context(), "a", 0)
			for request, want := range map[string]map[string]string{
				"PUT": c.write, "PUTblock": c.write, "PUTblocklist": c.write, "GET": c.read, "HEAD": c.read,
			} {
				require.Contains(t, seen, request)
				for header, value := range want {
					require.Equal(t, value, seen[request].Get(header), "%s of %s", header, request)
				}
			}
			require.Equal(t, name == "scope", b.Capabilities().ServerCopy)
			_, err = b.SignedURL(t.Context(), "a", nil)
			if name == "key" {
				require.ErrorIs(t, err, rendition.Unsupported)
			}
		})
	}
}
