package mp4

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/Eyevinn/mp4ff/mp4"

	"github.com/rendition-sdk/rendition"
)

// tagBoxes are the boxes of Apple's metadata list under FFmpeg's tag names.
var tagBoxes = map[string]string{
	"title": "\xa9nam", "artist": "\xa9ART", "album": "\xa9alb", "album_artist": "aART", "comment": "\xa9cmt", "genre": "\xa9gen",
	"date": "\xa9day", "composer": "\xa9wrt", "encoder": "\xa9too", "lyrics": "\xa9lyr", "grouping": "\xa9grp", "copyright": "cprt",
	"description": "desc", "synopsis": "ldes", "show": "tvsh", "episode_id": "tven", "network": "tvnn",
}

// maxTagBytes is the size of one tag; longer ones are cut.
const maxTagBytes = 60000

// userData is udta: tags and chapters; nil when there are none.
func userData(o *Options, quickTime bool) *mp4.UdtaBox {
	udta := &mp4.UdtaBox{}
	names := slices.Sorted(maps.Keys(o.Tags))
	names = slices.DeleteFunc(names, func(n string) bool { return n == "" || o.Tags[n] == "" })
	if quickTime {
		for _, n := range names {
			if box := tagBoxes[strings.ToLower(n)]; strings.HasPrefix(box, "\xa9") {
				udta.AddChild(quickTimeTag(box, o.Tags[n]))
			}
		}
	} else if len(names) > 0 {
		udta.AddChild(metadataList(names, o.Tags))
	}
	if len(o.Chapters) > 0 {
		udta.AddChild(neroChapters(o.Chapters))
	}
	if len(udta.Children) == 0 {
		return nil
	}
	return udta
}

func cut(s string) string { return s[:min(len(s), maxTagBytes)] }

// quickTimeTag is international text: size, language (0x55C4 undetermined), text.
func quickTimeTag(name, value string) mp4.Box {
	value = cut(value)
	p := binary.BigEndian.AppendUint16(nil, uint16(len(value)))
	return rawBox(name, append(append(p, 0x55, 0xc4), value...)...)
}

// metadataList is meta with a handler and ilst, as iTunes writes it.
func metadataList(names []string, tags map[string]string) mp4.Box {
	var ilst []byte
	for _, n := range names {
		value := data(cut(tags[n]))
		if box, ok := tagBoxes[strings.ToLower(n)]; ok {
			ilst = append(ilst, encodeBox(box, value)...)
			continue
		}
		free := encodeBox("mean", append(make([]byte, 4), "com.apple.iTunes"...))
		free = append(free, encodeBox("name", append(make([]byte, 4), cut(n)...))...)
		ilst = append(ilst, encodeBox("----", append(free, value...))...)
	}
	hdlr := append(make([]byte, 8), "mdirappl\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	meta := append(make([]byte, 4), encodeBox("hdlr", hdlr)...)
	return rawBox("meta", append(meta, encodeBox("ilst", ilst)...)...)
}

// data is a value of type UTF-8 text.
func data(value string) []byte {
	return encodeBox("data", append([]byte{0, 0, 0, 1, 0, 0, 0, 0}, value...))
}

func encodeBox(name string, payload []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(8+len(payload)))
	return append(append(b, name...), payload...)
}

// neroChapters is chpl version 1: times in units of 100 ns.
func neroChapters(list []rendition.Chapter) mp4.Box {
	list = list[:min(len(list), 255)]
	p := []byte{1, 0, 0, 0, 0, 0, 0, 0, byte(len(list))}
	for _, c := range list {
		p = binary.BigEndian.AppendUint64(p, uint64(math.Round(min(max(c.StartSeconds, 0), 1e9)*1e7)))
		title := c.Title[:min(len(c.Title), 255)]
		p = append(append(p, byte(len(title))), title...)
	}
	return rawBox("chpl", p...)
}
