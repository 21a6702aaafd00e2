// Package scratch keeps finished pieces of work in a storage.Bucket, so that a
// job that is started again, in this process or another one, on this machine
// or another one, does only what is missing.
//
// A piece is an entry: some bytes under a key that is made of everything that
// the bytes depend on, such as "v1/<source>/<item>/<from>-<to>" with parts made
// by Hash. The same key means the same bytes. So entries never go stale, it
// does not matter who writes one first, and to lose one costs the work again
// and nothing else. An entry carries its key, its length and a checksum: what
// Get returns is what Put was given, and anything else counts as not there.
//
// Several Stores and several processes may use one scratch at a time. What they
// need of the store is that a write becomes visible whole.
//
// A folder of this machine is opened so:
//
//	bucket, err := filestore.Open(ctx, "/var/cache/rendition", &filestore.Options{Sync: true})
//
// Without Sync entries survive the death of the process; with it a loss of
// power too, for the price of waiting for the disk once for each entry.
//
// Objects that the Store has not named, without its suffix, are never touched.
// Temporary files (".rendition-*.part") that a killed process leaves in a folder are
// the driver's: filestore removes them, while Clean lists and when it writes beside them.
package scratch
