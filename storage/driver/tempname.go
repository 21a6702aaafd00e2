package driver

import (
	"crypto/rand"
	"strings"
)

const (
	tempPrefix = ".rendition-"
	tempSuffix = ".part"
)

// TempName returns a new random name for the last element of a key, under
// which a store without an atomic commit writes before it renames. It is 42
// bytes long, whatever the name it stands for.
func TempName() string { return tempPrefix + rand.Text() + tempSuffix }

// IsTempName says whether the last element of a key is a temporary name.
// Listings hide them, and the Bucket refuses keys that contain one.
func IsTempName(name string) bool {
	return strings.HasPrefix(name, tempPrefix) && strings.HasSuffix(name, tempSuffix)
}
