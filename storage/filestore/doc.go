// Package filestore keeps objects as files below a folder.
//
// A file is written under a temporary name in its own folder and renamed when
// it is complete, so that a reader sees the old file or the new one. Keys
// cannot leave the folder, neither by their elements nor through symbolic links
// (os.Root). Folders are made as they are needed, and removed again when they
// become empty, if this Bucket made them.
//
// Capabilities: atomic replace, consistent list, folders (so "a" and "a/b"
// cannot both be objects). Content types are not kept: they follow from the
// extension. Parts are written in place and may arrive in any order. A full
// disk is kind Quota, a read-only place and a link out of the folder are
// Permission, and a file that changes while it is read is Integrity.
//
// Temporary names left by a process that was killed begin with ".rendition-"
// and end in ".part"; listings hide them.
package filestore
