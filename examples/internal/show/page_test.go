package show

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/memstore"
	"github.com/rendition-sdk/rendition/transcode"
)

// made is the result of a job, with names that a page must escape.
func made() *transcode.Result {
	return &transcode.Result{
		Files: []transcode.PublishedFile{
			{Output: 0, Role: transcode.RoleMedia, Path: "output_0.mp4", ContentType: "video/mp4", Size: 2_000_000, Width: 640, Height: 360},
			{Output: 0, Role: transcode.RoleMedia, Path: "a&b <c>.mp4", ContentType: "video/mp4", Size: 4_000_000, Width: 1280, Height: 720},
			{Output: 1, Role: transcode.RoleMaster, Path: "hls1/master.m3u8", ContentType: "application/vnd.apple.mpegurl", Size: 300},
			{Output: 2, Role: transcode.RoleImage, Path: "thumbs2/thumb_0001.jpg", Size: 900, Width: 160, Height: 90},
			{Output: 2, Role: transcode.RoleSprite, Path: "thumbs2/sprite_0001.jpg", Size: 9000, Width: 480, Height: 900},
			{Output: 2, Role: transcode.RoleVTT, Path: "thumbs2/thumbnails.vtt", Size: 100},
			{Output: 3, Role: transcode.RolePreview, Path: "output_3.gif", Size: 9000, Width: 320, Height: 180},
		},
		Renditions: []transcode.RenditionResult{
			{
				ID: "v0", Type: rendition.Video, Codec: rendition.H264, CodecString: "avc1.64001e", Width: 640, Height: 360, Bitrate: 1_200_000,
				FrameRate: rendition.Rational{Num: 30000, Den: 1001}, Paths: []string{"output_0.mp4", "hls1/master.m3u8"},
			},
			{ID: "a0", Type: rendition.Audio, Codec: rendition.AAC, CodecString: "mp4a.40.2", SampleRate: 44100, Channels: 2, Bitrate: 128_000},
		},
		Duration: transcode.Seconds(6), Elapsed: transcode.Seconds(3),
		Warnings: []string{"stream 1 is <odd>"},
		Media:    &rendition.Media{Name: "https://example.com/films/</title><script>alert(1)</script>.mp4?token=x"},
	}
}

const vtt = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nsprite_0001.jpg#xywh=0,0,160,90\n\n" +
	"00:00:02.000 --> 00:00:06.000\nsprite_0001.jpg#xywh=160,0,160,90\n"

func TestPage(t *testing.T) {
	t.Parallel()
	bucket := memstore.New(nil)
	defer bucket.Close()
	require.NoError(t, bucket.WriteAll(t.Context(), "thumbs2/thumbnails.vtt", []byte(vtt), nil))
	res := made()
	file, err := Page(t.Context(), bucket, res)
	require.NoError(t, err)
	page, err := bucket.ReadAll(t.Context(), "index.html", 0)
	require.NoError(t, err)
	require.EqualValues(t, len(page), file.Size)

	published := map[string]bool{}
	for _, f := range res.Files {
		published[f.Path] = true
	}
	doc := parsePage(t, page)
	for _, link := range doc.links {
		require.True(t, published[unescape(t, link)], "the page names %s, which is not published", link)
	}
	require.Contains(t, doc.links, "a&b%20%3Cc%3E.mp4")
	require.Equal(t, 1, doc.scripts, "names do not become scripts")
	require.Contains(t, doc.text, "stream 1 is <odd>")
	require.Contains(t, doc.text, "29.97 fps")
	require.Contains(t, doc.text, "1.20 Mbit/s")
	require.Contains(t, doc.text, "44.1 kHz")
	require.NotContains(t, string(page), "token=x", "a URL's query is secret")
	require.Contains(t, string(page), `style="aspect-ratio: 480 / 90"`, "empty rows of the sprite sheet are not shown")
	require.NotRegexp(t, `(src|href)="?(https?:)?//`, string(page), "the page asks nobody else")
}

// A job without pictures gets a page too.
func TestPageOfSoundOnly(t *testing.T) {
	t.Parallel()
	bucket := memstore.New(nil)
	defer bucket.Close()
	res := made()
	res.Files = []transcode.PublishedFile{{Role: transcode.RoleMedia, Path: "output_0.m4a", ContentType: "audio/mp4", Size: 1000}}
	res.Renditions, res.Media, res.Warnings = res.Renditions[1:], nil, nil
	_, err := Page(t.Context(), bucket, res)
	require.NoError(t, err)
	page, err := bucket.ReadAll(t.Context(), "index.html", 0)
	require.NoError(t, err)
	doc := parsePage(t, page)
	require.Contains(t, doc.links, "output_0.m4a")
	require.NotContains(t, string(page), `id="strip"`)
}

// parsed is what the tests look at in a page.
type parsed struct {
	links   []string
	text    string
	scripts int
}

// parsePage reads a page strictly: every element that needs an end has one, ids are unique, pictures have a text.
func parsePage(t *testing.T, page []byte) *parsed {
	t.Helper()
	var doc parsed
	var open []string
	void := map[string]bool{"meta": true, "link": true, "img": true, "br": true}
	ids := map[string]bool{}
	var text strings.Builder
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.TextToken:
			text.WriteString(token.Data)
		case html.EndTagToken:
			require.NotEmpty(t, open, "</%s>", token.Data)
			require.Equal(t, open[len(open)-1], token.Data, "elements are nested")
			open = open[:len(open)-1]
		case html.StartTagToken:
			if !void[token.Data] {
				open = append(open, token.Data)
			}
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Key] = a.Val
			}
			for _, key := range []string{"href", "src", "poster"} {
				if v := attributes[key]; v != "" && v != "data:," {
					doc.links = append(doc.links, v)
				}
			}
			if id := attributes["id"]; id != "" {
				require.False(t, ids[id], "id %s is there twice", id)
				ids[id] = true
			}
			if token.Data == "img" {
				require.NotEmpty(t, attributes["alt"])
			}
			if token.Data == "script" {
				doc.scripts++
			}
		}
	}
	require.Empty(t, open, "elements without an end")
	doc.text = text.String()
	return &doc
}
