package mp4_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/mp4"
)

// One second of silence as AAC: the configuration says AAC-LC, 48 kHz, stereo,
// and each frame is an empty one. The encoder's delay of one frame is cut off
// by an edit list.
func ExampleWriter() {
	ctx := context.Background()
	w := mp4.NewWriter(&mp4.Options{Tags: map[string]string{"title": "Silence"}})
	track, err := w.AddTrack(packager.Track{
		Type: rendition.Audio, Codec: rendition.AAC, Timescale: 48000,
		Config: []byte{0x11, 0x90}, SampleRate: 48000, Channels: 2, EncoderDelay: 1024, Language: "en",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	frame := []byte{0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c}
	for i := range int64(48) {
		at := i*1024 - 1024
		if err := track.WriteSample(ctx, packager.Sample{PTS: at, DTS: at, Duration: 1024, Key: true, Data: frame}); err != nil {
			w.Abort()
			fmt.Println(err)
			return
		}
	}
	file, err := w.Finish(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()

	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	out, err := os.Create(filepath.Join(dir, "silence.m4a"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer out.Close()
	if _, err := file.WriteTo(out); err != nil {
		fmt.Println(err)
		return
	}
	info := file.Tracks()[0]
	fmt.Println(info.CodecString, info.Samples, "frames", info.Duration.Milliseconds(), "ms")
	// Output: mp4a.40.2 48 frames 1002 ms
}
