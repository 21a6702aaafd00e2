//go:build cgo

package av

//#include <libavcodec/avcodec.h>
//#include <libavutil/display.h>
//#include <libavutil/mastering_display_metadata.h>
import "C"

import (
	"math"
	"unsafe"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// addSideData writes what a track says beside the codec's own parameters:
// rotation and static HDR metadata.
func addSideData(c *C.AVCodecParameters, t *packager.Track) error {
	if t.Rotation != 0 {
		p, err := newSideData(c, C.AV_PKT_DATA_DISPLAYMATRIX, 9*unsafe.Sizeof(C.int32_t(0)))
		if err != nil {
			return err
		}
		C.av_display_rotation_set((*C.int32_t)(p), C.double(t.Rotation))
	}
	if t.MasteringDisplay != nil {
		p, err := newSideData(c, C.AV_PKT_DATA_MASTERING_DISPLAY_METADATA, unsafe.Sizeof(C.AVMasteringDisplayMetadata{}))
		if err != nil {
			return err
		}
		setMasteringDisplay((*C.AVMasteringDisplayMetadata)(p), t.MasteringDisplay)
	}
	if t.ContentLight != nil {
		p, err := newSideData(c, C.AV_PKT_DATA_CONTENT_LIGHT_LEVEL, unsafe.Sizeof(C.AVContentLightMetadata{}))
		if err != nil {
			return err
		}
		l := (*C.AVContentLightMetadata)(p)
		l.MaxCLL, l.MaxFALL = C.unsigned(t.ContentLight.MaxCLL), C.unsigned(t.ContentLight.MaxFALL)
	}
	return nil
}

// newSideData returns zeroed memory that belongs to c.
func newSideData(c *C.AVCodecParameters, kind C.enum_AVPacketSideDataType, size uintptr) (unsafe.Pointer, error) {
	sd := C.av_packet_side_data_new(&c.coded_side_data, &c.nb_coded_side_data, kind, C.size_t(size), 0)
	if sd == nil {
		return nil, wrap("output stream", errNoMemory)
	}
	clear(unsafe.Slice((*byte)(unsafe.Pointer(sd.data)), size))
	return unsafe.Pointer(sd.data), nil
}

func setMasteringDisplay(d *C.AVMasteringDisplayMetadata, m *rendition.MasteringDisplay) {
	fraction := func(v float64, den int) C.AVRational {
		return C.AVRational{num: C.int(math.Round(v * float64(den))), den: C.int(den)}
	}
	for i, p := range [3][2]float64{m.Red, m.Green, m.Blue} {
		d.display_primaries[i] = [2]C.AVRational{fraction(p[0], 50000), fraction(p[1], 50000)}
	}
	d.white_point = [2]C.AVRational{fraction(m.WhitePoint[0], 50000), fraction(m.WhitePoint[1], 50000)}
	d.min_luminance, d.max_luminance = fraction(m.MinLuminance, 10000), fraction(m.MaxLuminance, 10000)
	d.has_primaries, d.has_luminance = 1, 1
}
