package codec

import "github.com/rendition-sdk/rendition"

// Code points of ISO/IEC 23091-2 under the names FFmpeg gives them.
var (
	primaries = map[string]uint16{
		"bt709": 1, "bt470m": 4, "bt470bg": 5, "smpte170m": 6, "smpte240m": 7, "film": 8, "bt2020": 9,
		"smpte428": 10, "smpte431": 11, "smpte432": 12, "ebu3213": 22, "jedec-p22": 22,
	}
	transfers = map[string]uint16{
		"bt709": 1, "bt470m": 4, "gamma22": 4, "bt470bg": 5, "gamma28": 5, "smpte170m": 6, "smpte240m": 7, "linear": 8,
		"log100": 9, "log316": 10, "iec61966-2-4": 11, "bt1361e": 12, "iec61966-2-1": 13, "bt2020-10": 14, "bt2020-12": 15,
		"smpte2084": 16, "smpte428": 17, "arib-std-b67": 18,
	}
	matrices = map[string]uint16{
		"gbr": 0, "bt709": 1, "fcc": 4, "bt470bg": 5, "smpte170m": 6, "smpte240m": 7, "ycgco": 8, "bt2020nc": 9, "bt2020c": 10,
		"smpte2085": 11, "chroma-derived-nc": 12, "chroma-derived-c": 13, "ictcp": 14,
	}
)

// CICP returns the code points of c, 2 (unspecified) for what it does not know.
func CICP(c rendition.Color) (primary, transfer, matrix uint16, fullRange bool) {
	return lookup(primaries, c.Primaries), lookup(transfers, c.Transfer), lookup(matrices, c.Matrix), c.Range == "pc"
}

func lookup(table map[string]uint16, name string) uint16 {
	if v, ok := table[name]; ok {
		return v
	}
	return 2
}
