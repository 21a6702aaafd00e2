package hls

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/grafov/m3u8"
)

// This is the only file that knows the playlist library, grafov/m3u8, which is
// archived upstream. What it cannot express is put right here:
//
//   - EXTINF is printed by it with 3 decimals of a 32-bit float; exact ones
//     replace them in the text.
//   - EXT-X-MEDIA has no CHANNELS and no escaping there, and is only printed
//     with the variants that name it; it is written as a custom tag, which comes
//     first. One custom tag holds all of them: their order is that of a map.
//   - Every EXT-X-STREAM-INF gets a PROGRAM-ID, which version 6 of the protocol
//     removed; it is taken out of the text.
//   - EXT-X-INDEPENDENT-SEGMENTS exists for multivariant playlists only; media
//     playlists get it as a custom tag.
//   - EVENT playlists get an EXT-X-ALLOW-CACHE, which version 7 removed; it is
//     taken out of the text.
//   - EXT-X-MAP raises the version to 5; outside I-frame playlists it needs 6
//     (RFC 8216 clause 7). CMAF in HLS is 7 by convention.

// protocolVersion is EXT-X-VERSION of all playlists.
const protocolVersion = 7

// mediaPlaylist is what a media playlist says.
type mediaPlaylist struct {
	initName       string
	targetDuration int64
	names          []string
	durations      []string // EXTINF
	event          bool     // EXT-X-PLAYLIST-TYPE is EVENT, else VOD
	open           bool     // more segments will come: no EXT-X-ENDLIST
}

// mediaTag is one EXT-X-MEDIA of audio.
type mediaTag struct {
	group, label, language, uri string
	channels                    string
	isDefault, autoselect       bool
	characteristics             []string
}

// variant is one EXT-X-STREAM-INF.
type variant struct {
	uri           string
	peak, average int64
	codecs        string
	width, height int
	frameRate     float64
	videoRange    string
	audio         string
}

// customTag is a whole line, or several.
type customTag struct{ name, text string }

func (t customTag) TagName() string       { return t.name }
func (t customTag) String() string        { return t.text }
func (t customTag) Encode() *bytes.Buffer { return bytes.NewBufferString(t.text) }

var extinfLine = regexp.MustCompile(`(?m)^#EXTINF:[^,\n]*,`)

func (p *mediaPlaylist) encode() ([]byte, error) {
	list, err := m3u8.NewMediaPlaylist(0, uint(len(p.names)))
	if err != nil {
		return nil, err
	}
	for _, name := range p.names {
		if err := list.Append(uri(name), 0, ""); err != nil {
			return nil, err
		}
	}
	list.MediaType = m3u8.VOD
	if p.event {
		list.MediaType = m3u8.EVENT
	}
	list.SetDefaultMap(uri(p.initName), 0, 0)
	list.SetVersion(protocolVersion)
	list.TargetDuration = float64(p.targetDuration)
	list.SetCustomTag(customTag{"#EXT-X-INDEPENDENT-SEGMENTS", p.head()})
	if !p.open {
		list.Close()
	}
	next := 0
	text := bytes.Replace(list.Encode().Bytes(), []byte("#EXT-X-ALLOW-CACHE:NO\n"), nil, 1)
	return extinfLine.ReplaceAllFunc(text, func([]byte) []byte {
		next++
		return []byte("#EXTINF:" + p.durations[next-1] + ",")
	}), nil
}

// head is what goes for the whole media playlist and is not known to the
// library. Players join an open playlist near its end unless it tells them to
// begin at its start (RFC 8216 clauses 4.3.5.2 and 6.3.3); FFmpeg's reader takes
// that tag in a multivariant playlist for a playlist of its own.
func (p *mediaPlaylist) head() string {
	if p.event {
		return "#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-START:TIME-OFFSET=0"
	}
	return "#EXT-X-INDEPENDENT-SEGMENTS"
}

// encodeMultivariant writes the multivariant playlist.
func encodeMultivariant(media []mediaTag, variants []variant) []byte {
	list := m3u8.NewMasterPlaylist()
	list.SetVersion(protocolVersion)
	list.SetIndependentSegments(true)
	if len(media) > 0 {
		lines := make([]string, len(media))
		for i := range media {
			lines[i] = media[i].line()
		}
		list.SetCustomTag(customTag{"#EXT-X-MEDIA:", strings.Join(lines, "\n")})
	}
	for _, v := range variants {
		params := m3u8.VariantParams{
			Bandwidth: bits32(v.peak), AverageBandwidth: bits32(v.average), Codecs: v.codecs,
			FrameRate: v.frameRate, VideoRange: v.videoRange, Audio: v.audio,
		}
		if v.width > 0 {
			params.Resolution = strconv.Itoa(v.width) + "x" + strconv.Itoa(v.height)
		}
		list.Append(uri(v.uri), nil, params)
	}
	return bytes.ReplaceAll(list.Encode().Bytes(), []byte("#EXT-X-STREAM-INF:PROGRAM-ID=0,"), []byte("#EXT-X-STREAM-INF:"))
}

func (m *mediaTag) line() string {
	var b strings.Builder
	attr := func(name, value string) {
		if value != "" {
			b.WriteString("," + name + `="` + quoted(value) + `"`)
		}
	}
	b.WriteString("#EXT-X-MEDIA:TYPE=AUDIO")
	attr("GROUP-ID", m.group)
	attr("NAME", m.label)
	attr("LANGUAGE", m.language)
	b.WriteString(",DEFAULT=" + yesNo(m.isDefault) + ",AUTOSELECT=" + yesNo(m.autoselect))
	attr("CHARACTERISTICS", strings.Join(m.characteristics, ","))
	attr("CHANNELS", m.channels)
	attr("URI", uri(m.uri))
	return b.String()
}

// quoted makes s fit a quoted-string, which has no escapes (RFC 8216 clause
// 4.2): line ends and double quotes cannot stand in it.
func quoted(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case r < ' ':
			return ' '
		}
		return r
	}, s)
}

func yesNo(b bool) string {
	if b {
		return "YES"
	}
	return "NO"
}

func bits32(v int64) uint32 { return uint32(min(max(v, 0), 1<<32-1)) }
