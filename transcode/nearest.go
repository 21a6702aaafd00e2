package transcode

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxQuoted is how much of a given text a message repeats, in bytes.
const maxQuoted = 64

// quote prints given text for a message, shortened.
func quote(s string) string {
	if len(s) <= maxQuoted {
		return strconv.Quote(s)
	}
	cut := maxQuoted
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(s[:cut]) + "..."
}

// oneOf prints a list of allowed words: "a, b or c".
func oneOf[S ~string](words []S) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " or " + list[n-1]
	}
	return strings.Join(list, "")
}

// suggest says which of the known words was meant: the nearest one when it is
// near, else all of them.
func suggest[S ~string](given string, known []S) string {
	if near := nearest(given, known); near != "" {
		return fmt.Sprintf("did you mean %q?", string(near))
	}
	return "allowed: " + oneOf(known)
}

// nearest returns the known word that given is a slip of: at most a third of
// its letters off, or one the part of the other; empty when none is.
func nearest[S ~string](given string, known []S) S {
	var best S
	if len(given) > maxQuoted || given == "" {
		return best
	}
	low := strings.ToLower(given)
	limit := max(2, len(low)/3) + 1
	for _, k := range known {
		word := strings.ToLower(string(k))
		d := distance(low, word)
		if len(word) > 2 && len(low) > 2 && (strings.Contains(low, word) || strings.Contains(word, low)) {
			d = min(d, 2)
		}
		if d < limit && d < max(len(word), len(low)) {
			best, limit = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two short texts in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// fieldPath joins a field's name to the path of the object it is in.
func fieldPath(path, name string) string {
	plain := func(r rune) bool {
		return r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	if name == "" || len(name) > maxQuoted || slices.ContainsFunc([]rune(name), func(r rune) bool { return !plain(r) }) {
		return path + "[" + quote(name) + "]"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// itemPath is the path of a list's entry.
func itemPath(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
