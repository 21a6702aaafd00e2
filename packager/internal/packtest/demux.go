// Package packtest helps the packagers' tests: it takes real clips apart, makes
// new ones with the ffmpeg program, and asks ffprobe what it sees in a result.
package packtest

import (
	"bytes"
	"encoding/binary"
	"os"
	"slices"
	"testing"

	"github.com/Eyevinn/mp4ff/avc"
	"github.com/Eyevinn/mp4ff/hevc"
	"github.com/Eyevinn/mp4ff/mp4"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
)

// Stream is a track with its samples.
type Stream struct {
	packager.Track
	Samples []packager.Sample
	// Specific is the payload of the dac3, dec3, vpcC, dOps or hvcC box the track came with.
	Specific []byte
}

// Demux reads the audio and video tracks of a progressive MP4 file. Timestamps
// are on the movie's timeline.
func Demux(t testing.TB, path string) []*Stream {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	f, err := mp4.DecodeFile(bytes.NewReader(data))
	require.NoError(t, err)
	var list []*Stream
	for _, trak := range f.Moov.Traks {
		s := &Stream{Track: packager.Track{Timescale: trak.Mdia.Mdhd.Timescale, Language: trak.Mdia.Mdhd.GetLanguage()}}
		if !describe(t, s, trak) {
			continue
		}
		readSamples(t, s, trak, data, f.Moov.Mvhd.Timescale)
		list = append(list, s)
	}
	require.NotEmpty(t, list)
	return list
}

func describe(t testing.TB, s *Stream, trak *mp4.TrakBox) bool {
	t.Helper()
	for _, entry := range trak.Mdia.Minf.Stbl.Stsd.Children {
		switch e := entry.(type) {
		case *mp4.VisualSampleEntryBox:
			s.Type, s.Width, s.Height = rendition.Video, int(e.Width), int(e.Height)
			for _, c := range e.Children {
				switch c.Type() {
				case "hvcC", "vpcC":
					s.Specific = payload(t, c)
				}
				switch c.Type() {
				case "avcC":
					s.Codec, s.Config = rendition.H264, payload(t, c)
				case "hvcC":
					s.Codec, s.Config = rendition.H265, payload(t, c)
				case "av1C":
					s.Codec, s.Config = rendition.AV1, payload(t, c)
				case "vpcC":
					s.Codec, s.Config = rendition.VP9, payload(t, c)[4:]
				}
			}
			return s.Codec != ""
		case *mp4.AudioSampleEntryBox:
			s.Type, s.SampleRate, s.Channels = rendition.Audio, int(e.SampleRate), int(e.ChannelCount)
			return describeAudio(t, s, e)
		}
	}
	return false
}

func describeAudio(t testing.TB, s *Stream, e *mp4.AudioSampleEntryBox) bool {
	t.Helper()
	for _, c := range e.Children {
		switch c.Type() {
		case "dac3", "dec3", "dOps":
			s.Specific = payload(t, c)
		}
	}
	switch {
	case e.Esds != nil && e.Esds.DecConfigDescriptor.ObjectType == 0x40:
		s.Codec, s.Config = rendition.AAC, e.Esds.DecConfigDescriptor.DecSpecificInfo.DecConfig
	case e.Esds != nil:
		s.Codec = rendition.MP3
	case e.Dops != nil:
		s.Codec, s.Config = rendition.Opus, payload(t, e.Dops)
	case e.Type() == "ac-3":
		s.Codec = rendition.AC3
	case e.Type() == "ec-3":
		s.Codec = rendition.EAC3
	case e.DfLa != nil:
		s.Codec, s.Config = rendition.FLAC, payload(t, e.DfLa)
	default:
		return false
	}
	return true
}

func payload(t testing.TB, b mp4.Box) []byte {
	t.Helper()
	var w bytes.Buffer
	require.NoError(t, b.Encode(&w))
	return w.Bytes()[8:]
}

func readSamples(t testing.TB, s *Stream, trak *mp4.TrakBox, data []byte, movie uint32) {
	t.Helper()
	stbl := trak.Mdia.Minf.Stbl
	shift := int64(0) // from media to timeline
	if trak.Edts != nil {
		for _, e := range trak.Edts.Elst[0].Entries {
			if e.MediaTime < 0 {
				shift += int64(e.SegmentDuration) * int64(s.Timescale) / int64(movie)
			} else {
				shift -= e.MediaTime
				break
			}
		}
	}
	n := stbl.Stsz.SampleNumber
	for nr := uint32(1); nr <= n; nr++ {
		dts, dur := stbl.Stts.GetDecodeTime(nr)
		sample := packager.Sample{DTS: int64(dts) + shift, Duration: int64(dur), Key: stbl.Stss == nil || stbl.Stss.IsSyncSample(nr)}
		sample.PTS = sample.DTS
		if stbl.Ctts != nil {
			sample.PTS += int64(stbl.Ctts.GetCompositionTimeOffset(nr))
		}
		offset := sampleOffset(t, stbl, int(nr))
		sample.Data = data[offset : offset+uint64(stbl.Stsz.GetSampleSize(int(nr)))]
		s.Samples = append(s.Samples, sample)
	}
}

func sampleOffset(t testing.TB, stbl *mp4.StblBox, nr int) uint64 {
	t.Helper()
	chunk, first, err := stbl.Stsc.ChunkNrFromSampleNr(nr)
	require.NoError(t, err)
	var offset uint64
	if stbl.Co64 != nil {
		offset = stbl.Co64.ChunkOffset[chunk-1]
	} else {
		offset = uint64(stbl.Stco.ChunkOffset[chunk-1])
	}
	for i := first; i < nr; i++ {
		offset += uint64(stbl.Stsz.GetSampleSize(i))
	}
	return offset
}

// ParameterSets returns the parameter sets of an H.264 or H.265 record in Annex B form.
func ParameterSets(t testing.TB, s *Stream) []byte {
	t.Helper()
	if s.Codec == rendition.H264 {
		rec, err := avc.DecodeAVCDecConfRec(s.Config)
		require.NoError(t, err)
		return AnnexB(append(slices.Clone(rec.SPSnalus), rec.PPSnalus...)...)
	}
	rec, err := hevc.DecodeHEVCDecConfRec(s.Config)
	require.NoError(t, err)
	var list [][]byte
	for _, a := range rec.NaluArrays {
		if t := a.NaluType(); t == hevc.NALU_VPS || t == hevc.NALU_SPS || t == hevc.NALU_PPS {
			list = append(list, a.Nalus...)
		}
	}
	return AnnexB(list...)
}

// StartCodes turns a sample with 4-byte lengths into Annex B form.
func StartCodes(sample []byte) []byte {
	var out []byte
	for len(sample) >= 4 {
		n := 4 + int(binary.BigEndian.Uint32(sample))
		out = append(out, AnnexB(sample[4:n])...)
		sample = sample[n:]
	}
	return out
}
