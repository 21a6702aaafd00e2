package joins_test

import (
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/chunk"
	"github.com/rendition-sdk/rendition/internal/encode"
	"github.com/rendition-sdk/rendition/internal/sched"
	"github.com/rendition-sdk/rendition/packager"
	"github.com/rendition-sdk/rendition/packager/mp4"
	"github.com/rendition-sdk/rendition/probe"
	"github.com/rendition-sdk/rendition/storage/filestore"
)

// made is one encode of a clip.
type made struct {
	path  string
	video *encode.Video
	// joins are the numbers of the frames that chunks begin with, but for the first.
	joins    []int
	repaired int
}

// transcode encodes a source, in chunks of about 4 seconds or in one pass.
func transcode(t *testing.T, path string, s *setting, onePass bool) *made {
	t.Helper()
	src := filestore.Source(path)
	media, err := probe.Probe(t.Context(), src)
	require.NoError(t, err)
	file := mp4.NewWriter(nil)
	v := s.video(media, &track{file: file})
	work := sched.New(nil)
	defer work.Stop()
	turns := work.Join(nil)
	defer turns.Close()
	starts := &starts{}
	res, err := chunk.Run(t.Context(), &chunk.Options{
		Spec: &encode.Spec{Source: src, Media: media, Video: []*encode.Video{v}}, Turns: turns, OnePass: onePass, Observer: starts,
		// Shorter than jobs cut, for more joins: chunks come out at 4 seconds.
		Cut: &encode.CutOptions{Target: 2 * time.Second},
	})
	require.NoError(t, err)
	m := &made{path: save(t, file), video: v, repaired: res.Repaired}
	for _, at := range starts.list() {
		m.joins = append(m.joins, int(math.Ceil(at.Seconds()*v.FrameRate.Float64()-0.001)))
	}
	if onePass {
		require.Equal(t, 1, res.Chunks)
	} else {
		require.Len(t, m.joins, res.Chunks-1, res.Why)
	}
	return m
}

// starts notes where chunks begin.
type starts struct {
	mu sync.Mutex
	at map[int]time.Duration
}

func (s *starts) Began(w chunk.Work) func(error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		s.at = map[int]time.Duration{}
	}
	s.at[w.Chunk] = w.Start
	return func(error) {}
}

func (s *starts) Kept(chunk.Work)                {}
func (s *starts) Retried(chunk.Work, int, error) {}

func (s *starts) list() (list []time.Duration) {
	for k, at := range s.at {
		if k > 0 {
			list = append(list, at)
		}
	}
	slices.Sort(list)
	return list
}

// track is a video in a file.
type track struct {
	file *mp4.Writer
	to   *mp4.TrackWriter
}

func (t *track) Start(_ context.Context, p packager.Track) (err error) {
	t.to, err = t.file.AddTrack(p)
	return err
}

func (t *track) WriteSample(ctx context.Context, s packager.Sample) error {
	return t.to.WriteSample(ctx, s)
}

func save(t *testing.T, w *mp4.Writer) string {
	t.Helper()
	f, err := w.Finish(t.Context())
	require.NoError(t, err)
	defer f.Close()
	path := filepath.Join(t.TempDir(), "out.mp4")
	out, err := os.Create(path)
	require.NoError(t, err)
	_, err = io.Copy(out, io.NewSectionReader(f, 0, f.Size()))
	require.NoError(t, err)
	require.NoError(t, out.Close())
	return path
}
