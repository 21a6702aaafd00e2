// Package netstorage keeps objects in Akamai NetStorage, through its Usage API (HTTP API): requests
// to https://[prefix]-nsu.akamaihd.net/[CP code]/..., signed with the key of an upload account.
//
// Every request carries X-Akamai-ACS-Action, X-Akamai-ACS-Auth-Data (version 5, the time, a random
// id, the key name) and X-Akamai-ACS-Auth-Sign: the base64 of HMAC-SHA256 of the key over the data,
// the path as it is sent and the action. Servers accept times that are at most 30 to 60 seconds off;
// a refusal (401, 403) names the difference of the clocks when it is larger. They may also refuse a signature
// that comes twice, so that every attempt is signed anew.
//
// # Writing
//
// An object of one part is one upload with its size and SHA-256, which the server verifies: it
// stores nothing when they differ (412, kind Integrity). A larger one is one chunked upload to a
// temporary name beside the target, part by part, with one part in memory. Its SHA-256 follows as a
// signed chunk trailer, the temporary object is compared by size and MD5, and then renamed.
// The API does not say that a rename replaces: where it answers that the target exists (409), the target
// is deleted first, so that AtomicReplace is not declared.
//
// The API knows no upload in pieces and no append. A connection that breaks in the first part is
// begun anew; one that breaks later fails the object with kind Unavailable, without further attempts
// of the part, and whoever has the object writes it again. Larger parts (up to 1 GiB) make more objects
// repeatable.
//
// # Reading and listing
//
// Reads are downloads with Range. Listings use list (everything below, in the order of the bytes of
// whole paths) and dir (with a delimiter). Folders are implicit: they are there while objects are.
// Options.MakeFolders makes them with mkdir, as rclone does; such folders stay when they are empty and
// show in listings with a delimiter.
//
// Capabilities: parts in order; no server copy, content types, metadata or signed URLs. "a" and "a/b" can
// both be objects in NetStorage's object store; its older file store refuses the second with kind Exists.
//
// Tested with a server of the tests' own that verifies every signature from the published algorithm, and
// with the example that Akamai publishes. No real NetStorage was at hand.
package netstorage
