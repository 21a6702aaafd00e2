package transcode_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/Eyevinn/hls-m3u8/m3u8"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

func growingOutputs(heights ...int) transcode.Outputs {
	return transcode.Outputs{&transcode.HLSOutput{
		Ladder: transcode.Heights(heights...), Preset: "ultrafast", SegmentDuration: transcode.Seconds(2), PublishWhileEncoding: true,
	}}
}

func longClip(t *testing.T) string {
	t.Helper()
	return testenv.Generate(t, "in.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30000/1001:duration=20", "-f", "lavfi", "-i",
		"sine=duration=20", "-c:v", "libx264", "-g", "60", "-preset", "ultrafast", "-c:a", "aac")
}

// playable reads the presentation that files hold and returns the number of
// segments of each variant and rendition, by folder, and whether all have ended.
func playable(files map[string]string) (segments map[string]uint, ended bool, err error) {
	list, _, err := m3u8.DecodeFrom(bytes.NewReader([]byte(files["hls0/master.m3u8"])), true)
	if err != nil {
		return nil, false, err
	}
	var uris []string
	for _, v := range list.(*m3u8.MasterPlaylist).Variants {
		uris = append(uris, v.URI)
		for _, a := range v.Alternatives {
			uris = append(uris, a.URI)
		}
	}
	segments, ended = map[string]uint{}, true
	for _, uri := range uris {
		list, _, err := m3u8.DecodeFrom(bytes.NewReader([]byte(files["hls0/"+uri])), true)
		if err != nil {
			return nil, false, fmt.Errorf("%s: %w", uri, err)
		}
		media := list.(*m3u8.MediaPlaylist)
		ended = ended && media.Closed
		dir := path.Dir(uri)
		segments[dir] = media.Count()
		for _, seg := range append(media.Segments[:media.Count()], &m3u8.MediaSegment{URI: media.Map.URI}) {
			if files["hls0/"+dir+"/"+seg.URI] == "" {
				return nil, false, fmt.Errorf("%s names %s, which is not there", uri, seg.URI)
			}
		}
	}
	return segments, ended, nil
}

// TestPublishWhileEncoding compares a growing presentation with one that comes
// at the end.
func TestPublishWhileEncoding(t *testing.T) {
	t.Parallel()
	input, bucket := longClip(t), memstore.New(nil)
	var roles []transcode.FileRole
	var early map[string]string
	var cache string
	job := &transcode.Job{Input: transcode.Input{URL: input}, Output: transcode.Destination{Bucket: bucket}, Outputs: growingOutputs(144, 90)}
	result, err := transcode.New(nil).Run(t.Context(), job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
		p, ok := e.(transcode.PublishedEvent)
		if !ok {
			return
		}
		roles = append(roles, p.File.Role)
		if p.File.Role == transcode.RoleMaster && early == nil {
			early = contents(t, bucket)
			if o, err := bucket.Stat(t.Context(), p.File.Path); err == nil {
				cache = o.CacheControl
			}
		}
	}})
	require.NoError(t, err)

	segments, _, err := playable(early)
	require.NoError(t, err)
	require.NotZero(t, segments["audio"], segments)
	require.Less(t, slices.Index(roles, transcode.RoleMaster), len(roles)-12, "the presentation is there long before the end")
	require.Contains(t, []string{"no-cache", ""}, cache)
	count := map[transcode.FileRole]int{}
	for _, r := range roles {
		count[r]++
	}
	require.Equal(t, 2*3, count[transcode.RolePlaylist], "each is told when it appears and when it is complete")
	require.Equal(t, 2, count[transcode.RoleMaster])

	files := contents(t, bucket)
	segments, ended, err := playable(files)
	require.NoError(t, err)
	require.True(t, ended)
	require.Len(t, segments, 3)
	require.Len(t, files, len(result.Files))
	for _, f := range result.Files {
		require.Len(t, files[f.Path], int(f.Size), f.Path)
	}
	testenv.Decodes(t, filepath.Join(download(t, bucket), "hls0/master.m3u8"))

	outputs := growingOutputs(144, 90)
	outputs[0].(*transcode.HLSOutput).PublishWhileEncoding = false
	plain, _ := runJob(t, outputs, func(j *transcode.Job) { j.Input.URL = input })
	require.Equal(t, segmentSums(plain), segmentSums(result), "the segments are the same")
}

// sums is what a bucket holds, short enough to be printed.
func sums(t *testing.T, b *storage.Bucket) map[string]string {
	t.Helper()
	m := contents(t, b)
	for name, data := range m {
		if path.Ext(name) != ".m3u8" {
			m[name] = fmt.Sprintf("%x", sha256.Sum256([]byte(data)))
		}
	}
	return m
}

func segmentSums(r *transcode.Result) (list []string) {
	for _, f := range r.Files {
		if f.Role == transcode.RoleSegment || f.Role == transcode.RoleInit {
			list = append(list, f.SHA256)
		}
	}
	return list
}

// TestGrowingRunTakesBack stops runs at three places: into an empty place, over
// a run of the same job and over one with another ladder.
func TestGrowingRunTakesBack(t *testing.T) {
	t.Parallel()
	input := longClip(t)
	const master = "hls0/master.m3u8"
	run := func(b *storage.Bucket, height int, onMaster func()) error {
		job := &transcode.Job{Input: transcode.Input{URL: input}, Output: transcode.Destination{Bucket: b}, Outputs: growingOutputs(height)}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		_, err := transcode.New(nil).Run(ctx, job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
			if p, ok := e.(transcode.PublishedEvent); ok && p.File.Role == transcode.RoleMaster && onMaster != nil {
				onMaster()
				cancel()
			}
		}})
		return err
	}
	for name, earlier := range map[string]int{"nothing there": 0, "the same": 144, "another ladder": 90} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := memstore.NewStore(nil)
			if earlier > 0 {
				require.NoError(t, run(store.Bucket(), earlier, nil))
			}
			before := sums(t, store.Bucket())
			same := func(when string) {
				t.Helper()
				require.Equal(t, before, sums(t, store.Bucket()), when)
			}

			faults := faultstore.New()
			// The job stands still in the middle until it is canceled.
			faults.Add(faultstore.Rule{Op: faultstore.NewUpload, Nth: 30, Wait: make(chan struct{})})
			var cache string
			err := run(faults.Wrap(store.Bucket()), 144, func() {
				for deadline := time.Now().Add(time.Minute); faults.Calls(faultstore.NewUpload) < 30 && time.Now().Before(deadline); {
					time.Sleep(time.Millisecond)
				}
				if o, err := store.Bucket().Stat(t.Context(), master); err == nil {
					cache = o.CacheControl
				}
			})
			require.Equal(t, rendition.Canceled, rendition.KindOf(err))
			require.Equal(t, "no-cache", cache)
			same("after cancel")

			faults = faultstore.New()
			faults.Add(faultstore.Rule{Op: faultstore.Commit, Key: master, Nth: 2, Kind: rendition.Quota})
			require.Equal(t, rendition.Quota, rendition.KindOf(run(faults.Wrap(store.Bucket()), 144, nil)))
			same("after a failure at the end")

			faults = faultstore.New()
			faults.Add(faultstore.Rule{Op: faultstore.NewUpload, Nth: 20, Kind: rendition.Permission})
			require.Equal(t, rendition.Permission, rendition.KindOf(run(faults.Wrap(store.Bucket()), 144, nil)))
			same("after a failure in the middle")

			faults = faultstore.New()
			faults.Add(faultstore.Rule{Op: faultstore.List, Times: -1, Kind: rendition.Unsupported})
			faults.Add(faultstore.Rule{Op: faultstore.Commit, Key: master, Nth: 2, Kind: rendition.Quota})
			require.Equal(t, rendition.Quota, rendition.KindOf(run(faults.Wrap(store.Bucket()), 144, nil)))
			same("where a store cannot list")

			require.NoError(t, run(store.Bucket(), 144, nil))
			_, ended, err := playable(contents(t, store.Bucket()))
			require.NoError(t, err)
			require.True(t, ended)
		})
	}
}
