package transcode

import (
	"time"
)

// State is where a job is in its life.
type State string

// The states, in order; the last three are final.
const (
	StateQueued     State = "queued"
	StateAnalyzing  State = "analyzing"
	StateEncoding   State = "encoding"
	StateFinalizing State = "finalizing"
	StateCompleted  State = "completed"
	StateFailed     State = "failed"
	StateCanceled   State = "canceled"
)

// Final reports whether the job is over.
func (s State) Final() bool {
	return s == StateCompleted || s == StateFailed || s == StateCanceled
}

// Event is something that happened to a job: a StateEvent, PlanEvent,
// ProgressEvent, PublishedEvent, DestinationEvent or WarningEvent.
type Event interface{ event() }

// StateEvent says that the job entered a state. Err is the reason of
// StateFailed and StateCanceled.
type StateEvent struct {
	State State
	Err   error
}

// PlanEvent says what the job will do; it comes once, after the analysis.
type PlanEvent struct{ Plan *Plan }

// ProgressEvent says how far the job is; it comes about five times a second.
type ProgressEvent struct{ Progress Progress }

// PublishedEvent says that a file is at every destination that is good. Segments come while
// the job encodes, all else at its end; of an hls output with
// PublishWhileEncoding the playlists come twice, when they appear and when they
// are complete. When its RoleMaster comes first, playing can begin.
type PublishedEvent struct{ File PublishedFile }

// DestinationEvent says how one destination fares: when it fails, and for each at the
// end of the job, in order and in front of the last StateEvent, with Final.
type DestinationEvent struct {
	Destination DestinationResult
	Final       bool
}

// WarningEvent is something a person should know about a job that goes on.
type WarningEvent struct{ Text string }

func (StateEvent) event()       {}
func (PlanEvent) event()        {}
func (ProgressEvent) event()    {}
func (PublishedEvent) event()   {}
func (DestinationEvent) event() {}
func (WarningEvent) event()     {}

// Progress is how far a job is.
type Progress struct {
	State State `json:"status"`
	// Paused says that Task.Pause holds the job up.
	Paused bool `json:"paused,omitempty"`
	// Percent is 0 to 100. It never goes back, and is 100 only when everything
	// is published.
	Percent float64 `json:"progress"`
	// Stage says what is going on, for people, such as "encoding 3 renditions".
	Stage string `json:"stage"`
	// FPS is source frames encoded per second of wall time, over all the job
	// so far; Speed is media time over wall time.
	FPS   float64 `json:"fps"`
	Speed float64 `json:"speed"`
	// ETA is the time the job still needs; 0 while unknown and when over.
	ETA time.Duration `json:"eta"`
	// Elapsed is the time since the job began to run.
	Elapsed time.Duration `json:"elapsed"`
	// Media is how much of the source is done, Total how much there is.
	Media time.Duration `json:"media"`
	Total time.Duration `json:"total"`
}
