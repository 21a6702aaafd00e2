// Package storage is named bytes, anywhere: one concrete type, Bucket, over a
// thin driver interface. Drivers are packages of their own (memstore,
// filestore, httpstore), so that a program compiles only what it uses.
//
//	bucket, err := filestore.Open(ctx, "/var/media", nil)
//	if err != nil {
//		return err
//	}
//	defer bucket.Close()
//	w, err := bucket.NewWriter(ctx, "talks/42/output_0.mp4", nil)
//	...
//	err = w.Close() // now it is visible, complete
//
// What holds for every store:
//
//   - An object is invisible until its write is closed, and a write that fails
//     or is canceled leaves nothing behind.
//   - Memory is bounded: parts of a known size, two in flight by default.
//   - Reads ask for bounded ranges, resume after a dropped connection, and fail
//     with kind Integrity when the object changes underneath.
//   - Failures are *rendition.Error with a Kind. Only kind Unavailable is
//     retried, with growing pauses and a server's Retry-After.
//   - No error, name or log line holds a secret (Secret, RedactURL).
//   - ctx ends every call, blocked ones included.
//
// An Opener turns URLs into Buckets; package opener has one with the drivers
// above. Package faultstore makes a Bucket fail in tests. Package driver is for
// authors of drivers, and drivertest is the suite that they pass.
package storage
