package transcode

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/rendition-sdk/rendition"
)

// good is how many destinations have not failed.
func (p *publisher) good() (n int) {
	for _, d := range p.destinations {
		if d.failed() == nil {
			n++
		}
	}
	return n
}

// enough returns nil while as many destinations are good as the job wants, and
// why it fails when they are not.
func (p *publisher) enough() error {
	if p.good() >= p.need {
		return nil
	}
	var errs []error
	for _, d := range p.destinations {
		if err := d.failed(); err != nil {
			errs = append(errs, err)
		}
	}
	if p.need == len(p.destinations) {
		return errs[0]
	}
	last := errs[len(errs)-1]
	return &rendition.Error{
		Kind: rendition.KindOf(last), Op: opPublish, Fault: rendition.FaultDestination,
		Err: fmt.Errorf("%d of %d destinations are good, the job wants at least %d: %w",
			len(p.destinations)-len(errs), len(p.destinations), p.need, errors.Join(errs...)),
	}
}

// giveUp drops a destination that failed with err. It returns nil when enough
// others are left, and why the job fails when they are not. ctx is the job's: when
// it has ended, the destination is not to blame, and err is returned.
func (p *publisher) giveUp(ctx context.Context, d *destination, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return p.lose(ctx, d, d.fault(opPublish, err))
}

// lose is giveUp with an error that says where it happened.
func (p *publisher) lose(ctx context.Context, d *destination, err error) error {
	if !d.giveUp(err) {
		return p.enough()
	}
	p.task.events.add(DestinationEvent{Destination: d.result(DestinationFailed)})
	why := p.enough()
	if why != nil {
		return why // all destinations will be taken back
	}
	p.task.warn(fmt.Sprintf("%s was given up: %v", d.place.field, err))
	if d.bucket != nil {
		p.background.Go(func() {
			d.files.Wait()
			_ = p.takeBack(ctx, d) // tried again at the end
		})
	}
	return nil
}

// everywhere does something at every good destination at the same time. The
// error says that the job fails for it.
func (p *publisher) everywhere(ctx context.Context, do func(*destination) error) error {
	var all sync.WaitGroup
	errs := make([]error, len(p.destinations))
	for i, d := range p.destinations {
		if d.failed() != nil {
			continue
		}
		all.Go(func() {
			if err := do(d); err != nil {
				errs[i] = p.giveUp(ctx, d, err)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return p.enough()
}

// settle takes back what destinations hold that were given up, as far as that has
// not been done, when all else is published.
func (p *publisher) settle(ctx context.Context) {
	p.background.Wait()
	for _, d := range p.destinations {
		if d.failed() != nil && d.bucket != nil {
			p.background.Go(func() { _ = p.takeBack(ctx, d) }) // the result says what is left
		}
	}
	p.background.Wait()
}

// tell says at the end how every destination fared. State is that of the good ones.
func (p *publisher) tell(state DestinationState) []DestinationResult {
	list := make([]DestinationResult, len(p.destinations))
	for i, d := range p.destinations {
		list[i] = d.result(state)
		p.task.events.add(DestinationEvent{Destination: list[i], Final: true})
	}
	return list
}
