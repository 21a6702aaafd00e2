package web

import (
	"io"
	"sync"
)

// Lent is a body lent to a client that wants a seeker, such as an SDK, which may go on reading it after a
// request has failed or was answered early. Take ends that: the bytes belong to
// the Bucket, which uses the buffer again.
type Lent struct {
	mu    sync.Mutex
	from  io.ReadSeeker
	taken bool
}

// Lend lends a body.
func Lend(from io.ReadSeeker) *Lent { return &Lent{from: from} }

// Read implements io.Reader.
func (l *Lent) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return 0, errPayloadDone
	}
	return l.from.Read(p)
}

// Seek implements io.Seeker.
func (l *Lent) Seek(offset int64, whence int) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return 0, errPayloadDone
	}
	return l.from.Seek(offset, whence)
}

// Take waits for a read in progress and refuses those that follow.
func (l *Lent) Take() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = true
}
