package guard

import "net/netip"

// Public says whether an address is one of the public Internet: assigned for global use, of one
// host, and not one that stands for another address within a network.
func Public(a netip.Addr) bool {
	if inner, ok := embedded(a); ok {
		return Public(inner)
	}
	switch {
	case !a.IsValid() || a.Zone() != "":
		return false
	case a.Is4():
		return !within(special4, a)
	default:
		return within(global6, a) && !within(special6, a)
	}
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

var (
	// global6 is all that IANA has given out for global unicast; loopback, unique local, link-local, site-local, multicast,
	// IPv4-compatible addresses and the discard block are outside.
	global6 = []netip.Prefix{six(0x20, 0, 0, 0, 0, 0, 3)}
	nat64   = []netip.Prefix{six(0x00, 0x64, 0xff, 0x9b, 0, 0, 96)}
)

// embedded returns the IPv4 address that is reached when a, of IPv6, is connected to: mapped
// (RFC 4291 section 2.5.5.2) or by NAT64 (RFC 6052), which is how networks without IPv4 reach all of it. The
// tunnels that are out of use, 6to4 and Teredo, are refused as a whole.
func embedded(a netip.Addr) (netip.Addr, bool) {
	switch b := a.As16(); {
	case a.Is4In6():
		return a.Unmap(), true
	case a.Is6() && within(nat64, a.WithZone("")):
		return netip.AddrFrom4([4]byte(b[12:])), true
	default:
		return netip.Addr{}, false
	}
}

func four(a, b, c, d byte, bits int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{a, b, c, d}), bits)
}

func six(a, b, c, d byte, e, f byte, bits int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{a, b, c, d, e, f}), bits)
}

// special4 is IANA's registry of special-purpose IPv4 addresses (RFC 6890), multicast, and
// what clouds keep for themselves within public space.
var special4 = []netip.Prefix{
	four(0, 0, 0, 0, 8),        // this network, unspecified
	four(10, 0, 0, 0, 8),       // private
	four(100, 64, 0, 0, 10),    // shared (carrier-grade NAT); Alibaba's metadata
	four(127, 0, 0, 0, 8),      // loopback
	four(168, 63, 129, 16, 32), // Azure's platform services
	four(169, 254, 0, 0, 16),   // link-local; the metadata of most clouds
	four(172, 16, 0, 0, 12),    // private
	four(192, 0, 0, 0, 24),     // IETF protocol assignments; Oracle's metadata
	four(192, 0, 2, 0, 24),     // documentation
	four(192, 31, 196, 0, 24),  // AS112
	four(192, 52, 193, 0, 24),  // AMT
	four(192, 88, 99, 0, 24),   // 6to4 relays
	four(192, 168, 0, 0, 16),   // private
	four(192, 175, 48, 0, 24),  // AS112
	four(198, 18, 0, 0, 15),    // benchmarking
	four(198, 51, 100, 0, 24),  // documentation
	four(203, 0, 113, 0, 24),   // documentation
	four(224, 0, 0, 0, 4),      // multicast
	four(240, 0, 0, 0, 4),      // reserved, broadcast
}

// special6 is what is special within global6.
var special6 = []netip.Prefix{
	six(0x20, 0x01, 0x00, 0x00, 0, 0, 23),    // IETF protocol assignments: Teredo, benchmarking, ORCHID
	six(0x20, 0x01, 0x0d, 0xb8, 0, 0, 32),    // documentation
	six(0x20, 0x02, 0x00, 0x00, 0, 0, 16),    // 6to4
	six(0x26, 0x20, 0x00, 0x4f, 0x80, 0, 48), // AS112
	six(0x3f, 0xff, 0x00, 0x00, 0, 0, 20),    // documentation
	six(0x3f, 0xfe, 0x00, 0x00, 0, 0, 16),    // the former 6bone
}
