package sched_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/sched"
)

// load is a job that always has three pieces waiting, each of which takes a
// number of seconds.
type load struct {
	job     *sched.Job
	request sched.Request
	takes   int
	pieces  []*asked
	left    map[*asked]int
	used    float64 // core seconds
}

// simulate lets loads work for a number of seconds.
func (st *stage) simulate(seconds int, loads ...*load) {
	synctest.Wait()
	for range seconds {
		for _, l := range loads {
			for l.waiting() < 3 {
				a := st.ask(l.job, l.request)
				l.pieces = append(l.pieces, a)
				l.left[a] = l.takes
			}
		}
		st.pass(time.Second)
		var done []*asked
		for _, l := range loads {
			done = append(done, l.work()...)
		}
		st.release(done...)
	}
}

func (l *load) waiting() int {
	n := 0
	for _, a := range l.pieces {
		if a.lease == nil {
			n++
		}
	}
	return n
}

// work is a second of what l runs; it returns the pieces that are done then.
func (l *load) work() (done []*asked) {
	for _, a := range l.pieces {
		if a.lease == nil {
			continue
		}
		l.used += l.request.Cores
		l.left[a]--
		if l.left[a] == 0 {
			delete(l.left, a)
			done = append(done, a)
		}
	}
	l.pieces = slices.DeleteFunc(l.pieces, func(a *asked) bool { return slices.Contains(done, a) })
	return done
}

// abandon ends all that l has running or waiting.
func (st *stage) abandon(l *load) {
	for _, a := range l.pieces {
		a.cancel(nil)
	}
	synctest.Wait()
	st.release(l.pieces...)
	l.pieces = nil
}

func (st *stage) load(o *sched.JobOptions, r sched.Request, takes int) *load {
	return &load{job: st.Join(o), request: r, takes: takes, left: map[*asked]int{}}
}

// TestShare compares the core time of two jobs with their weights, whatever
// the size and length of their pieces.
func TestShare(t *testing.T) {
	t.Parallel()
	even, uneven := sched.Request{Cores: 1}, sched.Request{Cores: 2.8}
	for name, c := range map[string]struct {
		options sched.Options
		weights [2]float64
		request [2]sched.Request
		takes   [2]int
		want    float64
	}{
		"1:1":                  {sched.Options{Cores: 2}, [2]float64{1, 1}, [2]sched.Request{even, even}, [2]int{5, 5}, 1},
		"3:1":                  {sched.Options{Cores: 2}, [2]float64{3, 1}, [2]sched.Request{even, even}, [2]int{5, 5}, 3},
		"1:1, more cores":      {sched.Options{Cores: 8}, [2]float64{1, 1}, [2]sched.Request{uneven, uneven}, [2]int{7, 7}, 1},
		"1:1, unlike pieces":   {sched.Options{Cores: 4}, [2]float64{1, 1}, [2]sched.Request{uneven, even}, [2]int{3, 11}, 1},
		"3:1, unlike pieces":   {sched.Options{Cores: 4}, [2]float64{3, 1}, [2]sched.Request{even, uneven}, [2]int{4, 9}, 3},
		"1:1, one at a time":   {sched.Options{Slots: 1}, [2]float64{1, 1}, [2]sched.Request{uneven, even}, [2]int{6, 2}, 1},
		"no weight is 1":       {sched.Options{Cores: 2}, [2]float64{0, 1}, [2]sched.Request{even, even}, [2]int{5, 5}, 1},
		"nonsense weight is 1": {sched.Options{Cores: 2}, [2]float64{-3, 1}, [2]sched.Request{even, even}, [2]int{5, 5}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			c.options.Memory = none
			onStage(t, c.options, func(t *testing.T, st *stage) {
				a := st.load(&sched.JobOptions{Weight: c.weights[0]}, c.request[0], c.takes[0])
				b := st.load(&sched.JobOptions{Weight: c.weights[1]}, c.request[1], c.takes[1])
				st.simulate(1000, a, b)
				require.InEpsilon(t, c.want, a.used/b.used, 0.1)
			})
		})
	}
}

// TestNewcomer gives a job that joins late its share from then on, and no more.
func TestNewcomer(t *testing.T) {
	onStage(t, sched.Options{Cores: 2, Memory: none}, func(t *testing.T, st *stage) {
		old := st.load(nil, sched.Request{Cores: 1}, 5)
		st.simulate(500, old)
		before := old.used
		late := st.load(nil, sched.Request{Cores: 1}, 5)
		st.simulate(100, old, late)
		require.InEpsilon(t, 1, (old.used-before)/late.used, 0.15)
	})
}

// TestTie gives the cores that come free in one moment to two jobs, not to one.
func TestTie(t *testing.T) {
	onStage(t, sched.Options{Cores: 2, Memory: none}, func(t *testing.T, st *stage) {
		one, two := st.Join(nil), st.Join(nil)
		full := st.ask(st.Join(nil), sched.Request{Cores: 2})
		first, second := st.ask(one, sched.Request{}), st.ask(one, sched.Request{})
		third, fourth := st.ask(two, sched.Request{}), st.ask(two, sched.Request{})
		st.release(full)
		st.runs([]bool{true, false, true, false}, first, second, third, fourth)
		st.release(first, second, third, fourth)
	})
}

// TestReturn saves nothing up for a job that had nothing to do, or was paused.
func TestReturn(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*stage, *load) (back func()){
		"idle":   func(st *stage, l *load) func() { st.abandon(l); return func() {} },
		"paused": func(_ *stage, l *load) func() { l.job.Pause(); return l.job.Resume },
		"both":   func(st *stage, l *load) func() { st.abandon(l); l.job.Pause(); return l.job.Resume },
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, sched.Options{Cores: 2, Memory: none}, func(t *testing.T, st *stage) {
				a, b := st.load(nil, sched.Request{Cores: 1}, 5), st.load(nil, sched.Request{Cores: 1}, 5)
				st.simulate(50, a, b)
				back := away(st, b)
				st.simulate(500, a)
				back()
				usedA, usedB := a.used, b.used
				st.simulate(100, a, b)
				require.InEpsilon(t, 1, (a.used-usedA)/(b.used-usedB), 0.15)
			})
		})
	}
}

// TestReturnToNobody does not let a job that was away have all the cores when those
// who worked meanwhile come back a moment later.
func TestReturnToNobody(t *testing.T) {
	onStage(t, sched.Options{Cores: 2, Memory: none}, func(t *testing.T, st *stage) {
		a, b := st.load(nil, sched.Request{Cores: 1}, 5), st.load(nil, sched.Request{Cores: 1}, 5)
		st.simulate(500, a)
		st.abandon(a)
		a.used = 0
		st.simulate(1, b)
		st.simulate(100, a, b)
		require.InEpsilon(t, 1, a.used/b.used, 0.15)
	})
}

// TestPriority lets nobody of a lower priority begin while one of a higher waits.
func TestPriority(t *testing.T) {
	onStage(t, sched.Options{Cores: 2, Memory: 100}, func(t *testing.T, st *stage) {
		low, high := st.Join(nil), st.Join(&sched.JobOptions{Priority: 1, Weight: 0.01})
		lowest := st.Join(&sched.JobOptions{Priority: -1, Weight: 100})
		running := []*asked{st.ask(low, sched.Request{Memory: 50}), st.ask(low, sched.Request{Memory: 50})}
		last, later := st.ask(lowest, sched.Request{}), st.ask(low, sched.Request{})
		first, second := st.ask(high, sched.Request{Memory: 60}), st.ask(high, sched.Request{})
		st.pass(time.Hour)
		running[0].lease.Release() // a core is free, and the highest waits for memory
		st.runs([]bool{false, false, false, false}, first, second, later, last)
		running[1].lease.Release()
		st.runs([]bool{true, true, false, false}, first, second, later, last)
		st.pass(time.Hour)
		first.lease.Release()
		st.runs([]bool{true, false}, later, last)
		second.lease.Release()
		st.runs([]bool{true}, last)
		st.release(later, last)
	})
}
