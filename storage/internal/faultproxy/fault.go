package faultproxy

import (
	"math"
	"math/rand/v2"
	"time"
)

// Kind is what goes wrong.
type Kind string

// The faults of a connection.
const (
	// Latency holds the bytes back for Fault.For, once.
	Latency Kind = "latency"
	// Bandwidth lets the next Fault.Bytes bytes through at Fault.Rate bytes a second.
	Bandwidth Kind = "bandwidth"
	// Reset ends the connection with RST on both sides.
	Reset Kind = "reset"
	// Stall forwards nothing for Fault.For, in this direction, and then goes on.
	Stall Kind = "stall"
	// BlackHole swallows everything in both directions for Fault.For, and then resets.
	BlackHole Kind = "black hole"
	// Truncate ends the connection with FIN on both sides, as a server that closes too early.
	Truncate Kind = "truncate"
)

// The faults of a request, with a proxy for HTTP: the server never sees it.
const (
	// Status500 and Status503 are answers without a hint, RetryAfter is a 503 that asks for a pause of a
	// second, and SlowDown is the one of Amazon S3.
	Status500  Kind = "500"
	Status503  Kind = "503"
	RetryAfter Kind = "503 with Retry-After"
	SlowDown   Kind = "503 SlowDown"
)

// Direction is where the bytes go that a fault is about.
type Direction int

// The directions.
const (
	ToServer Direction = iota
	ToClient
)

// Fault is one thing that goes wrong, once.
type Fault struct {
	Kind Kind
	// Direction and After say when: after so many more bytes of one connection that way. Faults of a
	// request ignore both and happen to the next one.
	Direction Direction
	After     int64
	// For, Bytes and Rate are those of the kinds that have them.
	For   time.Duration
	Bytes int64
	Rate  int64
}

// OfRequest says whether the fault is one of HTTP.
func (k Kind) OfRequest() bool {
	switch k {
	case Status500, Status503, RetryAfter, SlowDown:
		return true
	}
	return false
}

// Random returns a fault for a transfer of so many bytes, of any kind, of HTTP too when http is true. It
// happens at any place of the transfer, the first bytes as likely as all others
// together, for a time between 50 ms and most.
func Random(rnd *rand.Rand, size int64, http bool, most time.Duration) Fault {
	kinds := []Kind{Latency, Bandwidth, Reset, Reset, Reset, Stall, BlackHole, Truncate, Truncate}
	if http {
		kinds = append(kinds, Status500, Status503, RetryAfter, SlowDown)
	}
	const least = 50 * time.Millisecond
	f := Fault{
		Kind:      kinds[rnd.IntN(len(kinds))],
		Direction: Direction(rnd.IntN(2)),
		After:     LogUniform(rnd, size+1) - 1,
		For:       least + time.Duration(rnd.Int64N(int64(max(most-least, 1)))),
		Bytes:     LogUniform(rnd, 4<<20),
		Rate:      1<<20 + rnd.Int64N(4<<20),
	}
	if rnd.IntN(2) == 0 {
		f.After = rnd.Int64N(size + 1)
	}
	return f
}

// LogUniform is a number from 1 to most, each order of magnitude as likely as any other.
func LogUniform(rnd *rand.Rand, most int64) int64 {
	return min(max(int64(math.Exp(rnd.Float64()*math.Log(float64(most)))), 1), most)
}
