//go:build cgo

package av

//#include "shim.h"
import "C"

import "context"

// guard stops libav's own loops when a context ends. libav asks it now and
// then; I/O callbacks ask the context themselves.
type guard struct {
	c    *C.rd_guard
	stop func() bool
	done chan struct{}
}

// newGuard returns a guard that watches ctx until its free.
func newGuard(ctx context.Context) *guard {
	g := &guard{c: C.rd_guard_new(), done: make(chan struct{})}
	g.stop = context.AfterFunc(ctx, func() {
		C.rd_guard_stop(g.c)
		close(g.done)
	})
	return g
}

// free releases the guard, after everything that might ask it.
func (g *guard) free() {
	if !g.stop() {
		<-g.done
	}
	C.rd_guard_free(g.c)
}
