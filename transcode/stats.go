package transcode

// Stats is what an engine does at one moment.
type Stats struct {
	// Queued jobs wait for Config.MaxJobs, Running ones have begun; Paused are
	// those among both that Task.Pause holds up.
	Queued, Running, Paused int
	// ChunksRunning is how many pieces of encoding work have begun, those of paused
	// jobs too; ChunksWaiting is how many wait for cores or memory, a job's next
	// piece alone and not all that are to come.
	ChunksRunning, ChunksWaiting int
	// Cores is how many cores the running pieces are reckoned to use; those of
	// paused jobs count nothing.
	Cores float64
	// Memory is about how many bytes their encoders take, PeakMemory the most it
	// has been in the engine's life.
	Memory, PeakMemory int64
	// Speed is the media time that is encoded in a second, over all jobs that
	// encode now.
	Speed float64
}

// Stats returns what the engine does now. It is cheap; a host may ask every second.
func (e *Engine) Stats() Stats {
	var s Stats
	for t, running := range e.intake.list() {
		if running {
			s.Running++
		} else {
			s.Queued++
		}
		switch p := t.Progress(); {
		case p.Paused:
			s.Paused++
		case p.State == StateEncoding:
			s.Speed += p.Speed
		}
	}
	work := e.work.Stats()
	s.ChunksRunning, s.ChunksWaiting = work.Running, work.Waiting
	s.Cores, s.Memory, s.PeakMemory = work.Cores, work.Memory, work.PeakMemory
	return s
}
