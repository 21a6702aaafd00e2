package transcode

import "github.com/rendition-sdk/rendition"

// threadTable is the encoder's thread count by the picture's pixels, the
// lowest row that holds the size.
var threadTable = []struct{ pixels, threads int }{
	{640 * 360, 1},
	{1280 * 720, 2},
	{1920 * 1088, 3},
}

// maxThreads is for all larger pictures.
const maxThreads = 6

// encoderThreads is a function of the settings alone, never of the machine:
// encoders write other bytes with another number of threads. The codec is
// there for the day that one wants a table of its own.
func encoderThreads(_ rendition.Codec, width, height int) int {
	for _, row := range threadTable {
		if width*height <= row.pixels {
			return row.threads
		}
	}
	return maxThreads
}
