package e2e_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/testenv"
)

// runQuickstart runs the program that make demo runs, and returns the folder it published to.
func runQuickstart(t *testing.T, in string) string {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "go", "run", "./examples/quickstart", "-quiet", "-in", in, "-out", dir)
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "index.html")
	return dir
}

// pageFacts is what the tests look at in the quick start's page.
type pageFacts struct {
	Source, Status string
	Playing        string
	Broken         []string
	Links          []string
	Overflow       int
}

const readPage = `(async () => {
  const video = document.getElementById('video');
  if (video.readyState < 2) await new Promise((done) => video.addEventListener('loadeddata', done, { once: true }));
  for (const image of document.images) { image.loading = 'eager'; await image.decode().catch(() => {}); }
  const canvas = document.querySelector('#strip canvas');
  while (!canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3]) await new Promise(requestAnimationFrame);
  return {
    Source: video.currentSrc, Status: document.getElementById('status').textContent,
    Playing: document.querySelector('#sources [aria-pressed=true]').textContent,
    Broken: [...document.images].filter((image) => !image.naturalWidth).map((image) => image.src),
    Links: [...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')),
    Overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
})()`

// Over HTTP the page plays HLS; from a disk, where browsers read no playlists, the MP4.
func TestQuickstartPage(t *testing.T) {
	testenv.Program(t, "chromium", "chromium-browser", "google-chrome")
	dir := runQuickstart(t, drawClip(t))
	base := serve(t, dir, nil)

	t.Run("http", func(t *testing.T) {
		b := openBrowser(t)
		var facts pageFacts
		b.run(t, chromedp.Navigate(base+"/index.html"))
		b.eval(t, readPage, &facts)
		requirePage(t, dir, facts)
		require.Equal(t, base+"/hls2/master.m3u8", facts.Source)
		require.Contains(t, facts.Playing, "HLS")

		requireTimeline(t, b)
		b.requireOwn(t, base+"/")
		require.Empty(t, b.said())
	})
	t.Run("file", func(t *testing.T) {
		t.Setenv("HOME", t.TempDir())
		b := openBrowser(t)
		var facts pageFacts
		// Reading the strip's canvas is not allowed for files of a disk; being there is enough.
		b.run(t, chromedp.Navigate("file://"+dir+"/index.html"))
		b.eval(t, strings.ReplaceAll(readPage, "while (!canvas", "while (false && !canvas"), &facts)
		requirePage(t, dir, facts)
		require.Equal(t, "file://"+dir+"/output_0.mp4", facts.Source)
		require.Contains(t, facts.Playing, "MP4")
		b.requireOwn(t, "file://"+dir+"/")
		require.Empty(t, b.said())
	})
	t.Run("phone", func(t *testing.T) {
		b := openBrowser(t)
		var facts pageFacts
		b.run(t, chromedp.EmulateViewport(360, 740), chromedp.Navigate(base+"/index.html"))
		b.eval(t, readPage, &facts)
		require.LessOrEqual(t, facts.Overflow, 0, "the page fits a narrow screen")
	})
}

// requirePage checks what holds wherever the page lies.
func requirePage(t *testing.T, dir string, facts pageFacts) {
	t.Helper()
	require.Empty(t, facts.Broken, "pictures that did not load")
	require.Contains(t, facts.Status, "×", "the size of the picture is shown")
	require.NotEmpty(t, facts.Links)
	for _, link := range facts.Links {
		require.FileExists(t, filepath.Join(dir, filepath.FromSlash(link)))
	}
}

// requireTimeline hovers over the strip and clicks into it.
func requireTimeline(t *testing.T, b *browser) {
	t.Helper()
	var tile struct {
		Hidden bool
		Image  string
		Time   float64
	}
	b.eval(t, `(async () => {
	  const strip = document.getElementById('strip'), video = document.getElementById('video'), box = strip.getBoundingClientRect();
	  const at = (name) => strip.dispatchEvent(new PointerEvent(name, { clientX: box.left + box.width / 2, clientY: box.top + 5, pointerId: 1 }));
	  strip.setPointerCapture = () => {};
	  at('pointermove');
	  const sought = new Promise((done) => video.addEventListener('seeked', done, { once: true }));
	  at('pointerdown');
	  await sought;
	  return { Hidden: strip.querySelector('.tile').hidden, Image: strip.querySelector('.still').style.backgroundImage, Time: video.currentTime };
	})()`, &tile)
	require.False(t, tile.Hidden)
	require.Contains(t, tile.Image, "thumbs3/sprite_0001.jpg")
	require.InDelta(t, 4, tile.Time, 0.2, "a click in the middle goes to the middle")
}
