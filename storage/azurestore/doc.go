// Package azurestore keeps objects as block blobs in Azure Blob Storage, or in
// an emulator of it.
//
// # Credentials
//
// One of: the account's key, a shared access signature (of the account, of a
// container or of one blob), a token credential of the host, nothing for a
// public container (Options.Anonymous), and by default
// azidentity.DefaultAzureCredential: the environment, a workload or managed
// identity, the az program. Token credentials work over HTTPS alone.
//
// # Writing
//
// An object of one part is one Put Blob when it is committed. A larger one is
// staged as blocks, in any order and several at a time, that become the object
// with Put Block List. Each block and each whole object carries its MD5, which the
// service compares: kind Integrity when it differs. Nothing is visible, and
// what was there stays, until the commit. One whose answer is lost may have been carried out.
//
// The service keeps the MD5 of objects of one part; larger ones have none.
//
// The service has no request that removes blocks without replacing the object
// that lies under the name. So an upload of several parts that is aborted writes one
// byte in place of each of its blocks; the service drops these, like all blocks without
// a commit, after a week, or with the next write of that object. They are
// never listed. Uploads of one key at a time do not mix (their blocks have random names),
// but the first commit drops the blocks of the others, which then fail with
// kind Unavailable and have to be begun anew.
//
// # Limits
//
// Keys have no backslash, which the service takes for a slash (kind InvalidJob).
// Metadata names are letters, digits and underscores, come back in lower case,
// and values are printable ASCII. A name's elements should not end in a dot.
// A blob in the archive tier cannot be read (kind Unsupported); one that comes
// back from there is kind Unavailable. Snapshots are left alone: a blob
// that has some is not deleted (kind Exists). In an account with a
// hierarchical namespace, folders are no objects, and listings follow the
// service's order of folders in place of that of bytes.
//
// Capabilities: atomic replace, server copy, signed URLs (with a key or a token
// credential), content type, metadata, consistent list.
//
// Tested with Azurite 3.37.
package azurestore
