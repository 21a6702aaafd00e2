// Package driver is the interface between storage.Bucket and a store. Programs
// do not call it; authors of drivers implement it. It is not stable before v1.
//
// # What the Bucket does, so that a driver need not
//
// Keys and options are checked, defaults filled in, prefixes added. Writes are
// cut into parts of a known size that lie in memory and can be rewound, so that
// repeating one is always right; the SHA-256 is computed on the way. Reads are
// bounded ranges that are resumed at the next byte. Calls are limited in
// number, repeated after errors of kind Unavailable (unless Capabilities says
// Retries), ended when the Bucket is closed. Errors are wrapped once, with a
// kind, the key and no secret.
//
// # What a driver does
//
// It makes one request of the store for one call. It honors ctx while it
// blocks, starts no goroutine that outlives the call (or the Body, or the
// Upload), keeps no body open that it does not return, logs nothing, and
// returns the errors it gets. It says by Classify what they mean; where the
// store said more (a Retry-After, a hint to the user), it returns an *Error.
// No error text holds a password, token or signed query: an SDK's errors often
// quote the request's URL.
//
// # How uploads map
//
// A store with multipart uploads (S3, Azure block blobs, Swift large objects)
// starts one at the first part that is not the last, sends Part.Index + 1 as
// the part's number, and completes it in Commit. A part with Index 0 and Last
// is the whole object: keep its Body and send it in one request in Commit (from
// the start: Commit may be repeated), since nothing may be visible before.
// MinPartSize and MaxParts say what the store allows. Abort drops the upload.
//
// A store that writes files (FTP, SFTP, a disk) writes to TempName() beside the
// target, each part at Part.Offset, and renames in Commit. Where writes can
// only append, SequentialParts has the parts come in order; after a failed try
// the file may be longer than Part.Offset, and has to be cut or begun anew
// there. Where a rename does not replace, AtomicReplace is false: Commit removes
// the old object first. ListPage hides names for which IsTempName is true.
//
// # How reads map
//
// OpenRange is one ranged GET (or REST, or an open file and a seek). Info comes
// from the same answer, so that the Bucket can see that an object changed; a
// store with conditional requests sends ReadOptions.Match along. A local file
// sets Body.SeekTo. A store that ignores ranges sets Body.MaxSkip.
//
// # How to test
//
// drivertest.Run with a Harness, against a real server. docs/storage-driver.md
// is the recipe.
package driver
