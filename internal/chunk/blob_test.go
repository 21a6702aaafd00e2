package chunk

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/packager"
)

// aPiece is a piece with samples of several sizes, one of them empty.
func aPiece() (*encode.Piece, *encode.ChunkStats) {
	p := &encode.Piece{
		Track: packager.Track{
			Type: rendition.Video, Codec: rendition.H264, Timescale: 12800, Config: []byte{1, 2, 3}, Width: 320, Height: 180,
			FrameRate: rendition.Rational{Num: 25, Den: 1},
		},
		Samples: []packager.Sample{
			{PTS: 1024, DTS: -512, Duration: 512, Key: true, Data: []byte("key frame")},
			{PTS: 512, DTS: 0, Duration: 512, Data: []byte{}},
			{PTS: 1 << 40, DTS: 1<<40 - 1, Duration: 512, Data: bytes.Repeat([]byte("x"), 300)},
		},
	}
	return p, &encode.ChunkStats{Frames: 3, Errors: 1, End: 1500 * time.Millisecond, ReadToEnd: true}
}

func blob(t testing.TB, p *encode.Piece, st *encode.ChunkStats) []byte {
	t.Helper()
	parts, err := encodePiece(p, st)
	require.NoError(t, err)
	return bytes.Join(parts, nil)
}

func TestPieceComesBack(t *testing.T) {
	t.Parallel()
	want, stats := aPiece()
	var got encode.Piece
	st, err := decodePiece(blob(t, want, stats), &got)
	require.NoError(t, err)
	require.Equal(t, stats, st)
	require.Equal(t, want.Track, got.Track)
	require.Equal(t, want.Samples, got.Samples)
	for _, s := range got.Samples {
		require.Equal(t, len(s.Data), cap(s.Data), "appending to one sample must not write into the next")
	}

	st, err = decodePiece(blob(t, &encode.Piece{}, &encode.ChunkStats{}), &got)
	require.NoError(t, err, "a chunk behind the end of its source is empty")
	require.Empty(t, got.Samples)
	require.Equal(t, &encode.ChunkStats{}, st)
}

// TestDamagedPieces: nothing but the whole is taken, and a piece is left as it was.
func TestDamagedPieces(t *testing.T) {
	t.Parallel()
	p, st := aPiece()
	good := blob(t, p, st)
	var out encode.Piece
	for n := range len(good) {
		_, err := decodePiece(good[:n], &out)
		require.ErrorIs(t, err, errPiece, "cut to %d bytes", n)
	}
	for _, bad := range [][]byte{append(bytes.Clone(good), 0), bytes.Repeat([]byte{0xff}, 200), append([]byte{0, 0, 0, 2}, "[]"...)} {
		_, err := decodePiece(bad, &out)
		require.ErrorIs(t, err, errPiece)
	}
	for _, head := range []string{`{"Samples":-1}`, `{"Samples":9000000000000000000}`} {
		_, err := decodePiece(append([]byte{0, 0, 0, byte(len(head))}, head...), &out)
		require.ErrorIs(t, err, errPiece, head)
	}
	require.Zero(t, out)
}

func FuzzDecodePiece(f *testing.F) {
	p, st := aPiece()
	f.Add(blob(f, p, st))
	f.Add(blob(f, &encode.Piece{}, &encode.ChunkStats{}))
	f.Add([]byte{0, 0, 0, 2, '{', '}'})
	f.Fuzz(func(t *testing.T, data []byte) {
		var got, again encode.Piece
		st, err := decodePiece(data, &got)
		if err != nil {
			return
		}
		_, err = decodePiece(blob(t, &got, st), &again)
		require.NoError(t, err)
		require.Equal(t, got.Samples, again.Samples)
	})
}
