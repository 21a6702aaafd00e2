package transcode_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// contents reads a whole bucket.
func contents(t *testing.T, b *storage.Bucket) map[string]string {
	t.Helper()
	m := map[string]string{}
	for obj, err := range b.List(context.WithoutCancel(t.Context()), nil) {
		require.NoError(t, err)
		data, err := b.ReadAll(context.WithoutCancel(t.Context()), obj.Key, 0)
		require.NoError(t, err)
		m[obj.Key] = string(data)
	}
	return m
}

func presentation(height int) transcode.Outputs {
	return transcode.Outputs{
		&transcode.HLSOutput{Ladder: transcode.Heights(height), Preset: "ultrafast"},
		&transcode.HLSOutput{Ladder: transcode.Heights(height), Preset: "ultrafast"},
	}
}

// TestFailedRunRestoresPlaylists lets a run fail after its first multivariant
// playlist has replaced that of an earlier run.
func TestFailedRunRestoresPlaylists(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]faultstore.Rule{
		"listing":    {Op: faultstore.Commit, Key: "hls1/master.m3u8", Times: -1, Kind: rendition.Quota},
		"no listing": {Op: faultstore.List, Times: -1, Kind: rendition.Unsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			input := goodClip(t)
			store := memstore.NewStore(nil)
			run := func(b *storage.Bucket, height int) error {
				job := &transcode.Job{
					Input: transcode.Input{URL: input}, Output: transcode.Destination{Bucket: b}, Outputs: presentation(height),
				}
				_, err := transcode.New(nil).Run(t.Context(), job, nil)
				return err
			}
			require.NoError(t, run(store.Bucket(), 144))
			before := contents(t, store.Bucket())
			for _, height := range []int{90, 144} { // another ladder, and the same job again
				faults := faultstore.New()
				faults.Add(fault)
				faults.Add(faultstore.Rule{Op: faultstore.Commit, Key: "hls1/master.m3u8", Times: -1, Kind: rendition.Quota})
				err := run(faults.Wrap(store.Bucket()), height)
				require.Equal(t, rendition.Quota, rendition.KindOf(err))
				require.Equal(t, before, contents(t, store.Bucket()))
			}
		})
	}
}

// TestCanceledTwinLeavesTheOther cancels a job whose twin has completed in the
// meantime at the same place.
func TestCanceledTwinLeavesTheOther(t *testing.T) {
	t.Parallel()
	input := testenv.Generate(t, "in.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=20", "-c:v", "libx264", "-g", "50",
		"-preset", "ultrafast")
	store := memstore.NewStore(nil)
	job := func() *transcode.Job {
		return &transcode.Job{
			Input: transcode.Input{URL: input}, Output: transcode.Destination{Bucket: store.Bucket()}, Outputs: presentation(144)[:1],
		}
	}
	first := true
	var twin error
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := transcode.New(nil).Run(ctx, job(), &transcode.RunOptions{OnEvent: func(e transcode.Event) {
		if _, ok := e.(transcode.PublishedEvent); ok && first {
			first = false
			_, twin = transcode.New(nil).Run(t.Context(), job(), nil)
			cancel()
		}
	}})
	require.NoError(t, twin)
	if err != nil {
		require.Equal(t, rendition.Canceled, rendition.KindOf(err))
	}
	files := contents(t, store.Bucket())
	require.Contains(t, files, "hls0/master.m3u8")
	require.Len(t, files, 1+1+1+4, "master, media playlist, init and four segments")
}

// TestPanicOfAHostSource must not end the process.
func TestPanicOfAHostSource(t *testing.T) {
	t.Parallel()
	job := &transcode.Job{
		Input: transcode.Input{Source: panicSource{}}, Output: transcode.Destination{Bucket: memstore.New(nil)}, Outputs: oneFile(),
	}
	_, err := transcode.New(nil).Run(t.Context(), job, nil)
	require.Equal(t, rendition.Internal, rendition.KindOf(err))
}

type panicSource struct{}

func (panicSource) Name() string { return "panic" }

func (panicSource) Open(context.Context) (rendition.SourceReader, error) { panic("host") }

// TestCanceledRunTellsWhatIsLeft has a destination that takes files and does not give them up.
func TestCanceledRunTellsWhatIsLeft(t *testing.T) {
	t.Parallel()
	faults := faultstore.New()
	faults.Add(faultstore.Rule{Op: faultstore.Delete, Times: -1, Kind: rendition.Permission})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	job := &transcode.Job{
		Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{Bucket: faults.Wrap(memstore.New(nil))}, Outputs: presentation(144),
	}
	_, err := transcode.New(nil).Run(ctx, job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
		if _, ok := e.(transcode.PublishedEvent); ok {
			cancel()
		}
	}})
	if err == nil {
		return // the job was quicker than its listener
	}
	require.Equal(t, rendition.Canceled, rendition.KindOf(err))
	require.Contains(t, err.Error(), "remove what is left")
}
