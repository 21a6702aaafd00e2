package transcode

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/rendition-sdk/rendition"
)

// openPublisher opens the job's destinations. The publisher is there with an
// error too, and is to be closed.
func (r *jobRun) openPublisher(ctx context.Context) (*publisher, error) {
	places := r.job.Output.places()
	p := &publisher{task: r.task, plan: r.plan, index: map[string]int{}, need: len(places)}
	if n := r.job.Output.AtLeast; n > 0 {
		p.need, p.stall = n, r.engine.cfg.stallLimit()
	}
	for i, at := range places {
		d := newDestination(ctx, i, at)
		d.several = len(places) > 1
		p.destinations = append(p.destinations, d)
	}
	errs := make([]error, len(places))
	var all sync.WaitGroup
	for i, d := range p.destinations {
		all.Go(func() { errs[i] = r.openDestination(ctx, p, d) })
	}
	all.Wait()
	return p, p.opened(ctx, errs)
}

// openDestination opens one destination, proves it and looks what is there.
func (r *jobRun) openDestination(ctx context.Context, p *publisher, d *destination) error {
	ctx, cancel := context.WithCancelCause(ctx)
	d.closers = append(d.closers, closer(func() { cancel(nil) })) // not before: a driver may hold on to it
	stop := p.limit(cancel, &atomic.Pointer[error]{})
	defer stop()
	err := d.open(ctx, r)
	if why := stallOf(ctx); err != nil && why != nil {
		return why
	}
	return err
}

// closer makes a function an io.Closer.
type closer func()

// Close implements io.Closer.
func (c closer) Close() error {
	c()
	return nil
}

func (d *destination) open(ctx context.Context, r *jobRun) error {
	b, own, err := d.place.open(ctx, r.engine.cfg.Opener, r.job.OutSubpath)
	if err != nil {
		return err
	}
	if own != nil {
		d.closers = append(d.closers, own)
	}
	d.name = b.Name()
	if b.Capabilities().ReadOnly {
		return &rendition.Error{
			Kind: rendition.Unsupported, Op: "storage: open", Key: b.Name(), Err: errors.New("this store is read-only"),
			Hint: "choose one that can be written to",
		}
	}
	if r.job.Output.checks() {
		if err := b.Check(ctx); err != nil {
			return err
		}
	}
	if d.earlier, err = lookAround(ctx, b, r.plan); err != nil {
		return err
	}
	d.bucket = r.engine.cfg.patient(b) // from now on there is work to lose
	return nil
}

// checks says whether destinations are proven before the job begins.
func (o *Destination) checks() bool {
	if o.Check != nil {
		return *o.Check
	}
	return o.Bucket == nil && len(o.Buckets) == 0
}

// opened gives up the destinations that could not be opened. What is wrong with
// the job itself is not forgiven, however many others there are.
func (p *publisher) opened(ctx context.Context, errs []error) error {
	var wrong problemErrors
	for i, err := range errs {
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return err
		}
		err = p.destinations[i].fault(opOpen, err)
		_ = p.lose(ctx, p.destinations[i], err) // all of them are told before the job fails
		kind := rendition.KindOf(err)
		if p.need == len(p.destinations) || kind == rendition.InvalidJob || kind == rendition.Unsupported {
			var e *rendition.Error
			errors.As(err, &e)
			wrong = append(wrong, e)
		}
	}
	switch len(wrong) {
	case 0:
		return p.enough()
	case 1:
		return wrong[0]
	}
	return &rendition.Error{Kind: wrong[0].Kind, Op: opOpen, Fault: wrong[0].Fault, Err: wrong}
}
