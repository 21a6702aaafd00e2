package doctest

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
	notSlug = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	fenced  = regexp.MustCompile("(?ms)^ *```.*?^ *```")
)

// slug is the anchor that forges make of a heading.
func slug(heading string) string {
	return strings.ReplaceAll(notSlug.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), ""), " ", "-")
}

// Links to files, images and headings of the repository lead somewhere.
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, ".md") {
		for _, m := range link.FindAllStringSubmatch(fenced.ReplaceAllString(read(t, file), ""), -1) {
			target := m[1] + m[2]
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			name, anchor, _ := strings.Cut(target, "#")
			to := file
			if name != "" {
				to = path.Join(path.Dir(file), name)
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s links to %s, which is not there", file, target)
				continue
			}
			if anchor == "" || path.Ext(to) != ".md" {
				continue
			}
			var anchors []string
			for _, h := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(read(t, to), ""), -1) {
				anchors = append(anchors, slug(h[1]))
			}
			require.Contains(t, anchors, anchor, "%s links to %s, which has no such heading", file, target)
		}
	}
}

// A reader of the repository finds every page.
func TestReadmeLeadsToEveryPage(t *testing.T) {
	t.Parallel()
	readme := read(t, "README.md")
	for _, file := range files(t, ".md") {
		if path.Dir(file) == "docs" {
			require.True(t, strings.Contains(readme, "("+file+")"), "README.md does not link to %s", file)
		}
	}
}
