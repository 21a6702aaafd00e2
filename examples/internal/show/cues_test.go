package show

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func unescape(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	require.NoError(t, err)
	return u.Path
}

func TestParseCues(t *testing.T) {
	t.Parallel()
	for _, text := range []string{vtt, strings.ReplaceAll(vtt, "\n", "\r\n")} {
		require.Equal(t, []cue{
			{From: 0, To: 2, Sheet: "thumbs2/sprite_0001.jpg", W: 160, H: 90},
			{From: 2, To: 6, Sheet: "thumbs2/sprite_0001.jpg", X: 160, W: 160, H: 90},
		}, parseCues("thumbs2/thumbnails.vtt", text))
	}
}

func TestParseCuesSkipsWhatIsOdd(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "WEBVTT", "never --> 00:00:02.000\na.jpg#xywh=0,0,1,1\n", "00:00:00.000 --> soon\na.jpg#xywh=0,0,1,1\n",
		"00:00:00.000 --> 00:00:01.000\na.jpg\n", "00:00:00.000 --> 00:00:01.000\na.jpg#xywh=-1,0,1,1\n",
	} {
		require.Empty(t, parseCues("x.vtt", text), text)
	}
}

func FuzzParseCues(f *testing.F) {
	f.Add(vtt)
	f.Add("1:2 --> 3\nx#xywh=1,2,3,4")
	f.Fuzz(func(t *testing.T, text string) {
		list := parseCues("thumbs2/thumbnails.vtt", text)
		require.LessOrEqual(t, len(list), maxCues)
		for _, c := range list {
			require.GreaterOrEqual(t, c.From, 0.0)
			require.GreaterOrEqual(t, min(c.X, c.Y, c.W, c.H), 0)
		}
	})
}

func TestHowToView(t *testing.T) {
	t.Parallel()
	require.Equal(t, "page  out/index.html\nHLS needs a web server: go run ./examples/serve ./out\n", howToView("./out"))
	require.Contains(t, howToView("/tmp/my films"), "serve '/tmp/my films'\n")
	require.Contains(t, howToView("it's"), `serve 'it'\''s'`)
	require.Equal(t, "page  mem://x/index.html\n", howToView("mem://x/"))
}
