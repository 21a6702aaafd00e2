package chunk

import (
	"context"
	"errors"
	"fmt"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/sched"
)

// Result is what Run did.
type Result struct {
	// Stats is what was seen of the source.
	Stats *encode.Stats
	// Keys are those of all pieces in the scratch store; they are not needed any more
	// when the job is published.
	Keys []string
	// Chunks is the number of chunks, 1 for one pass, and Why the reason for that.
	Chunks int
	Why    string
	// Kept is the number of pieces that an earlier run had left, Repaired that of
	// pieces encoded again for the rate buffer.
	Kept, Repaired int
}

// Run does all of o.Spec and returns when everything it started has ended. What is
// finished by then stays in the scratch store, also when it fails.
func Run(ctx context.Context, o *Options) (*Result, error) {
	o = o.withDefaults()
	o.Spec.Gate = o.Turns.Gate
	if len(o.Spec.Video) == 0 {
		return onePass(ctx, o, "there is no video")
	}
	if o.OnePass {
		return onePass(ctx, o, "it was asked for")
	}
	chunker, err := cut(ctx, o)
	if not := (*encode.NotCutError)(nil); errors.As(err, &not) {
		o.Logger.Debug(not.Error())
		return onePass(ctx, o, not.Reason)
	}
	if err != nil {
		return nil, err
	}
	defer chunker.Close()
	r, err := newRun(ctx, o, chunker)
	if err != nil {
		return nil, err
	}
	defer r.release()
	kept, all := r.pieces()
	o.Logger.Debug("the video is encoded in chunks", "chunks", chunker.Chunks(), "pieces", all, "kept", kept)
	return r.do(ctx)
}

// cut finds out where the video is cut, which reads the source.
func cut(ctx context.Context, o *Options) (c *encode.Chunker, err error) {
	err = o.retry(ctx, Work{Chunk: wholePass, Chunks: 1}, func() (err error) {
		c, err = encode.NewChunker(ctx, o.Spec, o.Cut)
		if not := (*encode.NotCutError)(nil); errors.As(err, &not) {
			return final(err) // it is no failure
		}
		return err
	})
	return c, err
}

// onePass encodes everything in one pass, as one piece of work.
func onePass(ctx context.Context, o *Options, why string) (*Result, error) {
	lease, err := o.Turns.Acquire(ctx, sched.Request{Cores: cores(o.Spec.Media, o.Spec.Video), Memory: memory(o.Spec.Media, o.Spec.Video)})
	if err != nil {
		return nil, err
	}
	defer lease.Release()
	end := o.Observer.Began(Work{Chunk: wholePass, Chunks: 1, Videos: o.Spec.Video, Attempt: 1})
	stats, err := encode.Run(ctx, o.Spec)
	end(err)
	if err != nil {
		return nil, err
	}
	return &Result{Stats: stats, Chunks: 1, Why: why}, nil
}

// do runs the chunks, and beside them what is made in one pass.
func (r *run) do(ctx context.Context) (*Result, error) {
	for _, t := range r.tracks {
		r.spawn(func() error { return t.join() })
	}
	r.spawn(r.dispatch)
	r.spawn(r.sound)
	r.spawn(r.images)
	err := r.group.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	res := r.result()
	r.o.Logger.Debug("the chunks are joined", "repaired", res.Repaired)
	return res, nil
}

// spawn runs f in a goroutine that Run waits for. A panic ends the run and not
// the process.
func (r *run) spawn(f func() error) {
	r.group.Go(func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = &rendition.Error{Kind: rendition.Internal, Op: "encode", Err: fmt.Errorf("panic: %v", p)}
			}
		}()
		return f()
	})
}

// result sums up.
func (r *run) result() *Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	res := &Result{Chunks: r.chunker.Chunks(), Kept: r.kept, Repaired: r.repaired, Stats: &encode.Stats{ReadToEnd: true}}
	video := &encode.StreamStats{Ended: true}
	for _, st := range r.stats {
		if st == nil {
			continue
		}
		video.Frames += st.Frames
		video.Errors += st.Errors
		video.End = max(video.End, st.End)
		if st.ReadToEnd {
			video.Ended = false
		}
		if st.LastError != nil {
			video.LastError = st.LastError
		}
	}
	res.Stats.Streams = map[int]*encode.StreamStats{r.o.Spec.Video[0].Stream: video}
	if r.soundStats != nil {
		for i, st := range r.soundStats.Streams {
			st.Ended = st.Ended || !r.soundStats.ReadToEnd
			res.Stats.Streams[i] = st
		}
		res.Stats.BytesRead = r.soundStats.BytesRead
	}
	for _, t := range r.tracks {
		res.Keys = append(res.Keys, t.keys...)
	}
	return res
}
