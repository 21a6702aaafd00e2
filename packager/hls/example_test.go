package hls_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/hls"
)

// Ten seconds of sound as an audio-only presentation in a folder.
func ExampleWriter() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	ctx := context.Background()
	w := hls.NewWriter(packager.DirSink(dir), &hls.Options{SegmentDuration: rendition.Rational{Num: 4, Den: 1}})
	track, err := w.AddTrack(ctx, packager.Track{
		Type: rendition.Audio, Codec: rendition.AAC, Timescale: 48000,
		Config: []byte{0x11, 0x90}, SampleRate: 48000, Channels: 2,
	}, &hls.TrackOptions{Name: "audio"})
	if err != nil {
		fmt.Println(err)
		return
	}
	frame := []byte{0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c}
	for i := range int64(469) {
		if err := track.WriteSample(ctx, packager.Sample{PTS: i * 1024, DTS: i * 1024, Duration: 1024, Key: true, Data: frame}); err != nil {
			fmt.Println(err)
			return
		}
	}
	result, err := w.Finish(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range result.Files {
		fmt.Println(f.Name)
	}
	playlist, err := os.ReadFile(filepath.Join(dir, "audio", "media.m3u8"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(playlist))
	// Output:
	// audio/init.mp4
	// audio/00001.m4s
	// audio/00002.m4s
	// audio/00003.m4s
	// audio/media.m3u8
	// master.m3u8
	// #EXTM3U
	// #EXT-X-VERSION:7
	// #EXT-X-INDEPENDENT-SEGMENTS
	// #EXT-X-MAP:URI="init.mp4"
	// #EXT-X-PLAYLIST-TYPE:VOD
	// #EXT-X-MEDIA-SEQUENCE:0
	// #EXT-X-TARGETDURATION:4
	// #EXTINF:4.010667,
	// 00001.m4s
	// #EXTINF:3.989333,
	// 00002.m4s
	// #EXTINF:2.005333,
	// 00003.m4s
	// #EXT-X-ENDLIST
}
