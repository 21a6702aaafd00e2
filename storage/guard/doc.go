// Package guard keeps URLs that come from strangers away from what only this machine can
// reach: its own services, the private network, the metadata service of its cloud (server-side
// request forgery, CWE-918).
//
//	g := guard.New(nil)
//	open := all.New(&all.Options{Guard: g})
//
// Every driver of this SDK makes all its connections through a function in its options, and
// Guard.Dial is such a function. It looks at the address that is really connected to, after names are
// resolved and for each connection anew: a name that answers differently the second time (DNS
// rebinding), a redirect and the address in an FTP server's answer gain nothing.
//
// Refused are loopback, private (RFC 1918, fc00::/7), link-local with the metadata services, shared (100.64/10,
// RFC 6598), multicast, unspecified, broadcast, documentation, benchmarking and all other addresses that IANA's
// registries of special-purpose addresses do not call globally reachable, in IPv4, IPv6 and IPv4 within
// IPv6: mapped, NAT64, 6to4, Teredo.
//
// What it cannot see: a public address that leads to this machine or into its network. Name such addresses in
// Options.Deny. It says nothing on what a server that may be reached does with a URL.
package guard
