//go:build cgo

package av

//#include "shim.h"
import "C"

import (
	"fmt"

	"github.com/rendition-sdk/rendition"
)

// codecOf names a codec as this SDK does: as FFmpeg, but for H265.
func codecOf(id C.enum_AVCodecID) rendition.Codec {
	switch name := text(C.avcodec_get_name(id)); name {
	case "none", "unknown_codec":
		return ""
	case "hevc":
		return rendition.H265
	default:
		return rendition.Codec(name)
	}
}

// CodecName is FFmpeg's name of a codec.
func CodecName(c rendition.Codec) string {
	if c == rendition.H265 {
		return "hevc"
	}
	return string(c)
}

// CanDecode reports whether this build of FFmpeg has a decoder for a stream.
func (in *Input) CanDecode(stream int) bool {
	return C.avcodec_find_decoder(in.cStream(stream).codecpar.codec_id) != nil
}

func profileName(par *C.AVCodecParameters) string {
	return text(C.avcodec_profile_name(par.codec_id, par.profile))
}

// fourCC prints a container's four characters; other numbers as hexadecimal.
func fourCC(tag uint32) string {
	if tag == 0 {
		return ""
	}
	b := []byte{byte(tag), byte(tag >> 8), byte(tag >> 16), byte(tag >> 24)}
	for _, c := range b {
		if c < ' ' || c > '~' {
			return fmt.Sprintf("0x%08x", tag)
		}
	}
	return string(b)
}
