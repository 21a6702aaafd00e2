package sched

// Stats is what a Scheduler does at one moment.
type Stats struct {
	// Running is the number of leases that are held, Draining how many of them
	// have given their cores back.
	Running, Draining int
	// Waiting is the number of requests in queues, those of paused jobs too.
	Waiting int
	// Cores is the sum of what the leases in use asked for; those of paused jobs
	// count nothing.
	Cores float64
	// Memory is how many bytes all leases hold, PeakMemory the most it has been.
	Memory, PeakMemory int64
}

// Stats returns a consistent picture of now.
func (s *Scheduler) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.usage()
	st := Stats{Running: u.leases, Cores: u.cores.cores(), Memory: u.memory, PeakMemory: s.peak}
	for _, j := range s.jobs {
		st.Waiting += len(j.queue)
		for l := range j.leases {
			if l.cores == 0 {
				st.Draining++
			}
		}
	}
	return st
}
