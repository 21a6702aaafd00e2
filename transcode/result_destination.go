package transcode

import "github.com/rendition-sdk/rendition"

// DestinationState is how a job ended at one destination.
type DestinationState string

// The states.
const (
	// DestinationSaved has every file.
	DestinationSaved DestinationState = "saved"
	// DestinationFailed was given up; what was written to it is taken back, as far
	// as it could be reached.
	DestinationFailed DestinationState = "failed"
	// DestinationRemoved was good, but the job did not complete, and what was written
	// to it is taken back.
	DestinationRemoved DestinationState = "removed"
)

// DestinationResult is one destination of a job.
type DestinationResult struct {
	// Index counts the job's destinations, as Destination.URLs or Buckets does.
	Index int `json:"index"`
	// Name is its URL or path, without secrets.
	Name  string           `json:"name"`
	State DestinationState `json:"state"`
	// Error and Kind are why it failed, Err is the error itself.
	Error string         `json:"error,omitempty"`
	Kind  rendition.Kind `json:"kind,omitempty"`
	Err   error          `json:"-"`
	// Files and Bytes are what was published there, before it was taken back where it was.
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// Left says what could not be taken back; empty when nothing is left. What names
	// other files is taken back first, so that what is left does not look complete.
	Left string `json:"left,omitempty"`
}
