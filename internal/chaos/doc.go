// Package chaos proves that work is never lost: it kills processes in mid-job, has
// stores and sources fail, and runs many jobs against each other, and wants the
// output of an undisturbed run every time. It holds tests only.
package chaos
