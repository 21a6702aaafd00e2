package codec

import (
	"errors"
)

var (
	ac3Rates    = [...]int{48000, 44100, 32000}
	ac3Channels = [...]int{2, 1, 2, 3, 3, 4, 4, 5}
	ac3Blocks   = [...]int{1, 2, 3, 6}
)

// ac3Sync checks the sync word 0x0B77 of ETSI TS 102 366 clause 4.3.1.
func ac3Sync(data []byte) error {
	if data == nil {
		return ErrNeedSample
	}
	if len(data) < 8 || data[0] != 0x0b || data[1] != 0x77 {
		return errors.New("the first sample does not begin with an AC-3 sync frame")
	}
	return nil
}

// parseAC3 builds dac3 (ETSI TS 102 366 annex F.4) from the first sync frame.
func parseAC3(in *Input) (*Config, error) {
	if len(in.Config) == 3 { // the payload of dac3
		return ac3Config(in.Config), nil
	}
	if err := ac3Sync(in.First); err != nil {
		return nil, err
	}
	r := &bitReader{data: in.First, pos: 32} // sync word and crc1
	fscod, frmsizecod := r.read(2), r.read(6)
	bsid, bsmod, acmod := r.read(5), r.read(3), r.read(3)
	if fscod > 2 || bsid > 10 || frmsizecod > 37 {
		return nil, errors.New("the AC-3 sync frame has a reserved sample rate, frame size or version")
	}
	if acmod&1 != 0 && acmod != 1 {
		r.read(2) // cmixlev
	}
	if acmod&4 != 0 {
		r.read(2) // surmixlev
	}
	if acmod == 2 {
		r.read(2) // dsurmod
	}
	w := &bitWriter{}
	w.write(fscod, 2)
	w.write(bsid, 5)
	w.write(bsmod, 3)
	w.write(acmod, 3)
	w.write(r.read(1), 1) // lfeon
	w.write(frmsizecod>>1, 5)
	w.write(0, 5)
	return ac3Config(w.data), nil
}

func ac3Config(payload []byte) *Config {
	r := &bitReader{data: payload}
	c := &Config{Entry: "ac-3", Box: "dac3", Payload: append([]byte(nil), payload...), Name: "ac-3"}
	if fscod := int(r.read(2)); fscod < len(ac3Rates) {
		c.SampleRate = ac3Rates[fscod]
	}
	r.read(8)
	c.Channels = ac3Channels[r.read(3)] + int(r.read(1))
	return c
}

// eac3Frame is one sync frame of E-AC-3 (ETSI TS 102 366 annex E.1.2).
type eac3Frame struct {
	kind, size                       uint32
	fscod, bsid, acmod, lfe, chanMap uint32
	rate, blocks                     int
}

// parseEAC3 builds dec3 (annex F.6) from the sync frames of the first sample.
func parseEAC3(in *Input) (*Config, error) {
	if c := in.Config; len(c) >= 5 && (c[0] != 0x0b || c[1] != 0x77) { // the payload of dec3
		return &Config{
			Entry: "ec-3", Box: "dec3", Payload: append([]byte(nil), in.Config...), Name: "ec-3",
			Channels: in.Channels, SampleRate: in.SampleRate,
		}, nil
	}
	if err := ac3Sync(in.First); err != nil {
		return nil, err
	}
	frames, err := eac3Frames(in.First)
	if err != nil {
		return nil, err
	}
	return eac3Config(frames)
}

// maxEAC3Frames is 8 independent substreams with 8 dependent ones each, in 6 blocks.
const maxEAC3Frames = 8 * 9 * 6

func eac3Frames(data []byte) ([]eac3Frame, error) {
	var list []eac3Frame
	for len(data) > 0 && len(list) < maxEAC3Frames {
		if len(data) < 8 || data[0] != 0x0b || data[1] != 0x77 {
			break // padding behind the last frame
		}
		f, err := readEAC3(data)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
		data = data[min(len(data), int(f.size)):]
	}
	if len(list) == 0 || list[0].kind == 1 {
		return nil, errors.New("the sample does not begin with an independent E-AC-3 substream")
	}
	return list, nil
}

func readEAC3(data []byte) (eac3Frame, error) {
	r := &bitReader{data: data, pos: 16}
	f := eac3Frame{kind: r.read(2)}
	r.read(3) // substream id
	f.size = (r.read(11) + 1) * 2
	f.fscod, f.blocks = r.read(2), 6
	if f.fscod == 3 {
		half := r.read(2)
		if half == 3 {
			return f, errors.New("the E-AC-3 sync frame has a reserved sample rate")
		}
		f.rate = ac3Rates[half] / 2
	} else {
		f.rate = ac3Rates[f.fscod]
		f.blocks = ac3Blocks[r.read(2)]
	}
	f.acmod, f.lfe, f.bsid = r.read(3), r.read(1), r.read(5)
	if f.bsid < 11 || f.bsid > 16 || f.kind == 3 {
		return f, errors.New("the sync frame is not E-AC-3")
	}
	for range 1 + digit(f.acmod == 0) {
		r.read(5) // dialnorm
		if r.flag() {
			r.read(8) // compr
		}
	}
	if f.kind == 1 && r.flag() {
		f.chanMap = r.read(16)
	}
	return f, nil
}

// eac3Config sums up the first program of a sample: an independent substream
// with its dependent ones, repeated when frames are shorter than 6 blocks.
func eac3Config(frames []eac3Frame) (*Config, error) {
	first := frames[0]
	var size, blocks, dependent, location uint32
	for _, f := range frames {
		size += f.size
		if f.kind == 1 {
			dependent++
			location |= dec3Location(f.chanMap)
		} else {
			blocks += uint32(f.blocks)
		}
	}
	if repeats := blocks / uint32(first.blocks); dependent > 0 {
		dependent = min(15, max(1, dependent/repeats))
	}
	w := &bitWriter{}
	kbps := uint64(size) * 8 * uint64(first.rate) / (uint64(blocks) * 256) / 1000
	w.write(uint32(min(8191, kbps)), 13)
	w.write(0, 3) // one independent substream
	w.write(first.fscod, 2)
	w.write(first.bsid, 5)
	w.write(0, 2) // reserved, asvc
	w.write(0, 3) // bsmod: complete main
	w.write(first.acmod, 3)
	w.write(first.lfe, 1)
	w.write(0, 3)
	w.write(dependent, 4)
	if dependent > 0 {
		w.write(location, 9)
	} else {
		w.write(0, 1)
	}
	return &Config{
		Entry: "ec-3", Box: "dec3", Payload: w.data, Name: "ec-3",
		Channels: ac3Channels[first.acmod] + int(first.lfe), SampleRate: first.rate,
	}, nil
}

// dec3Location turns a custom channel map (annex E.1.3.1.8) into chan_loc (annex F.6.2.13).
func dec3Location(chanMap uint32) uint32 {
	var loc uint32
	for bit := range 8 { // Lc/Rc is bit 5 of the map, counted from its top, and bit 0 of chan_loc
		loc |= chanMap >> (15 - 5 - bit) & 1 << bit
	}
	return loc | chanMap>>1&1<<8 // LFE2
}
