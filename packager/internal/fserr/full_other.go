//go:build !unix

package fserr

// isFull reports a full disk; other systems do not say it in a portable way.
func isFull(error) bool { return false }
