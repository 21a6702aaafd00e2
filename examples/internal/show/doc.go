// Package show is how the examples show a job to people: a progress bar while
// it runs, and a tree and a web page of what it published.
package show
