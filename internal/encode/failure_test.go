//go:build cgo

package encode_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/filestore"
)

// keptSamples keeps what it is given.
type keptSamples struct{ list []packager.Sample }

func (k *keptSamples) Start(context.Context, packager.Track) error { return nil }

func (k *keptSamples) WriteSample(_ context.Context, s packager.Sample) error {
	k.list = append(k.list, s)
	return nil
}

// TestFailedReadIsNoEnd breaks reading off at many places. What has been written by
// then is the beginning of what the whole gives: no stage takes the failure for the
// end of the source and flushes.
func TestFailedReadIsNoEnd(t *testing.T) {
	t.Parallel()
	clip := testenv.Generate(t, "in.mp4", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=12", "-f", "lavfi", "-i",
		"sine=frequency=500:duration=12", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac")
	encodeWith := func(faults *faultstore.Faults) (sound, picture *keptSamples, err error) {
		sound, picture = &keptSamples{}, &keptSamples{}
		b := open(t, clip)
		b.video(80, 44, picture)
		b.audio(sound)
		dir, err := filestore.Open(t.Context(), t.TempDir(), nil)
		require.NoError(t, err)
		data, err := filestore.Source(clip).Open(t.Context())
		require.NoError(t, err)
		defer data.Close()
		w, err := dir.NewWriter(t.Context(), "in.mp4", nil)
		require.NoError(t, err)
		_, err = w.ReadFrom(data)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		b.spec.Source = faults.Wrap(dir).Source("in.mp4")
		_, err = encode.Run(t.Context(), b.spec)
		return sound, picture, err
	}
	none := faultstore.New()
	sound, picture, err := encodeWith(none)
	require.NoError(t, err)
	reads := none.Calls(faultstore.Read)
	require.Greater(t, reads, 4)
	for i := range 24 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			faults := faultstore.New()
			faults.Add(faultstore.Rule{Op: faultstore.Read, Nth: reads - i%3, Times: -1, Kind: rendition.Permission})
			s, p, err := encodeWith(faults)
			require.Equal(t, rendition.Permission, rendition.KindOf(err))
			require.Equal(t, sound.list[:len(s.list)], s.list)
			require.Equal(t, picture.list[:len(p.list)], p.list)
		})
	}
}
