// Package rendition is the vocabulary of an embeddable transcoding SDK: Media
// and its parts, Codec, Rational, Source, and Error with its Kind. It imports
// the standard library alone. The work is done by the packages beside it:
//
//   - probe says what is in a source.
//   - ladder says which renditions a source should get.
//   - transcode runs jobs: files, HLS presentations, stills, previews.
//   - storage is named bytes anywhere: memory, a folder, a web server.
//   - packager turns encoded samples into MP4 files and HLS presentations.
//
// What follows is a tour in three short programs. Each is complete, and reads
// the file film.mp4 in the working directory.
//
// # What is in a file?
//
// A Source is media that can be read, wherever it lies. An opener makes one of
// a path or URL, and a storage.Bucket of any of its objects.
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"github.com/rendition-sdk/rendition/ladder"
//		"github.com/rendition-sdk/rendition/probe"
//		"github.com/rendition-sdk/rendition/storage/opener"
//	)
//
//	func main() {
//		media, err := probe.Probe(context.Background(), opener.New(nil).Source("film.mp4"))
//		if err != nil {
//			log.Fatal(err)
//		}
//		for _, s := range media.Streams {
//			fmt.Println(s.Type, s.Codec, s.CodecString)
//		}
//		rungs, err := ladder.Auto(media, nil)
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Println(rungs) // the renditions that suit it, as a table
//	}
//
// # Make renditions of it
//
// A job names a source, a destination, and what to make. Run returns when all
// of it is published, or fails and takes back what it wrote.
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"github.com/rendition-sdk/rendition/transcode"
//	)
//
//	func main() {
//		job, err := transcode.NewJob("film.mp4").To("./out").
//			File(&transcode.FileOutput{Height: 720}).
//			HLS(&transcode.HLSOutput{Ladder: transcode.Heights(720, 480, 360)}).
//			Thumbnails(&transcode.ThumbnailsOutput{Count: 8, Sprite: &transcode.Sprite{Columns: 4}}).
//			Build()
//		if err != nil {
//			log.Fatal(err) // every problem of the job, each with its field
//		}
//		result, err := transcode.New(nil).Run(context.Background(), job, nil)
//		if err != nil {
//			log.Fatal(err)
//		}
//		for _, f := range result.Files {
//			fmt.Println(f.Path, f.Size, f.Codecs)
//		}
//	}
//
// # Inside a service
//
// The same job as JSON, written to a bucket of the program's own, with
// progress, a time limit, and errors that a program can act on.
//
//	package main
//
//	import (
//		"context"
//		"encoding/json"
//		"fmt"
//		"log"
//		"time"
//
//		"github.com/rendition-sdk/rendition"
//		"github.com/rendition-sdk/rendition/storage/memstore"
//		"github.com/rendition-sdk/rendition/transcode"
//	)
//
//	func main() {
//		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
//		defer cancel()
//		bucket := memstore.New(nil)
//		defer bucket.Close()
//
//		var job transcode.Job
//		text := `{"input": {"url": "film.mp4"}, "outputs": [{"type": "file", "height": 360}]}`
//		if err := json.Unmarshal([]byte(text), &job); err != nil {
//			log.Fatal(err)
//		}
//		job.Output.Bucket = bucket
//
//		task, err := transcode.New(nil).Start(ctx, &job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
//			if p, ok := e.(transcode.ProgressEvent); ok {
//				fmt.Printf("%s %.0f %%\n", p.Progress.Stage, p.Progress.Percent)
//			}
//		}})
//		if err != nil {
//			log.Fatal(err) // the job cannot work; nothing was opened
//		}
//		// task.Cancel() ends it early; task.Progress() asks how far it is.
//		result, err := task.Wait()
//		switch {
//		case rendition.KindOf(err) == rendition.Canceled:
//			log.Fatal("it took too long")
//		case rendition.Retryable(err):
//			log.Fatal("try again later: ", err)
//		case err != nil:
//			log.Fatal(err, ", whose fault: ", rendition.FaultOf(err))
//		}
//		fmt.Println("published", len(result.Files), "file of", result.Duration)
//	}
//
// # Errors
//
// The functions of the SDK return errors of type *Error. KindOf
// says what went wrong, FaultOf whose mistake it is, Retryable whether the
// same call can succeed later. errors.Is works on a Kind and on causes:
//
//	if errors.Is(err, rendition.NotFound) {
//		return "there is no such file"
//	}
//
// # What it needs
//
// Packages probe and transcode reach FFmpeg 7.1's libraries through cgo; make
// setup installs them (docs/setup.md). Packages rendition, ladder, packager
// and storage are pure Go.
package rendition
