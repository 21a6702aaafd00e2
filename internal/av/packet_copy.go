//go:build cgo

package av

//#include <libavcodec/avcodec.h>
import "C"

import (
	"unsafe"
)

// Hidden reports whether an edit list takes the packet's picture out of the
// timeline: it is decoded for the sake of others, and not shown.
func (p *Packet) Hidden() bool { return cPacket(p.p).flags&C.AV_PKT_FLAG_DISCARD != 0 }

// NewConfig copies the codec configuration that holds from this packet on; nil
// when it stays as it is.
func (p *Packet) NewConfig() []byte {
	var size C.size_t
	data := C.av_packet_get_side_data(cPacket(p.p), C.AV_PKT_DATA_NEW_EXTRADATA, &size)
	if data == nil || size == 0 {
		return nil
	}
	return C.GoBytes(unsafe.Pointer(data), C.int(size))
}
