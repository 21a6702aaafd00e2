// Package swiftstore keeps objects in OpenStack Swift and in what speaks its
// API: a container of an account, reached with a v1 login (tempauth, Oracle),
// Keystone v2.0 or v3, a Rackspace API key, or a token that somebody else has
// fetched.
//
// # Large objects
//
// An object of one part is one PUT with its MD5, which Swift checks. Larger
// ones are segments in a place that listings do not show (the container
// NAME_segments, or a prefix: Options.SegmentContainer) and a manifest that is
// written in Commit: a static large object (SLO), where Swift itself compares
// the MD5 and size of each segment, or a dynamic one (DLO) where the cluster's
// /info does not offer SLO or is closed; there this package checks size and ETag
// afterwards. Segments go when an upload is given up, and when the object is
// replaced or deleted. Two writers that replace the same large object at the
// same time may leave the segments of the one that came second to last, and so
// does a process that is killed between segments and manifest. A reader in the
// middle of a large object that is replaced gets kind Integrity.
//
// A copy of a large object has segments of its own. One whose manifest names
// other manifests or ranges is copied into a plain object, up to 5 GiB.
//
// # Limits
//
// Swift's listings may lag behind its objects. A key has at most 1,024 bytes, a
// large object at most as many segments as /info says (1,000 by default; with
// parts of 8 MiB that is 8 GB: set a larger PartSize). Names of metadata are
// HTTP header names: they come back in lower case, with "-" for "_".
//
// Capabilities: atomic replace, server copy, content type and cache control,
// metadata, and with Options.TempURLKey signed URLs.
//
// The module ncw/swift logs in; requests for objects are made here, so that
// every byte of a request can be sent again, a server's Retry-After is heard
// and nothing is retried twice.
package swiftstore
