package sched_test

import (
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/sched"
)

// TestAdmission asks for more than there is and counts what begins.
func TestAdmission(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options sched.Options
		request sched.Request
		want    int
	}{
		"one large piece":           {sched.Options{Cores: 2}, sched.Request{Cores: 2.8}, 1},
		"the last overshoots":       {sched.Options{Cores: 8}, sched.Request{Cores: 2.8}, 3},
		"two small pieces":          {sched.Options{Cores: 2}, sched.Request{Cores: 1.25}, 2},
		"exactly full":              {sched.Options{Cores: 0.3}, sched.Request{Cores: 0.1}, 3},
		"full to a thousandth":      {sched.Options{Cores: 5.6}, sched.Request{Cores: 2.8}, 2},
		"a core is the default":     {sched.Options{Cores: 3}, sched.Request{}, 3},
		"no number is the default":  {sched.Options{Cores: 3}, sched.Request{Cores: math.NaN()}, 3},
		"less than a core":          {sched.Options{Cores: 0.5}, sched.Request{Cores: 1}, 1},
		"less than nothing":         {sched.Options{Cores: 3}, sched.Request{Cores: -4, Memory: -4}, 3},
		"slots":                     {sched.Options{Cores: 64, Slots: 2}, sched.Request{Cores: 0.1}, 2},
		"slots of large pieces":     {sched.Options{Cores: 1, Slots: 3}, sched.Request{Cores: 8}, 3},
		"memory":                    {sched.Options{Cores: 8, Memory: 100}, sched.Request{Cores: 1, Memory: 40}, 2},
		"memory to the last byte":   {sched.Options{Cores: 8, Memory: 120}, sched.Request{Cores: 1, Memory: 40}, 3},
		"larger than the budget":    {sched.Options{Cores: 8, Memory: 100}, sched.Request{Cores: 1, Memory: 400}, 1},
		"no budget":                 {sched.Options{Cores: 4, Memory: none}, sched.Request{Cores: 1, Memory: 1 << 60}, 4},
		"no budget, absurd numbers": {sched.Options{Cores: 4, Memory: none}, sched.Request{Cores: 1, Memory: math.MaxInt64}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, c.options, func(t *testing.T, st *stage) {
				j := st.Join(nil)
				var list []*asked
				for range 10 {
					list = append(list, st.ask(j, c.request))
				}
				stats := st.Stats()
				require.Equal(t, c.want, stats.Running)
				require.Equal(t, 10-c.want, stats.Waiting)
				for i, a := range list { // each end lets the next one begin
					require.NotNil(t, a.lease, "request %d", i)
					a.lease.Release()
					st.runs([]bool{true}, list[min(i+c.want, 9)])
				}
				require.Equal(t, sched.Stats{PeakMemory: stats.PeakMemory}, st.Stats())
			})
		})
	}
}

// TestDefaults takes what the machine has.
func TestDefaults(t *testing.T) {
	onStage(t, sched.Options{}, func(t *testing.T, st *stage) {
		j := st.Join(nil)
		var list []*asked
		for range runtime.GOMAXPROCS(0) + 1 {
			list = append(list, st.ask(j, sched.Request{Cores: 1}))
		}
		require.Equal(t, runtime.GOMAXPROCS(0), st.Stats().Running)
		st.release(list...)
		if half := sched.DetectMemory() / 2; half > 0 {
			first, second := st.ask(j, sched.Request{Cores: 0.1, Memory: half}), st.ask(j, sched.Request{Cores: 0.1, Memory: 1})
			st.runs([]bool{true, false}, first, second)
		}
	})
}

// TestOrder begins the lowest order first, and of equals the first.
func TestOrder(t *testing.T) {
	onStage(t, sched.Options{Cores: 1, Memory: none}, func(t *testing.T, st *stage) {
		j := st.Join(nil)
		var list []*asked
		for _, order := range []int64{9, 3, 1, 3, -2, 1} {
			list = append(list, st.ask(j, sched.Request{Order: order}))
		}
		for _, next := range []int{0, 4, 2, 5, 1, 3} {
			require.Equal(t, 1, st.Stats().Running)
			st.runs([]bool{true}, list[next])
			list[next].lease.Release()
		}
	})
}

// TestLargeIsNotPassed keeps small pieces of its own and another job behind a
// large one that waits for memory, though they would fit.
func TestLargeIsNotPassed(t *testing.T) {
	onStage(t, sched.Options{Cores: 8, Memory: 100}, func(t *testing.T, st *stage) {
		one, two := st.Join(nil), st.Join(nil)
		first := st.ask(one, sched.Request{Memory: 30})
		second := st.ask(two, sched.Request{Memory: 30})
		large := st.ask(one, sched.Request{Memory: 90})
		behind, beside := st.ask(one, sched.Request{Memory: 1}), st.ask(two, sched.Request{Memory: 1})
		st.runs([]bool{true, true, false, false, false}, first, second, large, behind, beside)
		first.lease.Release()
		st.runs([]bool{false, false, false}, large, behind, beside)
		second.lease.Release()
		st.runs([]bool{true, true, true}, large, behind, beside)
		require.EqualValues(t, 92, st.Stats().Memory)
		st.release(large, behind, beside)
	})
}

// TestTooLargeRunsAlone admits what exceeds the budget when all else has ended,
// while another job never stops asking for small pieces.
func TestTooLargeRunsAlone(t *testing.T) {
	onStage(t, sched.Options{Cores: 8, Memory: 100}, func(t *testing.T, st *stage) {
		busy, other := st.Join(nil), st.Join(nil)
		running := []*asked{st.ask(busy, sched.Request{Memory: 40}), st.ask(busy, sched.Request{Memory: 40})}
		large := st.ask(other, sched.Request{Memory: 1000})
		for round := 0; large.lease == nil; round++ {
			require.Less(t, round, 10, "it starves")
			st.pass(1e9)
			running = append(running, st.ask(busy, sched.Request{Memory: 40}))
			st.release(running[round])
		}
		require.Equal(t, 1, st.Stats().Running)
		require.EqualValues(t, 1000, st.Stats().PeakMemory)
		large.lease.Release()
		st.runs([]bool{true}, running[len(running)-1])
		st.release(running...)
	})
}

// TestDrain gives cores back and keeps memory.
func TestDrain(t *testing.T) {
	onStage(t, sched.Options{Cores: 2, Memory: 100}, func(t *testing.T, st *stage) {
		j := st.Join(nil)
		first := st.ask(j, sched.Request{Cores: 2.8, Memory: 40})
		second := st.ask(j, sched.Request{Cores: 2.8, Memory: 40})
		third := st.ask(j, sched.Request{Cores: 2.8, Memory: 40})
		st.runs([]bool{true, false, false}, first, second, third)
		first.lease.Drain()
		first.lease.Drain()
		st.runs([]bool{true, true, false}, first, second, third)
		require.Equal(t, sched.Stats{Running: 2, Draining: 1, Waiting: 1, Cores: 2.8, Memory: 80, PeakMemory: 80}, st.Stats())
		second.lease.Drain() // cores are free now, memory is not
		st.runs([]bool{false}, third)
		first.lease.Release()
		first.lease.Release()
		first.lease.Drain()
		st.runs([]bool{true}, third)
		require.Equal(t, sched.Stats{Running: 2, Draining: 1, Cores: 2.8, Memory: 80, PeakMemory: 80}, st.Stats())
		st.release(second, third)
		require.Equal(t, sched.Stats{PeakMemory: 80}, st.Stats())
	})
}

// TestDrainFreesASlot counts a lease against Slots until it drains.
func TestDrainFreesASlot(t *testing.T) {
	onStage(t, sched.Options{Slots: 1, Memory: none}, func(t *testing.T, st *stage) {
		j := st.Join(nil)
		first, second := st.ask(j, sched.Request{Cores: 4}), st.ask(j, sched.Request{Cores: 4})
		st.runs([]bool{true, false}, first, second)
		first.lease.Drain()
		st.runs([]bool{true}, second)
		st.release(first, second)
	})
}
