package transcode

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/scratch"
	"github.com/rendition-sdk/rendition/probe"
)

// jobRun is one run of a job, from its source to its published files.
type jobRun struct {
	task   *Task
	engine *Engine
	job    *Job
	log    *slog.Logger

	source     rendition.Source
	plan       *Plan
	publisher  *publisher
	renditions map[string]*renditionOut
	packages   []outputPackage
	spec       *encode.Spec
	identity   string         // of the source
	scratch    *scratch.Store // nil for none
	chunks     *chunk.Result
	read       atomic.Int64 // bytes of the source that the hooks were not told of
}

func (r *jobRun) hooks() *hooks { return r.engine.hooks }

// outputPackage is one entry of Job.Outputs being made.
type outputPackage interface {
	// prepare completes and verifies what can be before it is published.
	prepare(ctx context.Context) error
	// publish makes everything visible but what publishLast does.
	publish(ctx context.Context) error
	// publishLast makes visible what names the other files.
	publishLast(ctx context.Context) error
	// close releases everything; it may come at any time.
	close()
}

func (r *jobRun) run(ctx context.Context) (*Result, error) {
	r.task.enter(StateAnalyzing, "reading the source")
	src, done, err := r.engine.openInput(ctx, r.job)
	if err != nil {
		return nil, err
	}
	defer done()
	r.source = r.count(src)
	defer r.tellRead(ctx)
	if err := r.analyze(ctx); err != nil {
		return nil, err
	}
	if r.scratch, done, err = r.engine.scratch.open(ctx); err != nil {
		return nil, err
	}
	defer done()
	r.publisher, err = r.openPublisher(ctx)
	defer r.publisher.close()
	if err != nil {
		r.publisher.tell(DestinationRemoved)
		return nil, err
	}
	defer func() {
		for _, p := range r.packages {
			p.close()
		}
	}()
	if err := r.make(ctx); err != nil {
		ctx, end := r.hooks().start(ctx, SpanRollback)
		r.task.cleanup = r.publisher.rollback(ctx)
		end(r.task.cleanup)
		r.publisher.tell(DestinationRemoved)
		return nil, err
	}
	r.publisher.settle(ctx)
	r.engine.scratch.clear(ctx, r.scratch, r.chunks)
	return r.result(), nil
}

// analyze probes the source and plans.
func (r *jobRun) analyze(ctx context.Context) error {
	media, err := r.probe(ctx)
	if err != nil {
		return err
	}
	if err := r.decide(ctx, media); err != nil {
		return err
	}
	r.task.events.add(PlanEvent{Plan: r.plan})
	for _, w := range append(media.Warnings, r.plan.Warnings...) {
		r.task.warn(w)
	}
	return nil
}

func (r *jobRun) probe(ctx context.Context) (*rendition.Media, error) {
	ctx, end := r.hooks().start(ctx, SpanProbe)
	media, err := probe.Probe(ctx, r.source)
	if err != nil {
		end(err)
		return nil, err
	}
	end(nil, slog.String("container", media.Container), slog.Duration("duration", media.Duration), slog.Int("streams", len(media.Streams)))
	return media, nil
}

// decide makes the plan.
func (r *jobRun) decide(ctx context.Context, media *rendition.Media) error {
	_, end := r.hooks().start(ctx, SpanPlan)
	plan, err := NewPlan(r.job, media)
	if err != nil {
		end(err)
		return err
	}
	r.plan = plan
	end(nil, slog.Int("videos", len(plan.Video)), slog.Int("sounds", len(plan.Audio)))
	return nil
}

// make encodes and publishes.
func (r *jobRun) make(ctx context.Context) error {
	if err := r.build(ctx); err != nil {
		return err
	}
	r.task.enter(StateEncoding, r.plan.stage())
	stats, err := r.encode(ctx)
	if err != nil {
		return err
	}
	if err := r.checkLoss(stats); err != nil {
		return err
	}
	r.task.enter(StateFinalizing, "packaging and verifying")
	return r.finalize(ctx)
}

// encode runs the chunks while progress is reported.
func (r *jobRun) encode(ctx context.Context) (*encode.Stats, error) {
	ctx, end := r.hooks().start(ctx, SpanEncode)
	err := r.encodeChunks(ctx)
	if err != nil {
		end(err)
		return nil, err
	}
	c := r.chunks
	attrs := []slog.Attr{slog.Int("chunks", c.Chunks), slog.Int("kept", c.Kept), slog.Int("repaired", c.Repaired)}
	if c.Why != "" {
		attrs = append(attrs, slog.String("one_pass", c.Why))
	}
	end(nil, attrs...)
	return c.Stats, nil
}

func (r *jobRun) encodeChunks(ctx context.Context) error {
	m := newMeter(r)
	m.start(ctx)
	defer m.stop()
	source, err := scratch.Hash(engineVersion, r.identity, r.plan.Media.Size)
	if err != nil {
		return err
	}
	r.chunks, err = chunk.Run(ctx, &chunk.Options{
		Spec: r.spec, Cut: r.plan.cut(), Turns: r.task.turns, Scratch: r.scratch, Source: source, Logger: r.log,
		LowestFirst: r.growing(), Observer: r.observeChunks(ctx),
	})
	if err == nil {
		m.recordSpeed(ctx)
	}
	return err
}

// growing reports whether anybody can watch while the job runs.
func (r *jobRun) growing() bool {
	return slices.ContainsFunc(r.plan.HLS, func(h HLSPackage) bool { return h.Growing })
}

// cut says where the job's video is cut: where segments of its first
// presentation begin.
func (p *Plan) cut() *encode.CutOptions {
	o := &encode.CutOptions{}
	if len(p.HLS) > 0 {
		// Also where nobody watches yet: a presentation that grows has the same bytes.
		o.Segment, o.ShortFirst = p.HLS[0].SegmentDuration.Float64(), true
	}
	return o
}

// Shares of the progress bar, in percent.
const (
	encodeFrom = 2.0
	encodeTo   = 95.0
)

// finalize verifies every output, then publishes all of them, what names other
// files last.
func (r *jobRun) finalize(ctx context.Context) error {
	// Multivariant playlists come last of all: with them everything is visible.
	slices.SortStableFunc(r.packages, func(a, b outputPackage) int { return isHLS(a) - isHLS(b) })
	if err := r.step(ctx, 0, func(p outputPackage) error { return r.prepare(ctx, p) }); err != nil {
		return err
	}
	r.task.stage("publishing")
	in, end := r.hooks().start(ctx, SpanPublish)
	err := r.step(in, 1, func(p outputPackage) error { return p.publish(in) })
	if err == nil {
		err = r.step(in, 2, func(p outputPackage) error { return p.publishLast(in) })
	}
	end(err)
	return err
}

// steps of finalize.
const steps = 3

// step does step i for each package.
func (r *jobRun) step(ctx context.Context, i int, do func(outputPackage) error) error {
	for n, p := range r.packages {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := do(p); err != nil {
			return err
		}
		part := (float64(i) + float64(n+1)/float64(len(r.packages))) / steps
		r.task.report(func(p *Progress) {
			p.Percent = encodeTo + part*(100-encodeTo)
			p.ETA = 0
		})
	}
	return nil
}

// prepare completes and verifies one output.
func (r *jobRun) prepare(ctx context.Context, p outputPackage) error {
	output := outputOf(p)
	ctx, end := r.hooks().start(ctx, SpanPackage, slog.Int("output", output), slog.String("type", r.job.Outputs[output].Type()))
	err := p.prepare(ctx)
	end(err)
	return err
}

// outputOf is the index of a package's output in the job.
func outputOf(p outputPackage) int {
	switch p := p.(type) {
	case *filePackage:
		return p.plan.Output
	case *hlsPackage:
		return p.plan.Output
	case *thumbnailsPackage:
		return p.plan.Output
	case *animationPackage:
		return p.plan.Output
	default:
		return 0
	}
}

// isHLS is 1 for a presentation, 0 for other packages.
func isHLS(p outputPackage) int {
	if _, ok := p.(*hlsPackage); ok {
		return 1
	}
	return 0
}

// Limits of what a source may lose: less is what every second real file has.
const (
	maxLossShare = 0.01
	minLoss      = 500 * time.Millisecond
)

// checkLoss compares what was decoded with what the source promised.
func (r *jobRun) checkLoss(stats *encode.Stats) error {
	var end time.Duration // of streams whose own length is not known
	for index, st := range stats.Streams {
		stream := &r.plan.Media.Streams[index]
		if st.Frames == 0 && (st.Errors > 0 || stats.ReadToEnd) {
			return r.nothingDecoded(stream, st)
		}
		if st.Errors > 0 {
			r.task.warn(fmt.Sprintf("%d packets of %s stream %d could not be decoded", st.Errors, stream.Type, index))
		}
		if stream.Duration <= 0 {
			end = max(end, st.End)
			continue
		}
		late := time.Duration((stream.StartSeconds - r.plan.Media.StartSeconds) * float64(time.Second))
		if strings.Contains(r.plan.Media.Container, "matroska") {
			late = 0 // what it tells of a stream is its end
		}
		want := stream.Duration + late
		if total := r.plan.Media.Duration; total > 0 {
			want = min(want, total)
		}
		if err := r.lost(fmt.Sprintf("%s stream %d", stream.Type, index), want, st.End, stats.ReadToEnd && !st.Ended); err != nil {
			return err
		}
	}
	if end == 0 {
		return nil
	}
	return r.lost("it", r.plan.Media.Duration, end, stats.ReadToEnd)
}

func (r *jobRun) nothingDecoded(stream *rendition.Stream, st *encode.StreamStats) error {
	cause := fmt.Errorf("not one frame of %s stream %d could be decoded", stream.Type, stream.Index)
	if st.LastError != nil {
		cause = fmt.Errorf("%w: %w", cause, st.LastError)
	}
	return &rendition.Error{
		Kind: rendition.InvalidInput, Op: "transcode: decode", Key: r.source.Name(), Err: cause,
		Hint: "the source is damaged or cut off; export it again",
	}
}

// lost fails the job, or warns, when what ends at end should have gone on to want.
func (r *jobRun) lost(what string, want, end time.Duration, toEnd bool) error {
	missing := want - end
	if !toEnd || want <= 0 || missing < minLoss || missing.Seconds() < want.Seconds()*maxLossShare {
		return nil
	}
	text := fmt.Sprintf("the source is cut off: %s ends at %s of %s", what, end.Round(time.Millisecond), want.Round(time.Millisecond))
	if r.job.OnTruncated == "warn" {
		r.task.warn(text)
		return nil
	}
	return &rendition.Error{
		Kind: rendition.InvalidInput, Op: "transcode: decode", Key: r.source.Name(), Err: errors.New(text),
		Hint: `upload it again, or set on_truncated to "warn" to use what is there`,
	}
}

// result collects what was made.
func (r *jobRun) result() *Result {
	res := &Result{
		Files: r.publisher.sorted(), Destinations: r.publisher.tell(DestinationSaved),
		Plan: r.plan, Media: r.plan.Media, Duration: seconds(r.plan.Media.Duration),
	}
	c := r.chunks
	res.Chunks = ChunksResult{Count: c.Chunks, OnePass: c.Why, Kept: c.Kept, Repaired: c.Repaired}
	for _, v := range r.plan.Video {
		res.Renditions = append(res.Renditions, r.renditions[v.ID].result())
	}
	for _, a := range r.plan.Audio {
		res.Renditions = append(res.Renditions, r.renditions[a.ID].result())
	}
	return res
}

// stage says what encoding this plan is, for people.
func (p *Plan) stage() string {
	switch n := len(p.Video); {
	case n == 0 && len(p.Audio) > 0:
		return "encoding sound"
	case n == 0:
		return "taking pictures"
	case n == 1 && p.Video[0].Copy:
		return "copying the picture"
	case n == 1:
		return fmt.Sprintf("encoding %dx%d", p.Video[0].Width, p.Video[0].Height)
	default:
		return fmt.Sprintf("encoding %d renditions", n)
	}
}

// inField names the job's field that an error is about.
func inField(field string, err error) error {
	var e *rendition.Error
	if !errors.As(err, &e) {
		return err
	}
	return &rendition.Error{Kind: e.Kind, Op: "transcode: open", Key: field, Err: err, Fault: e.Fault}
}
