// Package e2e holds the tests of the whole: what a job publishes is played in
// a real browser. There is nothing to import here.
package e2e
