//go:build cgo

package av

//#include <libavutil/dict.h>
//#include "shim.h"
import "C"

import (
	"strings"
	"time"
	"unsafe"

	"github.com/rendition-sdk/rendition"
)

// Limits on the metadata that is taken over.
const (
	maxTags     = 256
	maxTagBytes = 4 << 10
	maxChapters = 10_000
)

// Media returns what the source's headers say. Nothing is measured: durations
// and rates can be wrong or absent (package probe corrects them).
func (in *Input) Media() *rendition.Media {
	format := in.fc.iformat
	m := &rendition.Media{
		Name: in.name, Size: in.io.size,
		Container: C.GoString(format.name), ContainerName: C.GoString(format.long_name),
		Bitrate:  max(int64(in.fc.bit_rate), 0),
		Seekable: in.io.pb.seekable != 0 && in.io.size >= 0 && in.fc.ctx_flags&C.AVFMTCTX_UNSEEKABLE == 0,
		Tags:     tags(in.fc.metadata),
	}
	if in.fc.start_time != C.AV_NOPTS_VALUE {
		m.StartSeconds = float64(in.fc.start_time) / 1e6
	}
	m.Duration = in.HeaderDuration()
	m.DurationSeconds = m.Duration.Seconds()
	for i := range in.Streams() {
		m.Streams = append(m.Streams, in.mediaStream(i))
	}
	m.Chapters = in.chapters()
	return m
}

// HeaderDuration is the duration that libav found or guessed, 0 when unknown.
func (in *Input) HeaderDuration() time.Duration {
	if in.fc.duration == C.AV_NOPTS_VALUE || in.fc.duration < 0 || int64(in.fc.duration) > maxMicroseconds {
		return 0
	}
	return time.Duration(in.fc.duration) * time.Microsecond
}

// maxMicroseconds is the longest time a time.Duration holds.
const maxMicroseconds = int64(1<<63-1) / 1000

// DurationGuessed reports whether HeaderDuration is only the file's size
// divided by a bit rate.
func (in *Input) DurationGuessed() bool {
	return in.fc.duration_estimation_method == C.AVFMT_DURATION_FROM_BITRATE
}

// DurationFromPackets reports whether HeaderDuration was found by reading the
// source's tail, as in MPEG transport streams.
func (in *Input) DurationFromPackets() bool {
	return in.fc.duration_estimation_method == C.AVFMT_DURATION_FROM_PTS
}

// mediaStream maps one stream.
func (in *Input) mediaStream(i int) rendition.Stream {
	st := in.cStream(i)
	par := st.codecpar
	s := rendition.Stream{
		Index: i, ID: int(st.id), Type: mediaType(par.codec_type), Codec: codecOf(par.codec_id),
		Profile: profileName(par), Level: max(int(par.level), 0), CodecTag: fourCC(uint32(par.codec_tag)),
		TimeBase: rational(st.time_base), Bitrate: max(int64(par.bit_rate), 0), Frames: max(int64(st.nb_frames), 0),
		Tags: tags(st.metadata), Disposition: disposition(st.disposition),
	}
	if st.start_time != C.AV_NOPTS_VALUE {
		s.StartSeconds = s.TimeBase.Duration(int64(st.start_time)).Seconds()
	}
	if st.duration != C.AV_NOPTS_VALUE && st.duration > 0 {
		s.Duration = s.TimeBase.Duration(int64(st.duration))
	} else {
		s.Duration = taggedDuration(s.Tags)
	}
	s.DurationSeconds = s.Duration.Seconds()
	s.Language, s.Title = s.Tags["language"], s.Tags["title"]
	if s.Language == "und" {
		s.Language = ""
	}
	switch par.codec_type {
	case C.AVMEDIA_TYPE_VIDEO:
		s.AttachedPicture = st.disposition&C.AV_DISPOSITION_ATTACHED_PIC != 0
		s.Video = in.videoInfo(st, s.Tags)
	case C.AVMEDIA_TYPE_AUDIO:
		s.Audio = audioInfo(par)
	}
	return s
}

func mediaType(t C.enum_AVMediaType) rendition.MediaType {
	switch t {
	case C.AVMEDIA_TYPE_VIDEO:
		return rendition.Video
	case C.AVMEDIA_TYPE_AUDIO:
		return rendition.Audio
	case C.AVMEDIA_TYPE_SUBTITLE:
		return rendition.Subtitle
	case C.AVMEDIA_TYPE_ATTACHMENT:
		return rendition.Attachment
	default:
		return rendition.Data
	}
}

func disposition(flags C.int) rendition.Disposition {
	has := func(flag C.int) bool { return flags&flag != 0 }
	return rendition.Disposition{
		Default: has(C.AV_DISPOSITION_DEFAULT), Forced: has(C.AV_DISPOSITION_FORCED),
		Original: has(C.AV_DISPOSITION_ORIGINAL), Dub: has(C.AV_DISPOSITION_DUB), Comment: has(C.AV_DISPOSITION_COMMENT),
		HearingImpaired: has(C.AV_DISPOSITION_HEARING_IMPAIRED), VisualImpaired: has(C.AV_DISPOSITION_VISUAL_IMPAIRED),
	}
}

// tags copies metadata: lower-case keys, valid UTF-8, bounded.
func tags(d *C.AVDictionary) map[string]string {
	var m map[string]string
	for e := C.av_dict_iterate(d, nil); e != nil && len(m) < maxTags; e = C.av_dict_iterate(d, e) {
		if m == nil {
			m = map[string]string{}
		}
		m[strings.ToLower(text(e.key))] = text(e.value)
	}
	return m
}

// text copies a string of the source's.
func text(s *C.char) string {
	if s == nil {
		return ""
	}
	n := C.strnlen(s, maxTagBytes)
	return strings.ToValidUTF8(C.GoStringN(s, C.int(n)), "\uFFFD")
}

func (in *Input) chapters() []rendition.Chapter {
	var list []rendition.Chapter
	for _, c := range unsafe.Slice(in.fc.chapters, min(int(in.fc.nb_chapters), maxChapters)) {
		base := rational(c.time_base)
		list = append(list, rendition.Chapter{
			StartSeconds: base.Duration(int64(c.start)).Seconds(), EndSeconds: base.Duration(int64(c.end)).Seconds(),
			Title: tags(c.metadata)["title"],
		})
	}
	return list
}

// Extradata copies a stream's codec configuration; nil if it has none.
func (in *Input) Extradata(stream int) []byte {
	par := in.cStream(stream).codecpar
	if par.extradata == nil || par.extradata_size <= 0 {
		return nil
	}
	return C.GoBytes(unsafe.Pointer(par.extradata), par.extradata_size)
}
