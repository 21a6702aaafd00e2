package scratch

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/rendition-sdk/rendition"
)

// MaxEntryBytes is the longest payload of an entry: 4 GiB, or what fits a
// slice on a small machine. Put refuses more with kind Quota.
const MaxEntryBytes = min(4<<30, math.MaxInt)

// An entry is, with numbers in big-endian order:
//
//	8 bytes   magic
//	4 bytes   version
//	4 bytes   length of the key
//	8 bytes   length of the payload
//	          key
//	          payload
//	32 bytes  SHA-256 of all that is in front
//
// The key is in it because a file can be copied or renamed.
const (
	magic      = "rndchunk"
	version    = 1
	headerSize = len(magic) + 4 + 4 + 8
)

// errDamaged is what decode says of bytes that are no whole entry.
var errDamaged = errors.New("the entry is damaged")

// entrySize is the size of an entry in the store.
func entrySize(key string, payload int64) int64 {
	return int64(headerSize+len(key)+sha256.Size) + payload
}

// header returns what stands in front of the payload.
func header(key string, payload int64) []byte {
	b := make([]byte, 0, headerSize+len(key))
	b = append(b, magic...)
	b = binary.BigEndian.AppendUint32(b, version)
	b = binary.BigEndian.AppendUint32(b, uint32(len(key)))
	b = binary.BigEndian.AppendUint64(b, uint64(payload))
	return append(b, key...)
}

// decode reads the entry for key from r and returns its payload. size is how
// many bytes r has, -1 if that is not known. Memory is taken for what is there,
// not for what a header claims. errDamaged when it is no such entry.
func decode(r io.Reader, size int64, key string) ([]byte, error) {
	sum := sha256.New()
	hashed := io.TeeReader(r, sum)
	length, err := decodeHeader(hashed, key)
	if err != nil {
		return nil, err
	}
	if want := entrySize(key, length); size >= 0 && size != want {
		return nil, fmt.Errorf("%w: it has %d bytes in place of %d", errDamaged, size, want)
	}
	payload, err := readPayload(hashed, length, size >= 0)
	if err != nil {
		return nil, short(err)
	}
	tail := make([]byte, sha256.Size+1)
	switch n, err := io.ReadFull(r, tail); {
	case err == nil:
		return nil, fmt.Errorf("%w: bytes follow its end", errDamaged)
	case !errors.Is(short(err), errDamaged):
		return nil, err
	case n < sha256.Size:
		return nil, short(err)
	}
	if !bytes.Equal(tail[:sha256.Size], sum.Sum(nil)) {
		return nil, fmt.Errorf("%w: its checksum is wrong", errDamaged)
	}
	return payload, nil
}

// decodeHeader reads up to the payload, whose length it returns.
func decodeHeader(r io.Reader, key string) (int64, error) {
	want := header(key, 0)
	got := make([]byte, len(want))
	if _, err := io.ReadFull(r, got[:headerSize]); err != nil {
		return 0, short(err)
	}
	const lengthAt = headerSize - 8
	length := binary.BigEndian.Uint64(got[lengthAt:])
	switch {
	case string(got[:len(magic)]) != magic:
		return 0, fmt.Errorf("%w: it does not begin as an entry does", errDamaged)
	case !bytes.Equal(got[len(magic):len(magic)+4], want[len(magic):len(magic)+4]):
		return 0, fmt.Errorf("%w: it is of another version", errDamaged)
	case !bytes.Equal(got[:lengthAt], want[:lengthAt]):
		return 0, fmt.Errorf("%w: it is the entry of another key", errDamaged)
	case length > MaxEntryBytes:
		return 0, fmt.Errorf("%w: it claims to have %d bytes", errDamaged, length)
	}
	if _, err := io.ReadFull(r, got[headerSize:]); err != nil {
		return 0, short(err)
	}
	if !bytes.Equal(got[headerSize:], want[headerSize:]) {
		return 0, fmt.Errorf("%w: it is the entry of another key", errDamaged)
	}
	return int64(length), nil
}

// readPayload reads length bytes, into one slice if they are known to be there.
func readPayload(r io.Reader, length int64, known bool) ([]byte, error) {
	if known {
		payload := make([]byte, length)
		_, err := io.ReadFull(r, payload)
		return payload, err
	}
	var grown bytes.Buffer
	_, err := io.CopyN(&grown, r, length)
	return grown.Bytes(), err
}

// short makes the end of the bytes damage. A failure of the storage, which may
// have the end of a body as its cause, stays what it is.
func short(err error) error {
	var storage *rendition.Error
	if !errors.As(err, &storage) && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return fmt.Errorf("%w: it ends early", errDamaged)
	}
	return err
}
