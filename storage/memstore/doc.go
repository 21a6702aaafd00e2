// Package memstore keeps objects in memory: for tests, for previews, and as the
// shortest complete example of a driver.
//
// Capabilities: atomic replace, server copy, content type, metadata, consistent
// list. Ranges are served as a remote store serves them, so a Reader works here
// as it does over a network.
package memstore
