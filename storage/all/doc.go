// Package all has the storage.Opener of every driver of this SDK. A program that imports
// it compiles all of their SDKs; one that needs a few stores imports their packages and
// fills a storage.Opener, or takes storage/opener, which needs none.
//
//	open := all.New(nil)
//	bucket, key, err := open.OpenObject(ctx, "s3://media/talks/42.mp4?region=eu-west-1")
//	out, err := open.OpenBucket(ctx, "sftp://user:password@host/srv/media/42/")
//
// docs/storage.md has the table of URLs. Schemes is a map: a host adds its own, or takes one away.
//
// # Whose credentials
//
// Those of the URL come first, then those of Options.Credentials, then those in the
// options of the driver, then the machine's own: the chain of AWS, the default credential of Azure.
//
// # URLs of strangers
//
// With Options.Guard set the Opener may be given URLs from outside. Then every connection is
// looked at; plain paths, file: and mem: are refused; and nothing that is this program's
// own is lent to whoever writes a URL: no credentials from the drivers' options, none of the machine. Only
// Options.Credentials gives some, and it sees for what.
package all
