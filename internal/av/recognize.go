//go:build cgo

package av

//#include <stdlib.h>
//#include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unsafe"

	"github.com/rendition-sdk/rendition"

	"github.com/asticode/go-astiav"
)

// maxRecognizeBytes bounds what is read to recognize a format.
const maxRecognizeBytes = 1 << 20

// lowestScore is the score that a format must exceed: libav gives 1 to a
// format for the file's name alone.
const lowestScore = 1

// refusedFormats only say where media is. Following such pointers would let an
// input read the host's files and network.
var refusedFormats = []string{
	"concat", "concatf", "hls", "applehttp", "dash", "imf", "image2", "sdp", "rtp", "rtsp", "sap", "webm_dash_manifest",
	"ffmetadata", "lavfi", "bluray", "dvdvideo", "smb", "vapoursynth", "avisynth", "mca_playlist",
}

// textFormats are recognized in any text, and hold no media.
var textFormats = []string{"tty"}

// recognize finds the demuxer from the source's first bytes; the name only
// helps where the bytes alone do not tell.
func (in *Input) recognize(o InputOptions) (*C.AVInputFormat, error) {
	name := C.CString("source" + path.Ext(in.name))
	defer C.free(unsafe.Pointer(name))
	var format *C.AVInputFormat
	limit := C.int(min(max(o.ProbeBytes, 2048), maxRecognizeBytes))
	score := C.rd_probe_format(in.io.pb, &format, name, limit, in.owner())
	if err := check(score); err != nil {
		if cause := in.io.cause(nil); cause != nil {
			return nil, wrap("open", cause)
		}
		if in.io.bytes.Load() == 0 {
			return nil, in.invalid("the file is empty", "")
		}
		return nil, in.notMedia()
	}
	names := strings.Split(C.GoString(format.name), ",")
	if slices.ContainsFunc(names, func(n string) bool { return slices.Contains(refusedFormats, n) }) {
		return nil, in.refused(names[0])
	}
	if score <= lowestScore || slices.ContainsFunc(names, func(n string) bool { return slices.Contains(textFormats, n) }) {
		return nil, in.notMedia()
	}
	return format, nil
}

// openError explains a failed avformat_open_input or avformat_find_stream_info.
func (in *Input) openError(err error) error {
	if cause := in.io.cause(nil); cause != nil {
		return wrap("open", cause)
	}
	if in.log.wasRefused() {
		return in.refused("")
	}
	lines := in.log.lines()
	if slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "moov atom not found") }) {
		return in.invalid("the file is cut off or damaged: its index (moov) is missing", "upload it again, complete")
	}
	if errors.Is(err, astiav.ErrEof) {
		err = fmt.Errorf("the file ends before its media begins: %w", io.ErrUnexpectedEOF)
	}
	e := &rendition.Error{Kind: avKind(err), Op: "av: open", Key: in.name, Fault: rendition.FaultInput}
	if e.Kind == rendition.Internal { // a demuxer that fails does so for the file
		e.Kind = rendition.InvalidInput
	}
	e.Err = err
	if len(lines) > 0 {
		e.Err = fmt.Errorf("%w: %s", err, strings.Join(lines, "; "))
	}
	return e
}

func (in *Input) invalid(text, hint string) error {
	return &rendition.Error{Kind: rendition.InvalidInput, Op: "av: open", Key: in.name, Err: errors.New(text), Hint: hint}
}

func (in *Input) notMedia() error {
	return in.invalid("not a media file, or of a format that is not known", "check that the name leads to the right file")
}

func (in *Input) refused(format string) error {
	text := "the file points to other files, which is not followed"
	if format != "" {
		text = fmt.Sprintf("the file is a list of other files (%s), which is not followed", format)
	}
	return &rendition.Error{
		Kind: rendition.Unsupported, Op: "av: open", Key: in.name, Err: errors.New(text),
		Hint: "give the media file itself", Fault: rendition.FaultInput,
	}
}
