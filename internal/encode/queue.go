//go:build cgo

package encode

import (
	"context"

	"github.com/rendition-sdk/rendition/internal/av"
)

// freer is C memory that travels through a queue.
type freer interface {
	*av.Frame | *av.Packet
	Free()
}

// queue is a bounded channel of C memory. Whoever sends closes it; what is
// left in it when the work ends early is freed by drain.
type queue[T freer] struct {
	ch chan T
}

func newQueue[T freer](size int) *queue[T] {
	return &queue[T]{ch: make(chan T, size)}
}

// send hands v over; when ctx ends first, v is freed.
func (q *queue[T]) send(ctx context.Context, v T) error {
	select {
	case q.ch <- v:
		return nil
	case <-ctx.Done():
		v.Free()
		return context.Cause(ctx)
	}
}

// each calls f for every value until the queue is closed. f owns the value.
func (q *queue[T]) each(ctx context.Context, f func(T) error) error {
	for {
		select {
		case v, ok := <-q.ch:
			if !ok {
				return nil
			}
			if err := f(v); err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (q *queue[T]) close() { close(q.ch) }

// feeding closes outs when err is nil, and returns it. After a failure they stay
// open: whoever reads them ends with the run, and must not take what has come so far
// for all there is.
func feeding[T freer](err error, outs []*queue[T]) error {
	if err == nil {
		for _, q := range outs {
			q.close()
		}
	}
	return err
}

// drain frees what is left. Nobody may send any more.
func (q *queue[T]) drain() {
	for {
		select {
		case v, ok := <-q.ch:
			if !ok {
				return
			}
			v.Free()
		default:
			return
		}
	}
}

// fanOut gives each of outs a reference of f and takes f.
func fanOut(ctx context.Context, f *av.Frame, outs []*queue[*av.Frame]) error {
	for i, q := range outs {
		if i == len(outs)-1 {
			return q.send(ctx, f)
		}
		r, err := f.Ref()
		if err != nil {
			f.Free()
			return err
		}
		if err := q.send(ctx, r); err != nil {
			f.Free()
			return err
		}
	}
	f.Free()
	return nil
}
