package transcode_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// allStretches keeps the clock out of the calibration, so that sizes are the
// same on every machine.
var allStretches = &transcode.EstimateOptions{Limit: time.Hour}

func estimatedJob(in string, outputs ...transcode.Output) *transcode.Job {
	return &transcode.Job{Input: transcode.Input{URL: in}, Output: transcode.Destination{Bucket: memstore.New(nil)}, Outputs: outputs}
}

// Sizes of real clips, of which a part is encoded: film, a camera's picture, a
// screen, and a container without an index.
func TestEstimateOfRealClips(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"film/bbb_480p_h264-aac51_30s.mp4", "natural/drone-beach_720p30_h264-aac_65s.mp4",
		"screen/screencap_3026x1386_vfr_8.7s.mp4", "film/bbb_720p25_h264-aac51_62s.ts",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			job := estimatedJob(filepath.Join(testenv.Media(t), name), &transcode.HLSOutput{
				Preset: "veryfast", Duration: transcode.Seconds(30), Ladder: transcode.Ladder{Rungs: []transcode.Rung{{Height: 240}, {Height: 144}}},
			})
			engine := transcode.New(&transcode.Config{Scratch: "none"})
			est, err := engine.Estimate(t.Context(), job, allStretches)
			require.NoError(t, err)
			result, err := engine.Run(t.Context(), job, nil)
			require.NoError(t, err)

			require.InEpsilon(t, published(result), est.Size, 0.25)
			require.Len(t, est.Renditions, len(result.Renditions))
			for i, r := range result.Renditions {
				require.Equal(t, r.ID, est.Renditions[i].ID)
				require.InEpsilon(t, r.Size, est.Renditions[i].Size, 0.3, r.ID)
			}
			require.Positive(t, est.CPU)
			require.Positive(t, est.Elapsed)
			require.Positive(t, est.Memory)
			require.GreaterOrEqual(t, est.Calibrated.Duration(), 6*time.Second)
			require.LessOrEqual(t, est.Calibrated.Duration(), 11*time.Second)
		})
	}
}

func published(r *transcode.Result) (n int64) {
	for _, f := range r.Files {
		n += f.Size
	}
	return n
}

func TestEstimateOfEveryKindOfOutput(t *testing.T) {
	t.Parallel()
	job := estimatedJob(goodClip(t), everything()...)
	engine := transcode.New(&transcode.Config{Scratch: "none"})
	est, err := engine.Estimate(t.Context(), job, allStretches)
	require.NoError(t, err)
	for obj, err := range job.Output.Bucket.List(t.Context(), nil) {
		require.NoError(t, err)
		require.Fail(t, "an estimate wrote "+obj.Key)
	}
	result, err := engine.Run(t.Context(), job, nil)
	require.NoError(t, err)
	byOutput := map[int]int64{}
	for _, f := range result.Files {
		byOutput[f.Output] += f.Size
	}
	var sum int64
	require.Len(t, est.Outputs, len(job.Outputs))
	for _, o := range est.Outputs {
		require.InEpsilon(t, byOutput[o.Output], o.Size, 0.3, "output %d", o.Output)
		sum += o.Size
	}
	require.Equal(t, sum, est.Size)

	var again transcode.Estimate
	data, err := json.Marshal(est)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, est.Size, again.Size)
	for _, want := range []string{"time  ", "v0 ", "output  size", "may well be"} {
		require.Contains(t, est.String(), want)
	}
}

func TestEstimateOfCopiesSoundAndBitrates(t *testing.T) {
	t.Parallel()
	sound := &transcode.AudioSettings{Codec: rendition.Opus, Bitrate: 96_000}
	job := estimatedJob(goodClip(t),
		&transcode.FileOutput{Codec: rendition.CodecCopy, Container: "mkv", Audio: sound},
		&transcode.FileOutput{Height: 144, Bitrate: 300_000, Preset: "veryfast", Start: transcode.Seconds(1), Duration: transcode.Seconds(2)},
	)
	engine := transcode.New(&transcode.Config{Scratch: "none"})
	est, err := engine.Estimate(t.Context(), job, nil)
	require.NoError(t, err)
	result, err := engine.Run(t.Context(), job, nil)
	require.NoError(t, err)
	require.InEpsilon(t, published(result), est.Size, 0.25)
	require.EqualValues(t, 300_000, est.Renditions[1].Bitrate)
}

func TestEstimateRefusesWhatRunRefuses(t *testing.T) {
	t.Parallel()
	engine := transcode.New(nil)
	_, err := engine.Estimate(t.Context(), &transcode.Job{}, nil)
	require.Equal(t, rendition.InvalidJob, rendition.KindOf(err))
	job := estimatedJob(filepath.Join(t.TempDir(), "none.mp4"), &transcode.FileOutput{})
	_, err = engine.Estimate(t.Context(), job, nil)
	require.Equal(t, rendition.NotFound, rendition.KindOf(err))
	require.True(t, strings.Contains(err.Error(), "input.url"))
}
