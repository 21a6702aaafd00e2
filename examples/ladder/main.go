// Command ladder prints the renditions a source of a given shape should get.
//
//	go run ./examples/ladder -width 1920 -height 804 -fps 23.976 -bitrate 3500k
//
// It needs no media file and no cgo: a ladder is arithmetic.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/ladder"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run parses args, computes the ladder, and prints it to w.
func run(ctx context.Context, args []string, w io.Writer) error {
	var (
		video    rendition.VideoInfo
		opt      ladder.Options
		bitrate  string
		codec    string
		asJSON   bool
		fromText rendition.Rational
	)
	flags := flag.NewFlagSet("ladder", flag.ContinueOnError)
	flags.SetOutput(w)
	flags.IntVar(&video.Width, "width", 1920, "source width in pixels")
	flags.IntVar(&video.Height, "height", 1080, "source height in pixels")
	flags.IntVar(&video.Rotation, "rotation", 0, "degrees a player turns the source by: 0, 90, 180 or 270")
	flags.TextVar(&fromText, "fps", rendition.Rational{}, "source frame rate, such as 25, 29.97 or 30000/1001 (default unknown)")
	flags.StringVar(&bitrate, "bitrate", "", "source video bitrate, such as 3500k or 8M (default unknown)")
	flags.StringVar(&codec, "codec", "h264", "codec of the renditions: h264, h265, vp8, vp9 or av1")
	flags.IntVar(&opt.MaxHeight, "max-height", 0, "largest short side, 0 for no limit")
	flags.IntVar(&opt.MaxRungs, "max-rungs", 0, "most renditions, 0 for no limit")
	flags.BoolVar(&asJSON, "json", false, "print JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	rate, err := parseRate(bitrate)
	if err != nil {
		return err
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	video.FrameRate, opt.Codec = fromText, rendition.Codec(codec)
	media := &rendition.Media{Streams: []rendition.Stream{
		{Type: rendition.Video, Codec: rendition.H264, Bitrate: rate, Video: &video},
	}}
	rungs, err := ladder.Auto(media, &opt)
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(rungs)
	}
	_, err = fmt.Fprintln(w, rungs)
	return err
}

// parseRate reads bits per second with an optional k or M.
func parseRate(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	number, unit := s, 1.0
	switch {
	case strings.HasSuffix(s, "k"):
		number, unit = strings.TrimSuffix(s, "k"), 1e3
	case strings.HasSuffix(s, "M"):
		number, unit = strings.TrimSuffix(s, "M"), 1e6
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil || !(f > 0 && f*unit <= 1e10) {
		return 0, fmt.Errorf("bitrate: got %q, allowed: bits per second up to 10000M, such as 3500k or 8M", s)
	}
	return int64(f * unit), nil
}
