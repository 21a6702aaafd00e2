package lang_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/packager/internal/lang"
)

func TestTags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, iso, bcp string }{
		{"", "und", ""},
		{"und", "und", ""},
		{"eng", "eng", "en"},
		{"en", "eng", "en"},
		{"EN-us", "eng", "en-us"},
		{"ger", "deu", "de"},
		{"deu", "deu", "de"},
		{"pt-BR", "por", "pt-BR"},
		{"fil", "fil", "fil"},
		{"qaa", "qaa", "qaa"},
		{"x\"y", "und", ""},
		{"zh-Hans-CN", "zho", "zh-Hans-CN"},
	} {
		require.Equal(t, c.iso, lang.ISO639(c.in), "ISO639(%q)", c.in)
		require.Equal(t, c.bcp, lang.BCP47(c.in), "BCP47(%q)", c.in)
	}
}
