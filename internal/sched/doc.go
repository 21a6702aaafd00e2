// Package sched decides which piece of encoding may run now, over all jobs of
// one engine. A piece is a chunk of video with its pipeline of goroutines; what
// it is given is a Lease on cores and memory.
//
// A piece begins when fewer cores are in use than there are, and its memory
// fits into what is left. So the last one to begin may use more cores than are
// free: pieces are not cut to size, and a core without work is worth more than
// a thread that waits now and then. Memory is never exceeded, with one
// exception: a piece that runs all alone may have any size.
//
// Jobs of a higher priority come first. Among equals it is the turn of the job
// that had the least core time for its weight, and whose turn it is, waits for
// memory at the head: nobody passes it, so large pieces do not starve.
//
// A Scheduler owns no goroutine and no timer. Whoever gives something back
// looks who is next.
package sched
