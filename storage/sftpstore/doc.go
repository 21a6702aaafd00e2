// Package sftpstore keeps objects as files on an SSH server, over SFTP version 3.
//
// An object is written to a temporary name beside its target and renamed. Where the
// server has posix-rename@openssh.com, as OpenSSH and most others do, the rename
// replaces in one step; elsewhere the old object is removed first, and
// Capabilities.AtomicReplace is false. Folders are made as needed and, when
// this Bucket made them, removed with their last object.
//
// A server is believed only when its host key is known: from a known-hosts file, or
// pinned as a fingerprint or public key. Nothing is trusted on first use.
//
// One Bucket keeps up to Options.Connections connections, made as calls
// need them, shared by calls when there are more, and replaced when they break: the
// call that met the break fails with kind Unavailable, which the Bucket repeats. Reads and
// writes keep up to 4 MiB in requests under way for each open object or part,
// so that one stream fills a long line. A file that is replaced while it is read gives
// its old bytes to the end; one that is changed in place is kind Integrity.
//
// Modification times have the protocol's precision of a second. A listing reads whole folders,
// once for each page. Links to files are followed, links to folders are read
// through when a key names them and are not listed.
//
// Tested with OpenSSH sshd 9.2, with and without its extensions.
//
// Capabilities: atomic replace where the server has posix-rename, consistent list, has directories.
package sftpstore
