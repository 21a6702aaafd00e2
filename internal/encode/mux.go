//go:build cgo

package encode

import (
	"context"
	"io"
	"log/slog"
	"sync"

	"github.com/rendition-sdk/rendition/internal/av"
	"github.com/rendition-sdk/rendition/internal/spool"
	"github.com/rendition-sdk/rendition/packager"
)

// maxQueued is how many bytes of samples wait for a file's tracks to be known.
// A track that has not begun by then is left out.
const maxQueued = 64 << 20

// muxers are FFmpeg's names of the containers that libavformat writes.
var muxers = map[string]string{"webm": "webm", "mkv": "matroska", "mp3": "mp3", "ogg": "ogg"}

// Mux makes one file of a container that only libavformat writes.
type Mux struct {
	format string
	log    *slog.Logger
	file   *spool.File

	mu      sync.Mutex
	tracks  []*muxTrack
	waiting []queuedSample
	queued  int
	out     *av.Output
}

type queuedSample struct {
	track  *muxTrack
	sample packager.Sample
}

// NewMux returns a Mux. memory and tempDir are those of spool.New.
func NewMux(container string, memory int64, tempDir string, log *slog.Logger) *Mux {
	return &Mux{format: muxers[container], log: log, file: spool.New(memory, tempDir)}
}

// Track returns where the samples of the file's next track go.
func (m *Mux) Track() SampleWriter {
	t := &muxTrack{mux: m, stream: -1}
	m.tracks = append(m.tracks, t)
	return t
}

// Finish completes the file; it can be read until Close.
func (m *Mux) Finish(ctx context.Context) (io.ReaderAt, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.out == nil {
		if err := m.open(ctx); err != nil {
			return nil, 0, err
		}
	}
	if err := m.out.Close(); err != nil {
		return nil, 0, err
	}
	return m.file, m.file.Size(), nil
}

// Close frees everything. It may be called twice.
func (m *Mux) Close() {
	if m.out != nil {
		m.out.Abort()
	}
	_ = m.file.Close() // a spool that does not close has no name to be found by
}

// open writes the header for the tracks that have begun, and what waited.
func (m *Mux) open(ctx context.Context) error {
	var streams []av.OutputStream
	for _, t := range m.tracks {
		if !t.started {
			continue
		}
		s, err := av.StreamOfTrack(t.desc)
		if err != nil {
			return err
		}
		t.stream = len(streams)
		streams = append(streams, s)
	}
	var err error
	if m.out, err = av.OpenOutput(ctx, m.file, m.format, streams, &av.OutputOptions{Logger: m.log}); err != nil {
		return err
	}
	for _, q := range m.waiting {
		if err := m.write(q.track, q.sample); err != nil {
			return err
		}
	}
	m.waiting = nil
	return nil
}

func (m *Mux) write(t *muxTrack, s packager.Sample) error {
	if t.stream < 0 {
		return nil
	}
	return m.out.WriteSample(t.stream, s)
}

// allStarted reports that the header can be written.
func (m *Mux) allStarted() bool {
	for _, t := range m.tracks {
		if !t.started {
			return false
		}
	}
	return true
}

// muxTrack is one track of a Mux.
type muxTrack struct {
	mux     *Mux
	desc    packager.Track
	started bool
	stream  int
}

// Start implements SampleWriter.
func (t *muxTrack) Start(_ context.Context, track packager.Track) error {
	t.mux.mu.Lock()
	defer t.mux.mu.Unlock()
	t.desc, t.started = track, true
	return nil
}

// WriteSample implements SampleWriter.
func (t *muxTrack) WriteSample(ctx context.Context, s packager.Sample) error {
	m := t.mux
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.out == nil {
		if !m.allStarted() && m.queued < maxQueued {
			s.Data = append([]byte(nil), s.Data...)
			m.waiting = append(m.waiting, queuedSample{t, s})
			m.queued += len(s.Data)
			return nil
		}
		// The file outlives this call's context, which ends with the encode.
		if err := m.open(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	return m.write(t, s)
}
