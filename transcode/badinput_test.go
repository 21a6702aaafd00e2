package transcode_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/faultstore"
	"github.com/rendition-sdk/rendition/storage/filestore"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// goodClip makes a small clip with moving picture and sound, once for all tests.
func goodClip(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "good.mp4")
	generate(t, path, "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4", "-f", "lavfi", "-i",
		"sine=frequency=440:duration=4", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", "-shortest",
		"-movflags", "+faststart")
	return path
}

// generate runs ffmpeg with args to make the file path.
func generate(t *testing.T, path string, args ...string) {
	t.Helper()
	args = append(append([]string{"-v", "error", "-y"}, args...), path)
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "ffmpeg"), args...).CombinedOutput()
	require.NoError(t, err, string(out))
}

// everything is one output of each kind.
func everything() transcode.Outputs {
	return transcode.Outputs{
		&transcode.FileOutput{Height: 144, Preset: "ultrafast"},
		&transcode.HLSOutput{Ladder: transcode.Heights(144), Preset: "ultrafast", SegmentDuration: transcode.Time(2 * time.Second)},
		&transcode.ThumbnailsOutput{Interval: transcode.Time(time.Second), Sprite: &transcode.Sprite{}},
		&transcode.GIFOutput{Duration: transcode.Time(time.Second)},
	}
}

func oneFile() transcode.Outputs {
	return transcode.Outputs{&transcode.FileOutput{Height: 144, Preset: "ultrafast"}}
}

// badCase is a job that must fail, and how.
type badCase struct {
	name    string
	input   func(t *testing.T) string
	source  func(t *testing.T) rendition.Source
	outputs transcode.Outputs
	faults  func(*faultstore.Faults)
	kind    rendition.Kind
	fault   rendition.Fault
	text    string
}

// clip returns a real clip's path.
func clip(name string) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		return testenv.Clip(t, name)
	}
}

// content returns the path of a file with the given name and bytes.
func content(name string, data []byte) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
}

// cut returns the first part of a good clip.
func cut(share float64, name string, args ...string) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), name)
		generate(t, path, append([]string{
			"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=10", "-f", "lavfi", "-i",
			"sine=duration=10", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-shortest",
		}, args...)...)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, data[:int(float64(len(data))*share)], 0o600))
		return path
	}
}

func folder(t *testing.T) string {
	t.Helper()
	return t.TempDir()
}

// served returns the URL of a server that always answers with status.
func served(status int) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(s.Close)
		return s.URL + "/clip.mp4?token=s3cr3t"
	}
}

func badInputs() []badCase {
	full := func(n int64) func(*faultstore.Faults) { return func(f *faultstore.Faults) { f.DiskFull(n) } }
	refuse := func(k rendition.Kind) func(*faultstore.Faults) {
		return func(f *faultstore.Faults) { f.Add(faultstore.Rule{Op: faultstore.NewUpload, Times: -1, Kind: k}) }
	}
	return []badCase{
		{
			name: "missing file", input: func(t *testing.T) string { return filepath.Join(t.TempDir(), "none.mp4") },
			kind: rendition.NotFound, text: "none.mp4",
		},
		{name: "folder", input: folder, kind: rendition.NotFound, text: "folder"},
		{name: "empty file", input: content("empty.mp4", nil), kind: rendition.InvalidInput, text: "the file is empty"},
		{
			name: "text named mp4", input: content("notes.mp4", []byte("dear diary, today I transcoded nothing\n")),
			kind: rendition.InvalidInput, text: "not a media file",
		},
		{
			name: "html page", input: content("page.mp4", []byte("<!doctype html><title>404</title>")),
			kind: rendition.InvalidInput, text: "not a media file",
		},
		{name: "random bytes", input: content("noise.mp4", noise(1<<16)), kind: rendition.InvalidInput, text: "noise.mp4"},
		{
			name: "playlist that names a local file", input: content("x.m3u8", []byte("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n")),
			kind: rendition.Unsupported, text: "x.m3u8",
		},
		{
			name: "concat list", input: content("x.ffconcat", []byte("ffconcat version 1.0\nfile /etc/passwd\n")),
			kind: rendition.Unsupported, text: "x.ffconcat",
		},
		{name: "mp4 without its index", input: cut(0.5, "cut.mp4"), kind: rendition.InvalidInput, text: "moov"},
		{name: "mp4 cut in mid-media", input: cut(0.5, "cut.mp4", "-movflags", "+faststart"), kind: rendition.InvalidInput, text: "cut off"},
		{name: "zero-byte ts", input: clip("broken/zero-byte.ts"), kind: rendition.InvalidInput, text: "empty"},
		{name: "unparseable matroska", input: clip("broken/corrupt.mkv"), kind: rendition.InvalidInput, text: "corrupt.mkv"},
		{name: "malformed box", input: clip("broken/malformed-free-box.mp4"), kind: rendition.InvalidInput, text: "moov"},
		{name: "undecodable vp9", input: clip("broken/invalid-vp9-bitstream.webm"), kind: rendition.InvalidInput, text: "decoded"},
		{
			name: "index without media", input: clip("broken/truncated-after-moov_6422s.m4b"), outputs: transcode.Outputs{&transcode.FileOutput{}},
			kind: rendition.InvalidInput, text: "cut off",
		},
		{name: "header says 596 s", input: clip("broken/truncated_qt_596s.mp4"), kind: rendition.InvalidInput, text: "cut off"},
		{name: "teletext alone", input: clip("subs/dvb_teletext_only.ts"), kind: rendition.InvalidInput, text: "no video"},
		{
			name: "no video for hls", input: clip("audio/viper_41s.mp3"), outputs: transcode.Outputs{&transcode.HLSOutput{Ladder: transcode.Heights(144)}},
			kind: rendition.InvalidInput, text: "no video",
		},
		{
			name: "no video for thumbnails", input: clip("audio/viper_41s.mp3"),
			outputs: transcode.Outputs{&transcode.ThumbnailsOutput{Count: 3}}, kind: rendition.InvalidInput, text: "no video",
		},
		{
			name: "cover art is no video", input: clip("audio/bear_picture.flac"),
			outputs: transcode.Outputs{&transcode.GIFOutput{Duration: transcode.Time(time.Second)}}, kind: rendition.InvalidInput, text: "no video",
		},
		{
			name: "no sound in that language", input: goodClip, outputs: transcode.Outputs{&transcode.FileOutput{Audio: &transcode.AudioSettings{Language: "fi"}}},
			kind: rendition.InvalidJob, text: `no sound in "fi"`,
		},
		{
			name: "copied sound that does not fit", input: clip("natural/cockatoo_720p20_yuv444p_mp3-in-mp4_14s.mp4"),
			outputs: transcode.Outputs{&transcode.FileOutput{Container: "webm", Audio: &transcode.AudioSettings{Codec: "copy"}}},
			kind:    rendition.InvalidJob, text: "webm",
		},
		{
			name: "start behind the end", input: goodClip, outputs: transcode.Outputs{&transcode.FileOutput{Start: transcode.Time(time.Hour)}},
			kind: rendition.InvalidJob, text: "start",
		},
		{
			name: "gif behind the end", input: goodClip,
			outputs: transcode.Outputs{&transcode.GIFOutput{Start: transcode.Time(time.Hour), Duration: transcode.Time(time.Second)}},
			kind:    rendition.InvalidJob, text: "start",
		},
		{
			name: "thumbnail behind the end", input: goodClip,
			outputs: transcode.Outputs{&transcode.ThumbnailsOutput{Times: []transcode.Time{transcode.Time(time.Hour)}}}, kind: rendition.InvalidJob, text: "times",
		},
		{name: "status 403", input: served(http.StatusForbidden), kind: rendition.Permission, text: "403"},
		{name: "status 401", input: served(http.StatusUnauthorized), kind: rendition.Permission, text: "401"},
		{name: "status 404", input: served(http.StatusNotFound), kind: rendition.NotFound, text: "404"},
		{name: "status 410", input: served(http.StatusGone), kind: rendition.NotFound, text: "410"},
		{name: "unknown scheme", input: func(*testing.T) string { return "gopher://example.com/x" }, kind: rendition.Unsupported, text: "gopher"},
		{name: "later scheme", input: func(*testing.T) string { return "s3://bucket/x.mp4" }, kind: rendition.Unsupported, text: "s3"},
		{name: "unreachable server", input: func(*testing.T) string { return "http://127.0.0.1:1/x.mp4" }, kind: rendition.Unavailable, text: "127.0.0.1"},
		{name: "source changes while it is read", source: changing, kind: rendition.Integrity, text: "changed"},
		{name: "source fails while it is read", source: failing, kind: rendition.Permission, text: "source.mp4"},
		{name: "disk full at once", input: goodClip, faults: full(0), kind: rendition.Quota, fault: rendition.FaultDestination, text: "make room"},
		{name: "disk full in mid-job", input: goodClip, faults: full(40 << 10), kind: rendition.Quota, fault: rendition.FaultDestination, text: "make room"},
		{name: "disk full for the playlists", input: goodClip, outputs: everything()[1:2], faults: func(f *faultstore.Faults) {
			f.Add(faultstore.Rule{Op: faultstore.Commit, Key: "hls0/master.m3u8", Times: -1, Kind: rendition.Quota})
		}, kind: rendition.Quota, fault: rendition.FaultDestination, text: "make room"},
		{
			name: "destination is read-only", input: goodClip, faults: refuse(rendition.Permission), kind: rendition.Permission,
			fault: rendition.FaultDestination, text: "may write",
		},
		{
			name: "destination is away", input: goodClip, faults: refuse(rendition.Unavailable), kind: rendition.Unavailable,
			fault: rendition.FaultDestination, text: "later",
		},
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	for _, tc := range badInputs() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			store := memstore.NewStore(nil)
			bucket := store.Bucket()
			faults := faultstore.New()
			if tc.faults != nil {
				bucket = faults.Wrap(bucket)
				tc.faults(faults)
			}
			job := &transcode.Job{Output: transcode.Destination{Bucket: bucket}, Outputs: tc.outputs}
			if job.Outputs == nil {
				job.Outputs = everything()
			}
			if tc.source != nil {
				job.Input.Source = tc.source(t)
			} else {
				job.Input.URL = tc.input(t)
			}
			temp := t.TempDir()
			engine := transcode.New(&transcode.Config{TempDir: temp, SpoolMemory: 1, RetryFor: -1})
			result, err := engine.Run(t.Context(), job, nil)
			require.Nil(t, result)
			require.Error(t, err)
			t.Log(err)
			require.Equal(t, tc.kind, rendition.KindOf(err), err.Error())
			require.Contains(t, err.Error(), tc.text)
			require.NotContains(t, err.Error(), "s3cr3t")
			if tc.fault != "" {
				require.Equal(t, tc.fault, rendition.FaultOf(err))
			}
			requireEmpty(t, store.Bucket())
			left, err := os.ReadDir(temp)
			require.NoError(t, err)
			require.Empty(t, left, "temporary files are left")
		})
	}
}

// requireEmpty fails when anything is left in b.
func requireEmpty(t *testing.T, b *storage.Bucket) {
	t.Helper()
	for obj, err := range b.List(context.WithoutCancel(t.Context()), nil) {
		require.NoError(t, err)
		t.Errorf("%s is left behind", obj.Key)
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

// inMemory puts a good clip into a bucket with faults.
func inMemory(t *testing.T, faults *faultstore.Faults) *storage.Bucket {
	t.Helper()
	data, err := os.ReadFile(goodClip(t))
	require.NoError(t, err)
	b := memstore.New(nil)
	require.NoError(t, b.WriteAll(t.Context(), "source.mp4", data, nil))
	return faults.Wrap(b)
}

func changing(t *testing.T) rendition.Source {
	t.Helper()
	faults := faultstore.New()
	b := inMemory(t, faults)
	return laterFault(b.Source("source.mp4"), func() {
		faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Times: -1, Change: true})
	})
}

func failing(t *testing.T) rendition.Source {
	t.Helper()
	faults := faultstore.New()
	b := inMemory(t, faults)
	return laterFault(b.Source("source.mp4"), func() {
		faults.Add(faultstore.Rule{Op: faultstore.OpenRange, Times: -1, Kind: rendition.Permission})
		faults.Add(faultstore.Rule{Op: faultstore.Read, Times: -1, Kind: rendition.Permission})
	})
}

// faultySource begins to fail in the middle of its third reading, which is
// that of the encode: the analysis and the identity come first.
type faultySource struct {
	rendition.Source
	opened int
	fault  func()
}

func laterFault(s rendition.Source, fault func()) rendition.Source {
	return &faultySource{Source: s, fault: fault}
}

func (s *faultySource) Open(ctx context.Context) (rendition.SourceReader, error) {
	r, err := s.Source.Open(ctx)
	s.opened++
	if err == nil && s.opened == 3 {
		return &faultyReader{SourceReader: r, fault: s.fault}, nil
	}
	return r, err
}

type faultyReader struct {
	rendition.SourceReader
	read  int64
	fault func()
}

// Object passes on what makes the source's identity.
func (r *faultyReader) Object() *storage.Object {
	return r.SourceReader.(interface{ Object() *storage.Object }).Object()
}

func (r *faultyReader) Read(p []byte) (int, error) {
	if r.read > 20<<10 && r.fault != nil {
		r.fault()
		r.fault = nil
		// What was read ahead is dropped, so that the next bytes are asked for.
		if pos, err := r.Seek(0, io.SeekCurrent); err == nil {
			_, _ = r.Seek(0, io.SeekStart)
			_, _ = r.Seek(pos, io.SeekStart)
		}
	}
	n, err := r.SourceReader.Read(p[:min(len(p), 4096)])
	r.read += int64(n)
	return n, err
}

// TestDestinations has the destinations that cannot be opened or written at all.
func TestDestinations(t *testing.T) {
	t.Parallel()
	file := content("a-file", []byte("x"))(t)
	for _, tc := range []struct {
		name, url string
		kind      rendition.Kind
	}{
		{"a file", file, rendition.Exists},
		{"below a file", filepath.Join(file, "x"), rendition.Exists},
		{"read-only driver", "http://127.0.0.1:1/out", rendition.Unsupported},
		{"unknown scheme", "gopher://example.com/out", rendition.Unsupported},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			job := &transcode.Job{Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{URL: tc.url}, Outputs: oneFile()}
			_, err := transcode.New(nil).Run(t.Context(), job, nil)
			require.Error(t, err)
			t.Log(err)
			require.Equal(t, tc.kind, rendition.KindOf(err))
		})
	}
}

// TestCancelAtEveryStage cancels in each state, and after each published file.
func TestCancelAtEveryStage(t *testing.T) {
	t.Parallel()
	input := goodClip(t)
	stop := func(name string, when func(transcode.Event) bool) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := memstore.NewStore(nil)
			cause := fmt.Errorf("stopped at %s", name)
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			engine := transcode.New(nil)
			job := &transcode.Job{Input: transcode.Input{URL: input}, Output: transcode.Destination{Bucket: store.Bucket()}, Outputs: everything()}
			_, err := engine.Run(ctx, job, &transcode.RunOptions{OnEvent: func(e transcode.Event) {
				if when(e) {
					cancel(cause)
				}
			}})
			if err == nil { // the job was quicker than its listener
				return
			}
			require.Equal(t, rendition.Canceled, rendition.KindOf(err), err.Error())
			require.ErrorIs(t, err, cause)
			require.ErrorIs(t, err, context.Canceled)
			requireEmpty(t, store.Bucket())
		})
	}
	for _, state := range []transcode.State{transcode.StateQueued, transcode.StateAnalyzing, transcode.StateEncoding, transcode.StateFinalizing} {
		stop(string(state), func(e transcode.Event) bool {
			s, ok := e.(transcode.StateEvent)
			return ok && s.State == state
		})
	}
	stop("first progress", func(e transcode.Event) bool { _, ok := e.(transcode.ProgressEvent); return ok })
	for n := 1; n < 16; n += 3 {
		published := 0
		stop(fmt.Sprintf("file %d", n), func(e transcode.Event) bool {
			if _, ok := e.(transcode.PublishedEvent); ok {
				published++
			}
			return published == n
		})
	}
}

// TestEarlierRunSurvives lets a job fail over the results of a good one.
func TestEarlierRunSurvives(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bucket, err := filestore.Open(t.Context(), dir, nil)
	require.NoError(t, err)
	defer bucket.Close()
	good := &transcode.Job{Input: transcode.Input{URL: goodClip(t)}, Output: transcode.Destination{Bucket: bucket}, Outputs: everything()}
	first, err := transcode.New(nil).Run(t.Context(), good, nil)
	require.NoError(t, err)

	other := filepath.Join(t.TempDir(), "other.mp4")
	generate(t, other, "-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=6", "-c:v", "libx264", "-preset", "ultrafast")
	faults := faultstore.New()
	faults.Add(faultstore.Rule{Op: faultstore.NewUpload, Key: "output_0.mp4", Times: -1, Kind: rendition.Quota})
	bad := &transcode.Job{Input: transcode.Input{URL: other}, Output: transcode.Destination{Bucket: faults.Wrap(bucket)}, Outputs: everything()}
	_, err = transcode.New(nil).Run(t.Context(), bad, nil)
	require.Equal(t, rendition.Quota, rendition.KindOf(err))

	left := map[string]int64{}
	for obj, err := range bucket.List(t.Context(), nil) {
		require.NoError(t, err)
		left[obj.Key] = obj.Size
	}
	for _, f := range first.Files {
		require.Equal(t, f.Size, left[f.Path], f.Path)
		delete(left, f.Path)
	}
	require.Empty(t, left, "the failed run left files behind")
}
