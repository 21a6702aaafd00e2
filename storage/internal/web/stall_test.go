package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
)

// TestStalledUpload ends when the server takes no more, and a slow one goes on.
func TestStalledUpload(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/stalls" {
			<-release
			return
		}
		n, _ := io.Copy(io.Discard, &slowReader{r: r.Body})
		w.Header().Set("X-Got", http.StatusText(int(n/(4<<20))))
	}))
	defer s.Close()
	defer close(release)
	tr := Transport(nil)
	tr.DialContext = stalling((&net.Dialer{}).DialContext, time.Second)
	defer tr.CloseIdleConnections()
	client := &http.Client{Transport: tr}
	put := func(path string, size int) error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.URL+path, bytes.NewReader(make([]byte, size)))
		require.NoError(t, err)
		resp, err := client.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	require.NoError(t, put("/slow", 8<<20), "slow, without a stall")
	err := put("/stalls", 64<<20)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.Equal(t, rendition.Unavailable, Kind(WithoutURL(err)))
}

type slowReader struct{ r io.Reader }

func (s *slowReader) Read(p []byte) (int, error) {
	time.Sleep(time.Millisecond)
	return s.r.Read(p)
}

func TestStallingPassesErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("forbidden")
	dial := stalling(func(context.Context, string, string) (net.Conn, error) { return nil, cause }, time.Second)
	_, err := dial(t.Context(), "tcp", "127.0.0.1:1")
	require.ErrorIs(t, err, cause)
}
