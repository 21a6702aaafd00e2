package sched

import (
	"errors"

	"github.com/rendition-sdk/rendition"
)

// ErrStopped is the cause of an error of Kind Busy: Scheduler.Stop was called.
var ErrStopped = errors.New("the engine begins no more work")

// ErrClosed is the cause of an error of Kind Canceled: Job.Close was called.
var ErrClosed = errors.New("the job is closed")

func stopped() error {
	return &rendition.Error{Kind: rendition.Busy, Op: "sched: acquire", Err: ErrStopped, Hint: "try again with another engine"}
}

func closed() error {
	return &rendition.Error{Kind: rendition.Canceled, Op: "sched: acquire", Err: ErrClosed}
}
