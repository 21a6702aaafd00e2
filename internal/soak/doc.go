// Package soak runs many jobs in one process and watches what they leave
// behind. It holds tests only.
package soak
