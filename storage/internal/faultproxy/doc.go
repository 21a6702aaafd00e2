// Package faultproxy is a network that goes wrong, for tests: a TCP proxy on loopback in front of real
// servers. Faults are armed one by one and happen to the connection that next carries bytes
// their way. In front of HTTP servers it answers requests by itself too, as
// overloaded servers do.
package faultproxy
