package e2e_test

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// contentTypes are what a web server must send for players.
var contentTypes = map[string]string{
	".m3u8": "application/vnd.apple.mpegurl", ".mp4": "video/mp4", ".m4s": "video/iso.segment",
}

// serve serves dir, and the test's player at /test/player.html. Files of
// extra, by name, lie beside the player.
func serve(t *testing.T, dir string, extra map[string][]byte) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(dir)))
	player, err := os.ReadFile(filepath.Join("testdata", "player.html"))
	require.NoError(t, err)
	scripts := ""
	for name, data := range extra {
		scripts += fmt.Sprintf("<script src=%q></script>\n", name)
		mux.HandleFunc("/test/"+name, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) })
	}
	html := strings.Replace(string(player), "<script>", scripts+"<script>", 1)
	mux.HandleFunc("/test/player.html", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(html)) })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if kind := contentTypes[path.Ext(r.URL.Path)]; kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// state is what the player's functions return.
type state struct {
	Time, Duration float64
	Ended          bool
	Width, Height  int
	Frames         int
	AudioBytes     int
	Error          string
	// Times are the positions that went by while it played.
	Times []float64
	// Signature, Mean and Bar describe the picture on show.
	Signature []int
	Mean, Bar float64
}

// expectation is what a presentation is expected to be.
type expectation struct {
	duration float64
	heights  []int
	// bar says that the picture's lowest line is white as far as time has come.
	bar bool
}

// frameTolerance is how far the bar may be from the time, as a share of the
// duration: a frame, and the edge that coding blurs.
const frameTolerance = 0.02

// requirePlays plays a master playlist from start to end and seeks in it.
func requirePlays(t *testing.T, b *browser, base, playlist string, want expectation) {
	t.Helper()
	b.run(t, chromedp.Navigate(base+"/test/player.html"))

	var s state
	b.eval(t, fmt.Sprintf("open(%q)", base+"/"+playlist), &s)
	require.InDelta(t, want.duration, s.Duration, 0.15, "duration")
	require.Contains(t, want.heights, s.Height, "the picture is one of the rungs'")

	b.eval(t, "play(4)", &s)
	require.Empty(t, s.Error)
	require.True(t, s.Ended)
	require.InDelta(t, s.Duration, s.Time, 0.1, "the end is where the duration says")
	require.Contains(t, want.heights, s.Height)
	require.Positive(t, s.Frames, "pictures were decoded")
	require.Positive(t, s.AudioBytes, "sound was decoded")
	require.True(t, slices.IsSorted(s.Times), "time does not go back: %v", s.Times)
	require.Less(t, s.Times[0], want.duration/2, "it began before its middle")

	var last state
	for _, share := range []float64{0.7, 0.15, 0.45} {
		var at state
		b.eval(t, fmt.Sprintf("seek(%f)", share*want.duration), &at)
		require.Empty(t, at.Error)
		require.InDelta(t, share*want.duration, at.Time, 0.05)
		require.Greater(t, at.Mean, 4.0, "the picture at %.0f %% is black", share*100)
		require.Greater(t, distance(at.Signature, last.Signature), 2.0, "the picture changes with the time")
		if want.bar {
			require.InDelta(t, share, at.Bar, frameTolerance, "the picture at %.0f %% is that of its time", share*100)
		}
		last = at
	}
	b.eval(t, "playFor(0.5)", &s)
	require.Empty(t, s.Error)
	require.Greater(t, s.Time, last.Time+0.4, "it plays on after a seek")
	require.Greater(t, s.Frames, last.Frames)
	require.Empty(t, b.said())
}

// distance is the mean difference of two signatures of pictures.
func distance(a, b []int) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	sum := 0.0
	for i := range a {
		sum += math.Abs(float64(a[i] - b[i]))
	}
	return sum / float64(len(a))
}
