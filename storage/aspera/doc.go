// Package aspera moves objects over FASP with IBM's program ascp, which has to be installed: there is no open
// implementation of the protocol. Nothing is linked or downloaded; the program is started for each
// transfer, without a shell.
//
// # What is started
//
//	ascp --mode=send --host=H --user=U -P 33001 -q ... stdio:///?SIZE /path   a write, its bytes through stdin
//	ascp --mode=recv --host=H --user=U -P 33001 -q ... /path stdio://         a read, its bytes through stdout
//
// The password goes through the environment (ASPERA_SCP_PASS), never through an argument. Paths begin with a slash,
// so that none is taken for an option, and names with characters that ascp's documentation
// tells to avoid (\ " : ' ? > < & * |) are refused unless Options.AnyName is set.
//
// # Limits
//
// ascp transfers and does nothing else: no list, no delete, no copy, no metadata. Stat starts a download and ends
// it at the first byte, so that it tells that an object is there, and neither its size nor its
// time; a Reader learns the size at the end. Reads from an offset use ascp's own range option (-@). That an object changed
// between two ranges cannot be noticed.
//
// A write is one session. An object of one part has its size announced, and ascp fails when it differs. Of a larger
// one the size is not known when it begins: its end is the end of stdin (ascp 4), and a write that
// is aborted kills the program first. Should the process that uses this package be killed itself in the middle, a
// server can take the bytes so far for the whole object. A session that breaks in the first part is begun anew; one
// that breaks later fails the object with kind Unavailable, and its caller writes it again. Options.Resume (-k)
// is for servers that compare; a pipe cannot be resumed by itself.
//
// While it arrives an object lies under its name with the server's partial-file suffix (partial_file_suffix in
// aspera.conf, .partial by default in current servers); without one it is visible before its end. What a
// broken upload leaves there cannot be removed with ascp.
//
// Empty objects, which ascp cannot take from a pipe, are sent from an empty temporary file.
//
// # The network
//
// ascp makes its connections itself (TCP 33001 for SSH, UDP 33001 for the data), so that there is no
// Options.Dial. A guard against addresses that strangers name is put into Options.Resolve: what it returns is what
// ascp gets as its host.
//
// # Proof
//
// No Aspera server and no ascp were at hand. The tests run a stand-in that checks its arguments against the
// published command line and copies files; that the real program does what its documentation says is not tested.
package aspera
