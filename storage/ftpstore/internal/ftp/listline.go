package ftp

import (
	"fmt"
	"strings"
)

// parseListLine reads a line of LIST, whose form no RFC fixes: that of ls -l, as
// nearly all servers have it, or that of DOS. skip marks "total 5", "." and "..".
// Times are left out: they have no time zone and often no year.
func parseListLine(line string) (e Entry, skip bool, err error) {
	switch {
	case strings.TrimSpace(line) == "", isTotal(line):
		return Entry{}, true, nil
	case line[0] >= '0' && line[0] <= '9':
		e, err = parseDOS(line)
	default:
		e, err = parseUnix(line)
	}
	return e, e.Name == "." || e.Name == "..", err
}

func isTotal(line string) bool {
	n, ok := strings.CutPrefix(line, "total ")
	return ok && digits(strings.TrimSpace(n))
}

// parseUnix reads "-rw-r--r--  1 user  group  1234 Nov 24 13:22 name". Where
// user or group are left out or have spaces the size is found as the number in
// front of a month.
func parseUnix(line string) (Entry, error) {
	bad := fmt.Errorf("%w: %q", errEntry, printable(line))
	if len(line) < 10 || !strings.ContainsRune("-dlbcpsDC", rune(line[0])) || !strings.ContainsRune("r-", rune(line[1])) {
		return Entry{}, bad
	}
	e := Entry{Type: unixType(line[0]), Size: -1}
	before, rest := "", line
	for {
		field, after, ok := nextField(rest)
		if !ok {
			return Entry{}, bad
		}
		if size := parseSize(before); size >= 0 && isMonth(field) {
			if name, ok := afterDate(after); ok {
				e.Name, e.Size = name, size
				break
			}
		}
		before, rest = field, after
	}
	if e.Type == Link {
		e.Name, _, _ = strings.Cut(e.Name, " -> ")
		e.Size = -1 // that of the link
	}
	if e.Name == "" {
		return Entry{}, bad
	}
	return e, nil
}

func unixType(c byte) Type {
	switch c {
	case '-':
		return File
	case 'd':
		return Folder
	case 'l':
		return Link
	}
	return Other
}

// afterDate drops "24 13:22 " or "24  2025 ": a day, a time or year, and the one
// space in front of the name, which may begin with spaces itself.
func afterDate(s string) (name string, ok bool) {
	day, s, ok := nextField(s)
	if !ok || len(day) > 2 || !digits(day) {
		return "", false
	}
	when, s, ok := nextField(s)
	if !ok || !digits(strings.Replace(when, ":", "", 1)) {
		return "", false
	}
	return strings.CutPrefix(s, " ")
}

// nextField cuts the next field off; rest begins with the space behind it.
func nextField(s string) (field, rest string, ok bool) {
	s = strings.TrimLeft(s, " ")
	i := strings.IndexByte(s, ' ')
	if i <= 0 {
		return "", "", false
	}
	return s[:i], s[i:], true
}

func isMonth(s string) bool {
	const months = "jan feb mar apr may jun jul aug sep oct nov dec"
	return len(s) == 3 && !strings.Contains(s, " ") && strings.Contains(months, strings.ToLower(s))
}

// parseDOS reads "11-24-26  01:22PM  1234 name", or <DIR> in place of the size.
func parseDOS(line string) (Entry, error) {
	bad := fmt.Errorf("%w: %q", errEntry, printable(line))
	date, rest, ok := nextField(line)
	clock, rest, ok2 := nextField(rest)
	size, rest, ok3 := nextField(rest)
	if !ok || !ok2 || !ok3 || strings.Count(date, "-") != 2 || !strings.Contains(clock, ":") {
		return Entry{}, bad
	}
	e := Entry{Type: File, Size: parseSize(size)}
	switch {
	case size == "<DIR>":
		e.Type = Folder
		e.Name = strings.TrimLeft(rest, " ") // the column is padded
	case size == "<JUNCTION>", size == "<SYMLINK>", size == "<SYMLINKD>":
		e.Type = Link
		e.Name, _, _ = strings.Cut(strings.TrimLeft(rest, " "), " [")
	case e.Size >= 0:
		e.Name = strings.TrimPrefix(rest, " ")
	}
	if e.Name == "" {
		return Entry{}, bad
	}
	return e, nil
}
