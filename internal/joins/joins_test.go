package joins_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/page"
)

// TestJoins measures a few joins of each kind.
func TestJoins(t *testing.T) {
	clip := clips[2]
	src := source(t, clip, 12)
	for i := range settings {
		s := settings[i]
		t.Run(s.name, func(t *testing.T) {
			for _, p := range measured(t, clip, src, &s).problems() {
				t.Error(p)
			}
		})
	}
}

// TestTable measures all clips and settings and writes the table of docs/joins.md.
func TestTable(t *testing.T) {
	if *tablePage == "" {
		t.Skip("writes a page: give -table")
	}
	var done []*comparison
	for _, clip := range clips {
		src := source(t, clip, 25)
		for i := range settings {
			s := &settings[i]
			name := short(clip) + " " + s.name
			if !strings.Contains(name, *only) {
				continue
			}
			t.Run(name, func(t *testing.T) {
				c := measured(t, clip, src, s)
				done = append(done, c)
				for _, p := range c.problems() {
					t.Error(p)
				}
			})
		}
	}
	require.NoError(t, page.Replace(*tablePage, sectionBegin, sectionEnd, table(done)))
}

func measured(t *testing.T, clip, src string, s *setting) *comparison {
	t.Helper()
	pass, parts := transcode(t, src, s, true), transcode(t, src, s, false)
	return compare(clip, s, pass, parts, measure(t, src, pass), measure(t, src, parts))
}
