// Package transcode runs transcoding jobs: it reads one source, makes every
// output that the job asks for, and publishes them to a storage.
//
//	job, err := transcode.NewJob("film.mp4").To("./out").
//		File(&transcode.FileOutput{Height: 720}).
//		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(1080, 720, 480)}).
//		Thumbnails(&transcode.ThumbnailsOutput{Interval: transcode.Seconds(10), Sprite: &transcode.Sprite{}}).
//		GIF(&transcode.GIFOutput{Duration: transcode.Seconds(3)}).
//		Build()
//	if err != nil {
//		return err
//	}
//	result, err := transcode.New(nil).Run(ctx, job, nil)
//
// # Job
//
// A Job is plain data: a source, a destination, and 1 to MaxOutputs outputs
// of the types FileOutput, HLSOutput, ThumbnailsOutput and GIFOutput. Three
// ways lead to one: NewJob and its Builder, ParseJob for JSON (docs/job.md
// lists the fields), or a literal. Validation reports every problem at once,
// each with its field; Problems lists them.
//
// # Plan
//
// NewPlan decides what a job makes of a source. It is a pure function of Job
// and Media: no I/O, no clock, no random number, the same on every machine.
// Outputs that need the same encode share one. Engine.Plan probes the source
// and plans without running; Plan.String prints it for people.
//
// # Run
//
// Engine.Run blocks until the job is over. Engine.Start returns a Task to Wait
// for, Cancel, or ask for Progress. RunOptions.OnEvent receives the events, in
// order, from one goroutine. A job goes through the states queued, analyzing,
// encoding and finalizing to completed, failed or canceled.
//
// The source is read once and decoded once for all outputs, and never copied
// to a temporary file. A job whose outputs are pictures alone seeks instead,
// each set of pictures for itself. Segments of an HLS presentation are
// published while the job encodes; nothing names them before its playlists
// come. Everything else is published after all outputs are verified: tracks
// counted, duration compared, the beginning and the last seconds decoded,
// pictures counted. What refers to other files comes last.
//
// # Observing
//
// Config.Tracer is told of spans (job, chunk, upload and others), Config.Metrics
// of counts and durations, and Engine.Stats says what the engine does now. The
// package otelhook has all three for OpenTelemetry; docs/observe.md lists them.
//
// # When it fails
//
// Errors are *rendition.Error with a Kind. A job that fails or is canceled
// removes the files that it created, for at most 30 seconds, and nothing that
// was there before it. A file of the same name is replaced whole, after
// verification. The names of HLS segments and media playlists carry a key of
// the source's version and the settings, so that a run with another source or
// other settings does not touch the segments of the presentation that is there.
//
// The context given to Start or Run covers the job's whole life. When it ends,
// or Cancel is called, the job stops, cleans up, and Wait returns an error of
// Kind Canceled that holds context.Cause.
//
// # Requirements
//
// Encoding needs cgo and FFmpeg 7.1's libraries (docs/setup.md). Built without
// cgo, jobs can be built, parsed, validated and planned; runs fail with Kind
// Unsupported.
package transcode
