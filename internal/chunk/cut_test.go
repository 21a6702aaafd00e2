//go:build cgo

package chunk

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
)

// retries counts what is tried again.
type retries struct {
	nobody
	n int
}

func (r *retries) Retried(Work, int, error) { r.n++ }

// TestNotCutIsNoFailure has the cut of a source that has no index: that is known at
// once, and nothing to try again.
func TestNotCutIsNoFailure(t *testing.T) {
	t.Parallel()
	seen := &retries{}
	o := (&Options{Observer: seen, Spec: &encode.Spec{
		Media: &rendition.Media{Container: "mpegts"}, Video: []*encode.Video{{}},
	}}).withDefaults()
	_, err := cut(t.Context(), o)
	var not *encode.NotCutError
	require.ErrorAs(t, err, &not)
	require.Zero(t, seen.n)
}
