package storage

import (
	"path"
	"strings"
)

// contentTypes are the types of what a transcoder writes; the list of the
// operating system differs from machine to machine. Sources: RFC 8216 section
// 4 (HLS), RFC 4337 (MP4), ISO/IEC 23009-1 annex C (DASH), the IANA registry.
var contentTypes = map[string]string{
	".m3u8": "application/vnd.apple.mpegurl",
	".mpd":  "application/dash+xml",
	".mp4":  "video/mp4",
	".m4v":  "video/mp4",
	".m4s":  "video/iso.segment",
	".cmfv": "video/mp4",
	".cmfa": "audio/mp4",
	".m4a":  "audio/mp4",
	".mov":  "video/quicktime",
	".mkv":  "video/matroska",
	".webm": "video/webm",
	".ts":   "video/mp2t",
	".mp3":  "audio/mpeg",
	".aac":  "audio/aac",
	".ogg":  "audio/ogg",
	".opus": "audio/ogg",
	".wav":  "audio/wav",
	".flac": "audio/flac",
	".vtt":  "text/vtt",
	".srt":  "application/x-subrip",
	".jpg":  "image/jpeg",
	".jpeg": "image/jpeg",
	".png":  "image/png",
	".webp": "image/webp",
	".gif":  "image/gif",
	".json": "application/json",
	".html": "text/html; charset=utf-8",
	".txt":  "text/plain; charset=utf-8",
}

func contentType(key string) string {
	if t := contentTypes[strings.ToLower(path.Ext(key))]; t != "" {
		return t
	}
	return "application/octet-stream"
}
