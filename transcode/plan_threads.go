package transcode

import (
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
)

// threadTable is the encoder's thread count by the picture's pixels, the
// lowest row that holds the size.
var threadTable = []struct{ pixels, threads int }{
	{640 * 360, 1},
	{1280 * 720, 2},
	{1920 * 1088, 3},
}

// maxThreads is for all larger pictures.
const maxThreads = 6

// chunkedThreads is the thread count of an encode that is cut into chunks, by
// pixels. Chunks and renditions run side by side, and a thread alone wastes least;
// a second one for large pictures keeps a ladder's largest rung from being half
// of its work on one core.
var chunkedThreads = []struct{ pixels, threads int }{
	{1280 * 720, 1},
	{2560 * 1440, 2},
	{4096 * 2304, 3},
}

// longEnough is how long a clip is that has chunks for many cores.
const longEnough = 20 * time.Second

// encoderThreads is a function of source and settings alone, never of the machine:
// encoders write other bytes with another number of threads. And x264 and SVT-AV1
// with a cap (seen in x264 r3095 and SVT-AV1 1.4.1) write others each time unless
// they have one: their rate control takes sizes in the order in which threads come by.
func encoderThreads(r *VideoRendition, chunked bool) int {
	if r.MaxBitrate > 0 && (r.Codec == rendition.H264 || r.Codec == rendition.AV1) {
		return 1
	}
	table, most := threadTable, maxThreads
	if chunked {
		table, most = chunkedThreads, 4
	}
	for _, row := range table {
		if r.Width*r.Height <= row.pixels {
			return row.threads
		}
	}
	return most
}

// chunked reports whether a clip of the source is likely to be encoded in chunks.
func chunked(m *rendition.Media, c Clip) bool {
	length := m.Duration - c.Start
	if c.Duration > 0 {
		length = min(length, c.Duration)
	}
	return encode.HasIndex(m) && length >= longEnough
}
