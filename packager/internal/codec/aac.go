package codec

import (
	"bytes"
	"errors"
	"fmt"
)

// aacRates is samplingFrequencyIndex of ISO/IEC 14496-3 table 1.18.
var aacRates = [...]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// aacChannels is channelConfiguration of table 1.19.
var aacChannels = [...]int{0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8}

// Object types of table 1.17.
const (
	aotSBR = 5
	aotPS  = 29
)

// audioSpecific is what is read of an AudioSpecificConfig (clause 1.6.2.1).
type audioSpecific struct {
	objectType int // as it is to be named: 5 or 29 where SBR or PS is signaled
	rate       int // of the core
	outputRate int // after SBR
	channels   int
}

func parseAAC(in *Input) (*Config, error) {
	if len(in.Config) == 0 {
		return nil, errors.New("no AudioSpecificConfig: strip ADTS headers and give the configuration")
	}
	asc, err := parseAudioSpecific(in.Config)
	if err != nil {
		return nil, err
	}
	return &Config{
		Entry: "mp4a", Box: "esds", ObjectType: 0x40, Specific: bytes.Clone(in.Config), Roll: -1,
		Name: fmt.Sprintf("mp4a.40.%d", asc.objectType), Channels: asc.channels, SampleRate: asc.outputRate,
	}, nil
}

func parseAudioSpecific(data []byte) (*audioSpecific, error) {
	r := &bitReader{data: data}
	asc := &audioSpecific{objectType: readAOT(r)}
	asc.rate = readAACRate(r)
	config := int(r.read(4))
	asc.outputRate = asc.rate
	core := asc.objectType
	if core == aotSBR || core == aotPS { // hierarchical signaling
		asc.outputRate = readAACRate(r)
		core = readAOT(r)
	}
	if r.over || core == 0 || asc.rate == 0 || asc.outputRate == 0 {
		return nil, errors.New("the AudioSpecificConfig ends early or has an unknown sampling rate")
	}
	if config < len(aacChannels) {
		asc.channels = aacChannels[config]
	}
	if asc.objectType == core && core == 2 {
		findSBR(r, asc)
	}
	return asc, nil
}

func readAOT(r *bitReader) int {
	if t := int(r.read(5)); t != 31 {
		return t
	}
	return 32 + int(r.read(6))
}

func readAACRate(r *bitReader) int {
	i := int(r.read(4))
	if i == 15 {
		return int(r.read(24))
	}
	if i < len(aacRates) {
		return aacRates[i]
	}
	return 0
}

// findSBR looks for the backward compatible signaling of SBR and PS behind the
// GASpecificConfig of an AAC-LC core.
func findSBR(r *bitReader, asc *audioSpecific) {
	r.read(1) // frameLengthFlag
	if r.flag() {
		r.read(14) // coreCoderDelay
	}
	r.read(1) // extensionFlag
	if asc.channels == 0 {
		return // a program_config_element follows: not worth its parser here
	}
	if r.left() < 16 || r.read(11) != 0x2b7 || readAOT(r) != aotSBR || !r.flag() {
		return
	}
	rate := readAACRate(r)
	if r.over || rate == 0 {
		return
	}
	asc.objectType, asc.outputRate = aotSBR, rate
	if r.left() >= 12 && r.read(11) == 0x548 && r.flag() {
		asc.objectType = aotPS
	}
}
