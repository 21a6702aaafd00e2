package scratch

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"
)

// FuzzDecode: whatever is in the store, decode returns the payload of a whole
// entry, for which there is one spelling, or says that it is damaged.
func FuzzDecode(f *testing.F) {
	good := header("v1/a", 3)
	good = append(good, "abc"...)
	sum := sha256.Sum256(good)
	good = append(good, sum[:]...)
	f.Add(good, "v1/a")
	f.Add(good, "v1/b")
	f.Add(good[:len(good)-1], "v1/a")
	f.Add(append(bytes.Clone(good), 0), "v1/a")
	f.Add(header("a", 1<<31), "a")
	f.Add(header("a", -1), "a")
	f.Add([]byte(nil), "")
	f.Fuzz(func(t *testing.T, data []byte, key string) {
		known, err := decode(bytes.NewReader(data), int64(len(data)), key)
		unknown, err2 := decode(bytes.NewReader(data), -1, key)
		if (err == nil) != (err2 == nil) || !bytes.Equal(known, unknown) {
			t.Fatalf("the size matters: %v, %v", err, err2)
		}
		if err != nil {
			if !errors.Is(err, errDamaged) || !errors.Is(err2, errDamaged) {
				t.Fatalf("not damage: %v, %v", err, err2)
			}
			return
		}
		again := append(header(key, int64(len(known))), known...)
		sum := sha256.Sum256(again)
		if !bytes.Equal(append(again, sum[:]...), data) {
			t.Fatal("two spellings of one entry")
		}
	})
}
