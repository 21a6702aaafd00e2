package azurestore

import (
	"errors"
	"io"
	"sync"
)

var errTaken = errors.New("the request has ended")

// lent is a body lent to the HTTP client, which may go on reading it after a
// request has failed or was answered early. take ends that: the bytes belong to
// the Bucket, which uses the buffer again.
type lent struct {
	mu    sync.Mutex
	from  io.ReadSeeker
	taken bool
}

func (l *lent) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return 0, errTaken
	}
	return l.from.Read(p)
}

func (l *lent) Seek(offset int64, whence int) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return 0, errTaken
	}
	return l.from.Seek(offset, whence)
}

// take waits for a read in progress and refuses those that follow.
func (l *lent) take() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = true
}
