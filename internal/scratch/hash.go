package scratch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/rendition-sdk/rendition"
)

// hashBytes is how much of the SHA-256 goes into a key: no two settings in the
// world meet by chance in 128 bits, and a path stays readable.
const hashBytes = 16

// Hash returns 32 hexadecimal digits that stand for parts, for use in a key.
// It is the first half of the SHA-256 of their JSON in a canonical form: an
// array with an element for each part, the names in every object sorted,
// numbers as encoding/json writes them, no white space. So it is the same in
// every process and on every machine, it does not depend on the order of a
// struct's fields, and Hash("a", "b") is not Hash("ab").
//
// What is not in the JSON does not count: unexported fields, the names of
// types, bytes in strings that are not UTF-8 (they are all alike; pass []byte).
// Kind Internal when a part has no JSON, such as a function or NaN.
func Hash(parts ...any) (string, error) {
	text, err := json.Marshal(parts)
	if err != nil {
		return "", hashError(err)
	}
	// Maps are written with sorted names, structs in the order of their fields: a second pass knows maps alone.
	var plain any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // a float64 would round large integers
	if err := d.Decode(&plain); err != nil {
		return "", hashError(err)
	}
	if text, err = json.Marshal(plain); err != nil {
		return "", hashError(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:hashBytes]), nil
}

func hashError(err error) error {
	return fail(rendition.Internal, "hash", "", fmt.Errorf("the settings have no JSON: %w", err))
}
