//go:build cgo

package probe

import (
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// maxFirstBytes is what is kept of a stream's first packet, whose headers count.
const maxFirstBytes = 1 << 20

// readsPackets are the codecs whose packets say what their codec string holds.
var readsPackets = map[rendition.Codec]bool{
	rendition.VP8: true, rendition.VP9: true, rendition.AV1: true, rendition.AC3: true, rendition.EAC3: true,
	rendition.H264: true, rendition.H265: true,
}

// firstBytes copies the start of p.packet, of stream i, where it is needed.
func (p *inspector) firstBytes(i int) []byte {
	if !readsPackets[p.media.Streams[i].Codec] || p.packet.Size() == 0 {
		return []byte{}
	}
	data := p.packet.Data()
	return data[:min(len(data), maxFirstBytes)]
}

// codecStrings names every stream that has an RFC 6381 name.
func (p *inspector) codecStrings() {
	for i := range p.media.Streams {
		s := &p.media.Streams[i]
		if !moving(s) || s.Codec == "" {
			continue
		}
		t := packager.Track{Type: s.Type, Codec: s.Codec, Config: p.in.Extradata(i)}
		if v := s.Video; v != nil {
			t.Width, t.Height, t.FrameRate, t.Color = v.Width, v.Height, v.FrameRate, v.Color
		}
		if a := s.Audio; a != nil {
			t.SampleRate, t.Channels = a.SampleRate, a.Channels
		}
		s.CodecString = p.codecString(s, t)
	}
}

// plainNames are the names of codecs without parameters that MP4 does not carry.
var plainNames = map[rendition.Codec]string{rendition.VP8: "vp8", rendition.Vorbis: "vorbis"}

// aacTypes are the audio object types (ISO/IEC 14496-3 table 1.17) of FFmpeg's
// profile names, for AAC whose configuration stands in each frame.
var aacTypes = map[string]string{"Main": "1", "LC": "2", "SSR": "3", "LTP": "4", "HE-AAC": "5", "HE-AACv2": "29", "LD": "23", "ELD": "39"}

// codecString finds the name of s, empty if it has none.
func (p *inspector) codecString(s *rendition.Stream, t packager.Track) string {
	if name, ok := plainNames[s.Codec]; ok {
		return name
	}
	if object, ok := aacTypes[s.Profile]; ok && (s.Codec == "aac_latm" || (s.Codec == rendition.AAC && len(t.Config) == 0)) {
		return "mp4a.40." + object
	}
	first := p.tracks[s.Index].sample
	name, err := packager.CodecStringOf(t, first)
	if err != nil && len(first) > 0 { // a configuration record without the sequence header
		t.Config = nil
		name, err = packager.CodecStringOf(t, first)
	}
	switch {
	case err != nil && rendition.KindOf(err) == rendition.Unsupported && p.isFormat("mov") &&
		len(s.CodecTag) == 4 && !strings.HasPrefix(s.CodecTag, "mp4"):
		return s.CodecTag // RFC 6381 3.3: the code of the sample entry
	case err != nil:
		return ""
	}
	if rest, ok := strings.CutPrefix(name, "hvc1."); ok && s.CodecTag == "hev1" {
		return "hev1." + rest
	}
	if rest, ok := strings.CutPrefix(name, "avc1."); ok && s.CodecTag == "avc3" {
		return "avc3." + rest
	}
	return name
}
