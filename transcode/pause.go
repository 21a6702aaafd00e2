package transcode

// Pause stops the job's work at the next packet, until Resume. What is encoded
// and open stays in memory; its cores go to other jobs. A job that is publishing
// finishes that. Pausing twice, or after the end, does nothing.
func (t *Task) Pause() {
	t.turns.Pause()
	t.setPaused()
}

// Resume lets a paused job go on.
func (t *Task) Resume() {
	t.turns.Resume()
	t.setPaused()
}

func (t *Task) setPaused() {
	t.mu.Lock()
	t.progress.Paused = t.turns.Paused()
	p := t.progress
	t.mu.Unlock()
	t.events.add(ProgressEvent{Progress: p})
}

// leave ends the task's part in the engine.
func (t *Task) leave() {
	t.cancel(nil)
	t.turn.Close()
	t.turns.Close()
	t.engine.intake.leave(t)
}

// abandon ends a task that never began.
func (t *Task) abandon() {
	t.cancel(nil)
	t.turn.Close()
	t.turns.Close()
	t.events.close()
}
