//go:build cgo

package av

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/rendition-sdk/rendition"

	"github.com/asticode/go-astiav"
	"github.com/stretchr/testify/require"
)

func TestCleanLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"[mov,mp4 @ 0x55d0c0] moov atom not found\n": "moov atom not found",
		"[in @ 0x1] [h264 @ 0x2] no frame!\n":        "no frame!",
		"[5] not a prefix":                           "[5] not a prefix",
		"a\x1b[31mb\x00\xff":                         "a [31mb",
		strings.Repeat("x", maxLineBytes+50):         strings.Repeat("x", maxLineBytes) + "...",
		"\n":                                         "",
	} {
		require.Equal(t, want, cleanLine(in))
	}
}

// Lines of libav go to the owner of the object they are about, and to no other.
func TestLogOwners(t *testing.T) {
	t.Parallel()
	var mine, other bytes.Buffer
	logger := func(b *bytes.Buffer) *slog.Logger {
		return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	a, b := newLogOwner(logger(&mine)), newLogOwner(logger(&other))
	defer b.close()
	cc := astiav.AllocCodecContext(astiav.FindDecoder(astiav.CodecIDH264))
	defer cc.Free()
	a.watchCodec(cc)
	astiav.Log(cc, astiav.LogLevelError, "broken slice %s", "7")
	astiav.Log(cc, astiav.LogLevelError, "broken slice %s", "7")
	astiav.Log(cc, astiav.LogLevelInfo, "fine")
	astiav.Log(cc, astiav.LogLevelDebug, "far too much")
	astiav.Log(nil, astiav.LogLevelError, "nobody's")
	require.Equal(t, []string{"broken slice 7"}, a.lines())
	require.Empty(t, b.lines())
	require.Equal(t, 1, strings.Count(mine.String(), "broken slice 7"))
	require.Contains(t, mine.String(), "level=WARN")
	require.Contains(t, mine.String(), "fine")
	require.NotContains(t, mine.String(), "too much")
	require.Empty(t, other.String())

	err := a.wrap("decode", astiav.ErrInvaliddata)
	require.ErrorIs(t, err, rendition.InvalidInput)
	require.ErrorContains(t, err, "broken slice 7")

	a.close()
	a.close()
	astiav.Log(cc, astiav.LogLevelError, "too late")
	require.NotContains(t, mine.String(), "too late")
}

func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	o := newLogOwner(slog.New(slog.NewTextHandler(&out, nil)))
	defer o.close()
	for i := range 3 * maxLogLines {
		o.add(int(astiav.LogLevelError), fmt.Sprintf("error %d", i))
	}
	require.Len(t, o.lines(), maxErrorLines)
	require.Equal(t, maxLogLines, strings.Count(out.String(), "libav: "))
	require.Contains(t, out.String(), "further lines are left out")
}

func TestLogFromManyThreads(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			o := newLogOwner(nil)
			defer o.close()
			cc := astiav.AllocCodecContext(astiav.FindDecoder(astiav.CodecIDH264))
			defer cc.Free()
			o.watchCodec(cc)
			want := fmt.Sprintf("thread %d", i)
			for range 100 {
				astiav.Log(cc, astiav.LogLevelError, want)
			}
			if lines := o.lines(); len(lines) != 1 || lines[0] != want {
				t.Errorf("thread %d got %q", i, lines)
			}
		})
	}
	wg.Wait()
}

func TestWrap(t *testing.T) {
	t.Parallel()
	require.NoError(t, wrap("x", nil))
	require.Equal(t, io.EOF, wrap("x", astiav.ErrEof))
	for err, kind := range map[error]rendition.Kind{
		astiav.ErrInvaliddata: rendition.InvalidInput, astiav.ErrDecoderNotFound: rendition.Unsupported,
		astiav.ErrPatchwelcome: rendition.Unsupported, errNoMemory: rendition.Quota, errNoSpace: rendition.Quota,
		astiav.ErrExit: rendition.Canceled, astiav.ErrUnknown: rendition.Internal, errors.New("x"): rendition.Internal,
	} {
		got := wrap("x", err)
		require.Equal(t, kind, rendition.KindOf(got), err)
		require.ErrorIs(t, got, err)
	}
	inner := &rendition.Error{Kind: rendition.Permission, Op: "storage: read", Key: "a"}
	require.ErrorIs(t, wrap("x", fmt.Errorf("seen: %w", inner)), rendition.Permission)
}
