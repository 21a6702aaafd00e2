// Package faultstore makes a Bucket fail on purpose, for the tests of programs
// that use one: the nth call of an operation fails, a body is cut, the object
// changes between two reads, the disk fills up, a server takes its time.
//
//	faults := faultstore.New()
//	bucket := faults.Wrap(memstore.New(nil))
//	faults.Add(faultstore.Rule{Op: faultstore.WritePart, Nth: 2, Kind: rendition.Unavailable})
//
// Faults happen below the Bucket, so its retries, resumption and cleanup are
// at work as they are in production.
package faultstore
