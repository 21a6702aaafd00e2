package ftp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Type is what an entry of a folder is.
type Type uint8

const (
	// Other is a device or something else without bytes.
	Other Type = iota
	// File is a file of bytes.
	File
	// Folder is a folder.
	Folder
	// Link is a symbolic link to who knows what.
	Link
)

// Entry is one file or folder.
type Entry struct {
	// Name is the last element of its path in a listing, and what the server
	// says in an answer to MLST.
	Name string
	Type Type
	// Size in bytes; -1 when it is not known.
	Size int64
	// ModTime is zero when it is not known.
	ModTime time.Time

	// everyMode is the fact UNIX.mode=0777, as symbolic links have it.
	everyMode bool
}

var errEntry = errors.New("the line is no entry of a listing")

// parseFacts reads a line of MLSD or MLST: "fact=value;fact=value; name" (RFC
// 3659 section 7). skip marks the folder itself and its parent.
func parseFacts(line string) (e Entry, skip bool, err error) {
	facts, name, ok := strings.Cut(line, " ")
	if !ok || name == "" || facts != "" && !strings.HasSuffix(facts, ";") {
		return Entry{}, false, fmt.Errorf("%w: %q", errEntry, printable(line))
	}
	e = Entry{Name: name, Size: -1}
	for fact := range strings.SplitSeq(strings.TrimSuffix(facts, ";"), ";") {
		key, value, _ := strings.Cut(fact, "=")
		switch strings.ToLower(key) {
		case "type":
			e.Type, skip = parseType(strings.ToLower(value))
		case "size":
			e.Size = parseSize(value)
		case "modify":
			e.ModTime = parseTime(value)
		case "unix.mode":
			e.everyMode = strings.TrimLeft(value, "0") == "777"
		}
	}
	return e, skip, nil
}

func parseType(value string) (t Type, skip bool) {
	switch {
	case value == "file":
		return File, false
	case value == "dir":
		return Folder, false
	case value == "cdir", value == "pdir":
		return Folder, true
	case strings.HasPrefix(value, "os.unix=slink"), strings.HasPrefix(value, "os.unix=symlink"):
		return Link, false
	}
	return Other, false
}

// parseSize reads digits; -1 is what is no size. A size is less than 2^62, so
// that sums fit.
func parseSize(s string) int64 {
	n, err := strconv.ParseUint(s, 10, 62)
	if err != nil || !digits(s) {
		return -1
	}
	return int64(n)
}

// parseTime reads YYYYMMDDHHMMSS with an optional fraction, always in UTC (RFC
// 3659 section 2.3); zero is what is no time.
func parseTime(s string) time.Time {
	whole, _, _ := strings.Cut(s, ".")
	if len(whole) != 14 || !digits(whole) {
		return time.Time{}
	}
	t, err := time.Parse("20060102150405.999999999", s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// parseQuoted reads the path in `257 "/a ""b""" text`, where a quote is doubled
// (RFC 959 appendix II).
func parseQuoted(text string) (string, bool) {
	_, rest, ok := strings.Cut(text, `"`)
	if !ok {
		return "", false
	}
	var path strings.Builder
	for {
		part, after, ok := strings.Cut(rest, `"`)
		if !ok {
			return "", false
		}
		path.WriteString(part)
		if !strings.HasPrefix(after, `"`) {
			return path.String(), path.Len() > 0
		}
		path.WriteByte('"')
		rest = after[1:]
	}
}
