//go:build cgo

package probe_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/probe"

	"github.com/stretchr/testify/require"
)

// memory is a Source in memory; its reader fails with err after the bytes, if set.
type memory struct {
	name string
	data []byte
	err  error
}

func (m memory) Name() string { return m.name }

func (m memory) Open(context.Context) (rendition.SourceReader, error) {
	return &memoryReader{bytes.NewReader(m.data), m.err}, nil
}

type memoryReader struct {
	*bytes.Reader
	err error
}

func (r *memoryReader) Close() error { return nil }

func (r *memoryReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err == io.EOF && r.err != nil {
		err = r.err
	}
	return n, err
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	secretFile := filepath.Join(t.TempDir(), "passwd")
	require.NoError(t, os.WriteFile(secretFile, []byte("root"), 0o600))
	prose := []byte(strings.Repeat("It was a dark and stormy night; the rain fell in torrents.\n", 200))
	tests := []struct {
		name   string
		source rendition.Source
		kind   rendition.Kind
		text   string
	}{
		{"empty", memory{name: "a.mp4"}, rendition.InvalidInput, "the file is empty"},
		{"text named mp4", memory{name: "a.mp4", data: prose}, rendition.InvalidInput, "not a media file"},
		{"text named mp3", memory{name: "a.mp3", data: prose}, rendition.InvalidInput, "not a media file"},
		{"text without a name", memory{name: "a", data: prose}, rendition.InvalidInput, "not a media file"},
		{"web page", memory{name: "a.mp4", data: []byte("<!doctype html><html><body>" + string(prose))}, rendition.InvalidInput, "not a media file"},
		{"zeros", memory{name: "a.mp4", data: make([]byte, 100_000)}, rendition.InvalidInput, "not a media file"},
		{"one byte", memory{name: "a.mp4", data: []byte{1}}, rendition.InvalidInput, "not a media file"},
		{"missing", file(filepath.Join(t.TempDir(), "none.mp4")), rendition.NotFound, "none.mp4"},
		{"mp4 without moov", memory{name: "a.mp4", data: ftypOnly()}, rendition.InvalidInput, "its index (moov) is missing"},
		{"hls playlist", memory{name: "a.m3u8", data: []byte("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n" + secretFile + "\n#EXT-X-ENDLIST\n")}, rendition.Unsupported, "list of other files (hls)"},
		{"hls named mp4", memory{name: "a.mp4", data: []byte("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n" + secretFile + "\n#EXT-X-ENDLIST\n")}, rendition.InvalidInput, "not a media file"},
		{"concat list", memory{name: "a.mp4", data: []byte("ffconcat version 1.0\nfile '" + secretFile + "'\n")}, rendition.Unsupported, "list of other files (concat)"},
		{"dash manifest", memory{name: "a.mpd", data: []byte(`<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static"></MPD>`)}, rendition.Unsupported, "list of other files (dash)"},
		{"sdp", memory{name: "a.sdp", data: []byte("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n")}, rendition.Unsupported, "list of other files (sdp)"},
		{"read error", memory{name: "a.mp4", data: ftypOnly()[:40], err: errors.New("wire cut")}, rendition.Unavailable, "wire cut"},
		{"typed read error", memory{name: "a.mp4", data: ftypOnly()[:40], err: &rendition.Error{Kind: rendition.Integrity, Op: "storage: read", Hint: "the object changed"}}, rendition.Integrity, "the object changed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := probe.Probe(t.Context(), tt.source)
			require.ErrorIs(t, err, tt.kind)
			require.Equal(t, tt.kind, rendition.KindOf(err))
			require.ErrorContains(t, err, tt.text)
			require.ErrorContains(t, err, "probe: open: ")
			require.NotContains(t, err.Error(), secretFile)
		})
	}
}

// ftypOnly is an MP4 that was cut off in its media data.
func ftypOnly() []byte {
	b := []byte("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42\x00\x10\x00\x00mdat")
	return append(b, make([]byte, 60_000)...)
}

func TestBrokenClips(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"broken/corrupt.mkv":            "EBML header parsing failed",
		"broken/zero-byte.ts":           "the file is empty",
		"broken/malformed-free-box.mp4": "its index (moov) is missing",
	} {
		_, err := probe.Probe(t.Context(), file(testenv.Clip(t, name)))
		require.ErrorIs(t, err, rendition.InvalidInput, name)
		require.ErrorContains(t, err, want, name)
	}
	for _, name := range []string{"broken/truncated_qt_596s.mp4", "broken/truncated-after-moov_6422s.m4b"} {
		m, err := probe.Probe(t.Context(), file(testenv.Clip(t, name)))
		require.NoError(t, err, name)
		require.Contains(t, strings.Join(m.Warnings, " "), "the file is cut off", name)
	}
}

func TestCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	_, err := probe.Probe(ctx, memory{name: "a.mp4", data: ftypOnly()})
	require.ErrorIs(t, err, rendition.Canceled)
	require.ErrorIs(t, err, cause)
}

func TestNilSource(t *testing.T) {
	t.Parallel()
	_, err := probe.Probe(t.Context(), nil)
	require.ErrorIs(t, err, rendition.InvalidJob)
}

func TestMissingIsNotExist(t *testing.T) {
	t.Parallel()
	_, err := probe.Probe(t.Context(), file(filepath.Join(t.TempDir(), "none")))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// FuzzProbe checks that no input crashes the process or gives an error without a Kind.
func FuzzProbe(f *testing.F) {
	f.Add(ftypOnly()[:200])
	f.Add([]byte("#EXTM3U\n"))
	f.Add([]byte("RIFF\x00\x00\x00\x00AVI LIST"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := probe.ProbeWith(t.Context(), memory{name: "fuzz.mp4", data: data}, &probe.Options{ScanBytes: 1 << 20})
		if err == nil {
			require.NotEmpty(t, m.Container)
			return
		}
		var e *rendition.Error
		require.ErrorAs(t, err, &e)
	})
}
