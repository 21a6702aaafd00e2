package feed_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/feed"
)

func TestMain(m *testing.M) { leak.Main(m) }

func part(index int, text string, last bool) *driver.Part {
	return &driver.Part{Index: index, Offset: int64(10 * index), Size: int64(len(text)), Last: last, Body: strings.NewReader(text)}
}

// store takes whole objects and breaks after some bytes, once.
type store struct {
	object string
	ends   int // bodies that came to their end
	runs   int
	breaks int64 // 0 is never
	err    error
}

func (s *store) run(_ context.Context, body io.Reader) error {
	s.runs++
	if s.breaks > 0 {
		_, _ = io.CopyN(io.Discard, body, s.breaks)
		s.breaks = 0
		return s.err
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	s.ends++
	s.object = string(data)
	return s.err
}

func TestWhole(t *testing.T) {
	t.Parallel()
	s := &store{}
	f := feed.New(s.run)
	require.False(t, f.Started())
	require.NoError(t, f.Write(t.Context(), part(0, "0123456789", false)))
	require.NoError(t, f.Write(t.Context(), part(0, "0123456789", false)), "its answer was lost")
	require.NoError(t, f.Write(t.Context(), part(1, "abc", true)))
	require.NoError(t, f.Finish(t.Context()))
	require.NoError(t, f.Finish(t.Context()))
	require.Equal(t, "0123456789abc", s.object)
	require.Equal(t, 1, s.runs)
}

func TestBreaks(t *testing.T) {
	t.Parallel()
	cause := &driver.Error{Kind: rendition.Unavailable, Err: errors.New("reset"), RetryAfter: time.Second}
	s := &store{breaks: 5, err: cause}
	f := feed.New(s.run)
	require.Equal(t, cause, f.Write(t.Context(), part(0, "0123456789", false)))
	s.err = nil
	require.NoError(t, f.Write(t.Context(), part(0, "0123456789", false)), "the first part begins anew")
	require.NoError(t, f.Write(t.Context(), part(1, "abc", true)))
	require.NoError(t, f.Finish(t.Context()))
	require.Equal(t, "0123456789abc", s.object)

	for _, breaks := range []int64{12, 13} {
		s = &store{breaks: breaks, err: cause}
		f = feed.New(s.run)
		require.NoError(t, f.Write(t.Context(), part(0, "0123456789", false)))
		err := f.Write(t.Context(), part(1, "abc", true))
		if breaks == 13 {
			require.NoError(t, err)
			err = f.Finish(t.Context())
		}
		var e *driver.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, rendition.Unavailable, e.Kind)
		require.ErrorIs(t, err, cause)
		require.Greater(t, e.RetryAfter, storage.MaxRetryAfter, "no attempt that cannot succeed")
		require.Equal(t, err, f.Write(t.Context(), part(1, "abc", true)))
		require.Equal(t, err, f.Finish(t.Context()))
		f.Stop()
		require.Equal(t, 1, s.runs)
	}
}

func TestOtherKindsStay(t *testing.T) {
	t.Parallel()
	s := &store{breaks: 12, err: &driver.Error{Kind: rendition.Quota, Hint: "buy a disk"}}
	f := feed.New(s.run)
	require.NoError(t, f.Write(t.Context(), part(0, "0123456789", false)))
	err := f.Write(t.Context(), part(1, "abc", true))
	var e *driver.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, rendition.Quota, e.Kind)
	require.Equal(t, "buy a disk", e.Hint)
}

// TestEarlySuccessIsNone: a server that answers in front of the end has not got the object.
func TestEarlySuccessIsNone(t *testing.T) {
	t.Parallel()
	s := &store{breaks: 3}
	f := feed.New(s.run)
	require.Error(t, f.Write(t.Context(), part(0, "0123456789", false)))
	f.Stop()
}

// TestNoEnd: whatever breaks an upload off, the store does not see the end of the object.
func TestNoEnd(t *testing.T) {
	t.Parallel()
	s := &store{}
	f := feed.New(s.run)
	require.NoError(t, f.Write(t.Context(), part(0, "0123456789", false)))
	f.Stop()
	require.Zero(t, s.ends)
	require.Error(t, f.Write(t.Context(), part(1, "abc", true)))
	require.Error(t, f.Finish(t.Context()))

	ctx, cancel := context.WithCancel(t.Context())
	blocked := feed.New(func(ctx context.Context, body io.Reader) error {
		_, err := io.CopyN(io.Discard, body, 1)
		<-ctx.Done()
		return errors.Join(err, ctx.Err())
	})
	time.AfterFunc(20*time.Millisecond, cancel)
	require.ErrorIs(t, blocked.Write(ctx, part(0, "0123456789", false)), context.Canceled)
	blocked.Stop()

	ctx, cancel = context.WithCancel(t.Context())
	slow := feed.New(func(ctx context.Context, body io.Reader) error {
		_, _ = io.Copy(&bytes.Buffer{}, body)
		<-ctx.Done()
		return ctx.Err()
	})
	require.NoError(t, slow.Write(ctx, part(0, "0123456789", false)))
	time.AfterFunc(20*time.Millisecond, cancel)
	require.ErrorIs(t, slow.Finish(ctx), context.Canceled)
	slow.Stop()
}
