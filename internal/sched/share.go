package sched

// settle adds what has run since the last time to what each job was served.
// Every change settles first, so between two of them the cores of a job are the
// same.
func (s *Scheduler) settle() {
	now := s.now()
	passed := max(now.Sub(s.settled).Seconds(), 0)
	s.settled = now
	for _, j := range s.jobs {
		j.served += j.rate() * passed
	}
}

// rate is how many cores the job uses now, per weight.
func (j *Job) rate() float64 {
	if j.Paused() {
		return 0
	}
	var sum milli
	for l := range j.leases {
		sum += l.cores
	}
	return sum.cores() / j.weight
}

// competes tells whether the job takes part: it runs something or waits for a
// lease.
func (j *Job) competes() bool {
	return !j.Paused() && (len(j.leases) > 0 || len(j.queue) > 0)
}

// catchUp is called before a job begins to compete, for the first time or
// again. What others were served meanwhile is no debt to it, so it begins where
// the one is that had the least; where nobody competes, where the one is
// that had the most.
func (j *Job) catchUp() {
	var least, most float64
	competitors := 0
	for _, other := range j.s.jobs {
		if other == j || other.priority != j.priority {
			continue
		}
		most = max(most, other.served)
		if !other.competes() {
			continue
		}
		if competitors == 0 || other.served < least {
			least = other.served
		}
		competitors++
	}
	if competitors == 0 {
		least = most
	}
	j.served = max(j.served, least)
}
