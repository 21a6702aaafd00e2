package web

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPayload(t *testing.T) {
	t.Parallel()
	p := NewPayload(strings.NewReader("hello"), 5)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://host/", nil)
	require.NoError(t, err)
	require.NoError(t, p.Attach(req))
	require.Equal(t, int64(5), req.ContentLength)
	first := req.Body
	b := make([]byte, 2)
	_, err = io.ReadFull(first, b)
	require.NoError(t, err)
	again, err := req.GetBody()
	require.NoError(t, err)
	_, err = first.Read(b)
	require.ErrorIs(t, err, errPayloadDone, "one reader at a time")
	all, err := io.ReadAll(again)
	require.NoError(t, err)
	require.Equal(t, "hello", string(all))
	p.Done()
	_, err = again.Read(b)
	require.ErrorIs(t, err, errPayloadDone)

	empty := NewPayload(strings.NewReader(""), 0)
	require.NoError(t, empty.Attach(req))
	require.Equal(t, http.NoBody, req.Body, "so that a length of 0 is sent")
	require.Zero(t, req.ContentLength)
}
