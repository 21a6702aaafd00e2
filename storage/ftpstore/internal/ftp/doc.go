// Package ftp is a small FTP client for package ftpstore: RFC 959 with the
// extensions for security (RFC 2228, 4217), features (RFC 2389), IPv6 (RFC
// 2428), machine-readable listings and restarts (RFC 3659).
//
// A Conn is one control connection with at most one transfer at a time. It is
// used by one goroutine at a time; Close alone may come from another. Each call
// ends when its ctx does, and when the server is silent for Config.Timeout. A
// Conn that such an end, or a failure of the network, has left in the middle of
// an exchange is Broken: all that can be done with it is to close it.
//
// Nothing is sent that has a control character in it, so that no path can hold a
// second command.
package ftp
