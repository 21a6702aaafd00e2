// Package ftpstore keeps objects as files on an FTP server: FTP (RFC 959), with
// TLS by AUTH TLS (RFC 4217) or from the first byte, passive or active.
//
// A file is written under a temporary name beside its target, through one data
// connection however many parts it has, and renamed when it is complete and the
// server has confirmed its size. After a dropped connection it goes on where the
// server's file ends; the last 8 MiB that were sent are kept for that (Options.Resend), since
// what was sent has not always arrived. A read is one RETR up to the end of the
// file, which FTP cannot bound; a seek breaks it off and begins another at the
// new offset (REST).
//
// A Bucket has a few control connections (Options.Connections), made as they are
// needed. A Reader or Writer that holds one and does nothing gives it up when
// somebody else waits, and takes up its transfer again later.
//
// Capabilities: parts in order, folders (so "a" and "a/b" cannot both be
// objects), consistent list. Folders are made as they are needed, and removed again when they
// become empty, if this Bucket made them. Content types and metadata are not
// kept. AtomicReplace is not declared: most servers rename over a file that is
// there, in one step, but no RFC says so, and for one that refuses the old file
// is removed first. Listings are made with MLSD (RFC 3659) or, where the server
// has none, LIST in the forms of Unix and DOS, whose times are left out: they have no time zone.
//
// Nothing verifies the bytes but their number: FTP has no checksum that servers share.
//
// A server has to allow restarts of uploads (REST or APPE) for dropped ones to go on: for
// ProFTPD that is AllowStoreRestart. Without, only uploads of up to Options.Resend bytes are begun again.
//
// Keys of which an element ends in a space are refused, since some servers drop it and would mean another file;
// Pure-FTPd prohibits a backslash. Both are kind InvalidJob.
//
// Tested with vsftpd 3.0.3, Pure-FTPd 1.0.50 and ProFTPD 1.3.8: passive and
// active, plain, with explicit and (not Pure-FTPd, which has none) with implicit TLS, the other two as strict about
// TLS sessions as they are by default.
package ftpstore
