package packtest

import (
	"context"
	"encoding/json"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// Probe is what ffprobe says about a file.
type Probe struct {
	Streams []ProbeStream `json:"streams"`
	Format  struct {
		Duration string            `json:"duration"`
		Tags     map[string]string `json:"tags"`
	} `json:"format"`
	Packets  []Packet `json:"packets"`
	Chapters []struct {
		Tags map[string]string `json:"tags"`
	} `json:"chapters"`
}

// ProbeStream is a stream in ffprobe's terms.
type ProbeStream struct {
	Index          int               `json:"index"`
	CodecName      string            `json:"codec_name"`
	CodecTag       string            `json:"codec_tag_string"`
	Width          int               `json:"width"`
	Height         int               `json:"height"`
	StartTime      string            `json:"start_time"`
	Duration       string            `json:"duration"`
	SampleAspect   string            `json:"sample_aspect_ratio"`
	ColorTransfer  string            `json:"color_transfer"`
	ColorPrimaries string            `json:"color_primaries"`
	ColorRange     string            `json:"color_range"`
	SampleRate     string            `json:"sample_rate"`
	Channels       int               `json:"channels"`
	NBFrames       string            `json:"nb_frames"`
	NBReadFrames   string            `json:"nb_read_frames"`
	FrameRate      string            `json:"avg_frame_rate"`
	TimeBase       string            `json:"time_base"`
	Tags           map[string]string `json:"tags"`
	Disposition    map[string]int    `json:"disposition"`
	SideData       []map[string]any  `json:"side_data_list"`
}

// Packet is a packet in ffprobe's terms, times in the stream's time base.
type Packet struct {
	Stream   int    `json:"stream_index"`
	PTS      int64  `json:"pts"`
	DTS      int64  `json:"dts"`
	Duration int64  `json:"duration"`
	Size     string `json:"size"`
	Flags    string `json:"flags"`
}

// Bytes is the packet's size.
func (p *Packet) Bytes(t testing.TB) int {
	t.Helper()
	n, err := strconv.Atoi(p.Size)
	require.NoError(t, err)
	return n
}

// FFprobe reads everything ffprobe says about a file or playlist. It skips the
// test where there is no ffprobe.
func FFprobe(t testing.TB, path string, args ...string) *Probe {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	args = append([]string{"-v", "error", "-show_streams", "-show_format", "-show_packets", "-show_chapters", "-of", "json"}, args...)
	args = append(args, path)
	out, err := exec.CommandContext(ctx, testenv.Program(t, "ffprobe"), args...).Output()
	require.NoError(t, err, "ffprobe %v", args)
	var p Probe
	require.NoError(t, json.Unmarshal(out, &p))
	return &p
}

// Decode decodes all of a file or playlist with ffmpeg and fails the test on any complaint.
func Decode(t testing.TB, path string) {
	t.Helper()
	out := Run(t, testenv.Program(t, "ffmpeg"), "-v", "error", "-xerror", "-i", path, "-map", "0", "-f", "null", "-")
	require.Empty(t, string(out), "ffmpeg complains about %s", path)
}

// Generate runs ffmpeg with args and a file name in a temporary folder behind
// them, and returns that file.
func Generate(t testing.TB, name string, args ...string) string {
	t.Helper()
	path := t.TempDir() + "/" + name
	Run(t, testenv.Program(t, "ffmpeg"), append(append([]string{"-v", "error", "-y"}, args...), path)...)
	return path
}

// Run runs a program to its end and returns all it prints.
func Run(t testing.TB, program string, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	require.NoError(t, err, "%s %v\n%s", program, args, out)
	return out
}
