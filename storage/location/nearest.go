package location

import "strings"

// nearest returns the known word that given is a slip of: at most a third of its
// letters off, or one the part of the other; empty when none is.
func nearest(given string, known []string) string {
	best, limit := "", max(2, len(given)/3)+1
	if given == "" || len(given) > 40 {
		return ""
	}
	for _, word := range known {
		d := distance(given, word)
		if len(word) > 2 && len(given) > 2 && (strings.Contains(given, word) || strings.Contains(word, given)) {
			d = min(d, 2)
		}
		if d < max(len(word), len(given)) && (d < limit || d == limit && best != "" && word < best) {
			best, limit = word, d
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
