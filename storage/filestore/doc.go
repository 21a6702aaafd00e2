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
// Temporary names begin with ".rendition-" and end in ".part"; listings hide
// them. One that a process which was killed has left is removed when nobody has
// written to it for an hour and nobody has it locked: from a folder when a Bucket first
// writes there, and from all folders that it lists after that. A live one is locked
// (flock) as long as its Writer is open, however slow that is. Where a system or
// a file system knows no locks, the hour alone decides.
package filestore
