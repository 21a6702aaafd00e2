package ftp

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// parseEPSV reads "Entering Extended Passive Mode (|||port|)" (RFC 2428 section
// 3), whose delimiter may be any character.
func parseEPSV(text string) (port int, err error) {
	bad := fmt.Errorf("%w: %q to EPSV", ErrProtocol, printable(text))
	_, rest, ok := strings.Cut(text, "(")
	inside, _, ok2 := strings.Cut(rest, ")")
	if !ok || !ok2 || len(inside) < 5 {
		return 0, bad
	}
	d := inside[0]
	if inside[1] != d || inside[2] != d || inside[len(inside)-1] != d || d >= '0' && d <= '9' {
		return 0, bad
	}
	if port = parsePort(inside[3 : len(inside)-1]); port == 0 {
		return 0, bad
	}
	return port, nil
}

// parsePASV reads the six numbers in the answer to PASV (RFC 959 section
// 4.1.2). Where they stand differs between servers (RFC 1123 section 4.1.2.6
// says to look for them).
func parsePASV(text string) (netip.AddrPort, error) {
	bad := fmt.Errorf("%w: %q to PASV", ErrProtocol, printable(text))
	isNumber := func(c byte) bool { return c >= '0' && c <= '9' || c == ',' }
	for start := 0; start < len(text); start++ {
		if !isNumber(text[start]) {
			continue
		}
		end := start
		for end < len(text) && isNumber(text[end]) {
			end++
		}
		if addr, ok := parseSix(text[start:end]); ok {
			return addr, nil
		}
		start = end
	}
	return netip.AddrPort{}, bad
}

func parseSix(s string) (netip.AddrPort, bool) {
	var six [6]byte
	fields := strings.Split(s, ",")
	if len(fields) != len(six) {
		return netip.AddrPort{}, false
	}
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 8)
		if err != nil {
			return netip.AddrPort{}, false
		}
		six[i] = byte(n)
	}
	port := uint16(six[4])<<8 | uint16(six[5])
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte(six[:4])), port), port != 0
}

// parsePort reads a port in decimal digits; 0 is none.
func parsePort(s string) int {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || !digits(s) {
		return 0
	}
	return int(n)
}

// formatPORT is the argument of PORT: h1,h2,h3,h4,p1,p2. The address is IPv4.
func formatPORT(a netip.AddrPort) string {
	ip := a.Addr().As4()
	return fmt.Sprintf("%d,%d,%d,%d,%d,%d", ip[0], ip[1], ip[2], ip[3], a.Port()>>8, a.Port()&0xff)
}

// formatEPRT is the argument of EPRT: |family|address|port| (RFC 2428 section 2).
func formatEPRT(a netip.AddrPort) string {
	family := 1
	if a.Addr().Is6() {
		family = 2
	}
	return fmt.Sprintf("|%d|%s|%d|", family, a.Addr().WithZone(""), a.Port())
}
