// Command probe prints what is in a media file or URL, as JSON or as a table.
//
//	go run ./examples/probe clip.mp4
//	go run ./examples/probe -text https://example.com/talk.mkv
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"text/tabwriter"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/probe"
	"github.com/rendition-sdk/rendition/storage/opener"
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

// run parses args, probes the one source they name, and prints it to w.
func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("probe", flag.ContinueOnError)
	flags.SetOutput(w)
	asText := flags.Bool("text", false, "print a table instead of JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("usage: probe [-text] path-or-URL")
	}
	media, err := probe.Probe(ctx, opener.New(nil).Source(flags.Arg(0)))
	if err != nil {
		return err
	}
	if *asText {
		return table(w, media)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(media)
}

// table prints m for people.
func table(w io.Writer, m *rendition.Media) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	name := cmp.Or(m.ContainerName, m.Container)
	fmt.Fprintf(t, "%s\n%s, %.2f s, %d kb/s\n\n", m.Name, name, m.DurationSeconds, m.Bitrate/1000)
	fmt.Fprintln(t, "#\ttype\tcodec\tstring\tkb/s\tlang\t")
	for i := range m.Streams {
		s := &m.Streams[i]
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%d\t%s\t%s\n", s.Index, s.Type, s.Codec,
			cmp.Or(s.CodecString, "-"), s.Bitrate/1000, cmp.Or(s.Language, "-"), details(s))
	}
	for _, c := range m.Chapters {
		fmt.Fprintf(t, "\nchapter %.2f - %.2f s\t%s", c.StartSeconds, c.EndSeconds, c.Title)
	}
	for _, warning := range m.Warnings {
		fmt.Fprintf(t, "\nwarning: %s", warning)
	}
	fmt.Fprintln(t)
	return t.Flush()
}

// details says in a few words what a stream looks or sounds like.
func details(s *rendition.Stream) string {
	var list []string
	if v := s.Video; v != nil {
		list = append(list, fmt.Sprintf("%dx%d", v.Width, v.Height), v.PixelFormat)
		if !v.FrameRate.IsZero() {
			list = append(list, fmt.Sprintf("%.5g fps", v.FrameRate.Float64()))
		}
		if v.Rotation != 0 {
			list = append(list, fmt.Sprintf("turned by %d°", v.Rotation))
		}
		list = append(list, v.HDR)
	}
	if a := s.Audio; a != nil {
		list = append(list, fmt.Sprintf("%d Hz", a.SampleRate), cmp.Or(string(a.Layout), fmt.Sprintf("%d channels", a.Channels)))
	}
	if s.AttachedPicture {
		list = append(list, "cover picture")
	}
	list = append(list, s.Title)
	return strings.Join(compact(list), ", ")
}

// compact drops what is empty.
func compact(list []string) []string {
	var kept []string
	for _, s := range list {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}
