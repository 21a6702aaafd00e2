//go:build cgo

package av

//#include <libavcodec/avcodec.h>
import "C"

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/asticode/go-astiav"

	"github.com/rendition-sdk/rendition"
)

// Encoder turns frames into packets of one stream. It is used by one goroutine.
type Encoder struct {
	cc   *astiav.CodecContext
	name string
	tb   rendition.Rational
	pkt  *Packet
	log  *logOwner
}

// newEncoder allocates an encoder by FFmpeg's name; open finishes it.
func newEncoder(name string, logger *slog.Logger) (*Encoder, *astiav.Codec, error) {
	codec := astiav.FindEncoderByName(name)
	if codec == nil {
		return nil, nil, &rendition.Error{
			Kind: rendition.Unsupported, Op: "encode", Err: fmt.Errorf("this FFmpeg has no encoder %s", name),
			Hint: "run 'make setup', which builds FFmpeg with it",
		}
	}
	cc := astiav.AllocCodecContext(codec)
	if cc == nil {
		return nil, nil, wrap("encode: allocate", errNoMemory)
	}
	cc.SetFlags(cc.Flags().Add(astiav.CodecContextFlagGlobalHeader).Add(astiav.CodecContextFlagBitexact))
	e := &Encoder{cc: cc, name: name, pkt: NewPacket(), log: newLogOwner(logger)}
	e.log.watchCodec(cc)
	return e, codec, nil
}

// open opens the encoder with private options, all of which it must know.
func (e *Encoder) open(codec *astiav.Codec, options map[string]string) error {
	dict := astiav.NewDictionary()
	defer dict.Free()
	for k, v := range options {
		if err := dict.Set(k, v, 0); err != nil {
			return wrap("encode: option "+k, err)
		}
	}
	if err := e.cc.Open(codec, dict); err != nil {
		return e.log.wrap("encode: open "+e.name, err)
	}
	if left := dict.Get("", nil, astiav.NewDictionaryFlags(astiav.DictionaryFlagIgnoreSuffix)); left != nil {
		return &rendition.Error{
			Kind: rendition.Internal, Op: "encode: open " + e.name,
			Err: fmt.Errorf("the encoder does not know option %s", left.Key()),
		}
	}
	return nil
}

// Encode sends f (nil to flush at the end) and calls emit for each packet that
// comes out. The packet is valid only during the call; f stays the caller's.
func (e *Encoder) Encode(f *Frame, emit func(*Packet) error) error {
	var raw *astiav.Frame
	if f != nil {
		raw = f.f
	}
	for {
		err := e.cc.SendFrame(raw)
		again := errors.Is(err, astiav.ErrEagain)
		if err != nil && !again && !errors.Is(err, astiav.ErrEof) {
			return e.log.wrap("encode "+e.name, err)
		}
		if err := e.drain(emit); err != nil || !again {
			return err
		}
	}
}

func (e *Encoder) drain(emit func(*Packet) error) error {
	for {
		err := e.cc.ReceivePacket(e.pkt.p)
		if errors.Is(err, astiav.ErrEagain) || errors.Is(err, astiav.ErrEof) {
			return nil
		}
		if err != nil {
			return e.log.wrap("encode "+e.name, err)
		}
		err = emit(e.pkt)
		e.pkt.Unref()
		if err != nil {
			return err
		}
	}
}

// Config is the decoder configuration (extradata) in Go memory; it may be empty.
func (e *Encoder) Config() []byte { return append([]byte(nil), e.cc.ExtraData()...) }

// TimeBase is the time base of the packets.
func (e *Encoder) TimeBase() rendition.Rational { return e.tb }

// FrameSize is the number of samples an audio encoder wants in a frame; 0 any.
func (e *Encoder) FrameSize() int { return e.cc.FrameSize() }

// InitialPadding is the number of samples an audio encoder adds at the start.
func (e *Encoder) InitialPadding() int {
	return int((*C.AVCodecContext)(e.cc.UnsafePointer()).initial_padding)
}

// Close frees the encoder. It may be called twice.
func (e *Encoder) Close() {
	if e == nil || e.cc == nil {
		return
	}
	e.cc.Free()
	e.cc = nil
	e.pkt.Free()
	e.log.close()
}
