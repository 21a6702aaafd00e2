//go:build picture

package e2e_test

import (
	"os"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestQuickstartPicture takes the picture of the quick start's page that README shows, of a folder that make demo wrote:
//
//	RENDITION_PICTURE=$PWD/docs/quickstart.png RENDITION_PICTURE_OF=$PWD/out RENDITION_PICTURE_SCHEME=light \
//		go test -tags picture -run TestQuickstartPicture ./internal/e2e
func TestQuickstartPicture(t *testing.T) {
	file, dir := os.Getenv("RENDITION_PICTURE"), os.Getenv("RENDITION_PICTURE_OF")
	scheme := os.Getenv("RENDITION_PICTURE_SCHEME")
	b := openBrowser(t)
	var facts pageFacts
	var picture []byte
	b.run(t, chromedp.EmulateViewport(1280, 1188),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		chromedp.Navigate(serve(t, dir, nil)+"/index.html"))
	b.eval(t, readPage, &facts)
	b.eval(t, hover, nil)
	b.run(t, chromedp.CaptureScreenshot(&picture))
	require.NoError(t, os.WriteFile(file, picture, 0o644))
}

// hover goes to a third of the video and holds the pointer over three quarters of its timeline.
const hover = `(async () => {
  const strip = document.getElementById('strip'), video = document.getElementById('video'), box = strip.getBoundingClientRect();
  const shown = new Promise((done) => video.requestVideoFrameCallback(done));
  video.currentTime = video.duration * 0.31;
  await shown;
  while (video.seeking || video.readyState < 3) await new Promise(requestAnimationFrame);
  video.controls = false;
  strip.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + box.width * 0.72, clientY: box.top + 5, pointerId: 1 }));
  await new Promise(requestAnimationFrame);
})()`
