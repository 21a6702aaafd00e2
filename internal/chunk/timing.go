package chunk

import "time"

// Timing is what some work took.
type Timing struct {
	// Wall is the time that passed, CPU what the process used of all cores
	// meanwhile.
	Wall, CPU time.Duration
	// Guessed says that the system does not tell the CPU time: it is Wall then.
	Guessed bool
}

// Plus is the sum of both.
func (t Timing) Plus(u Timing) Timing {
	return Timing{Wall: t.Wall + u.Wall, CPU: t.CPU + u.CPU, Guessed: t.Guessed || u.Guessed}
}

// StartTimer begins to measure; the function it returns says what was taken until
// then. Whatever else the process does counts too.
func StartTimer() func() Timing {
	began := time.Now()
	before, _ := processorTime()
	return func() Timing {
		now, ok := processorTime()
		t := Timing{Wall: time.Since(began), CPU: now - before}
		if !ok {
			t.CPU, t.Guessed = t.Wall, true
		}
		return t
	}
}
