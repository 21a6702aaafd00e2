// Package s3store keeps objects in an S3 bucket: AWS, Cloudflare R2, Backblaze B2,
// Wasabi, MinIO, NetApp StorageGRID and every other server that speaks this protocol.
//
// Capabilities: atomic replace, server copy, signed URLs (with credentials, and
// without a customer's key), content type, metadata, consistent list. Tested
// against MinIO and versitygw.
//
// # Limits
//
// A key has at most 1024 bytes, an object 5 TiB in at most 10,000 parts of 5 MiB
// to 1 GiB. The Writer's default part of 8 MiB is enough for objects of 78 GiB; for larger ones set
// storage.WriterOptions.PartSize to a ten-thousandth of the size, rounded up: 64 MiB for 625 GiB, 525 MiB
// for 5 TiB. Memory is (InFlight + 1) parts in each case.
//
// Names of metadata come back in lower case; values that are not ASCII are sent as
// RFC 2047 says. Objects whose keys storage.ValidateKey refuses, such as the
// folder markers of a console ("dir/"), are not listed.
//
// # Checksums
//
// Each part goes with its CRC32C (or SHA-256), and the server's own is compared
// with it. A server that does not know them gets a Content-MD5. What differs
// fails with kind Integrity and is removed.
//
// # Uploads that nobody ended
//
// An upload is aborted when its Writer fails or its ctx ends. A process that is
// killed leaves its parts in the bucket, invisible and paid for: give the bucket
// a lifecycle rule with AbortIncompleteMultipartUpload.
package s3store
