//go:build cgo

package probe

import (
	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/av"
)

// Limits on looking at pictures.
const (
	maxSniffFrames  = 12  // decoded
	maxSamplePacket = 400 // read of all streams
)

// wanted codecs may carry HDR metadata, captions or the field order in their pictures.
var wanted = map[rendition.Codec]bool{
	rendition.H264: true, rendition.H265: true, rendition.AV1: true, "mpeg2video": true, "mpeg1video": true, "vvc": true,
}

// readIndexes takes over what the container's tables of samples tell.
func (p *inspector) readIndexes() {
	var lost, listed int64
	for i := range p.media.Streams {
		s, t := &p.media.Streams[i], &p.tracks[i]
		if !moving(s) {
			continue
		}
		t.index = p.in.Index(i)
		t.full = t.index.Entries > 1 && s.Frames > 0 && t.index.Entries >= s.Frames
		if t.full {
			lost += t.index.LostBytes
			listed += t.index.Bytes
		}
	}
	if lost > 0 {
		p.warn("the file is cut off: %s of the media that its index lists lies beyond its end", percent(lost, listed))
	}
}

// sample reads some packets from the start and decodes the first pictures of
// the main video stream.
func (p *inspector) sample() error {
	if p.opts.SampleBytes == 0 {
		return nil
	}
	var sniffer *av.Sniffer
	main := p.media.VideoStream()
	if main != nil && wanted[main.Codec] && p.in.CanDecode(main.Index) {
		var err error
		if sniffer, err = av.NewSniffer(p.in, main.Index); err != nil {
			p.warn("the pictures of stream %d can not be decoded: %s", main.Index, causeOf(err))
		} else {
			defer sniffer.Close()
		}
	}
	limit := p.in.BytesRead() + p.opts.SampleBytes
	for n := 0; n < maxSamplePacket && p.in.BytesRead() <= limit; n++ {
		more, err := p.next()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if sniffer != nil && p.packet.Stream() == main.Index && sniffer.Frames() < maxSniffFrames {
			sniffer.Feed(p.packet)
		}
		if p.sampled(sniffer) {
			break
		}
	}
	if sniffer != nil {
		sniffer.Feed(nil)
		takeOver(main.Video, sniffer.Found())
	}
	return nil
}

// sampled reports whether enough was seen: the pictures, and the times of
// every video stream that has no full index.
func (p *inspector) sampled(sniffer *av.Sniffer) bool {
	if sniffer != nil && sniffer.Frames() < maxSniffFrames {
		return false
	}
	for i := range p.media.Streams {
		s, t := &p.media.Streams[i], &p.tracks[i]
		if moving(s) && !t.full && t.packets < 100 {
			return false
		}
	}
	return true
}

// takeOver adds what stood in the pictures.
func takeOver(v *rendition.VideoInfo, found av.Sniffed) {
	if v.MasteringDisplay == nil {
		v.MasteringDisplay = found.MasteringDisplay
	}
	if v.ContentLight == nil {
		v.ContentLight = found.ContentLight
	}
	v.ClosedCaptions = found.ClosedCaptions
	if found.DynamicHDR {
		v.HDR = "hdr10+"
	}
	if v.FieldOrder == "" || (v.FieldOrder == "progressive" && found.FieldOrder != "") {
		v.FieldOrder = found.FieldOrder
	}
}

// classify names the kind of high dynamic range of every video stream.
func (p *inspector) classify() {
	for i := range p.media.Streams {
		v := p.media.Streams[i].Video
		if v == nil {
			continue
		}
		switch {
		case v.DolbyVision != nil:
			v.HDR = "dolby_vision"
		case v.HDR != "":
		case v.Color.Transfer == "smpte2084":
			v.HDR = "hdr10"
		case v.Color.Transfer == "arib-std-b67":
			v.HDR = "hlg"
		}
	}
}
