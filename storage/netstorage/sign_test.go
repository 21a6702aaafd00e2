package netstorage

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSignPublishedExample is the one in the API's documentation, "Example authentication headers".
func TestSignPublishedExample(t *testing.T) {
	t.Parallel()
	const data = "5, 0.0.0.0, 0.0.0.0, 1280000000, 382644692, UploadAccountMedia"
	const action = "version=1&action=upload&md5=0123456789abcdef0123456789abcdef&mtime=1260000000"
	require.Equal(t, "yh1MXm/rv7RKZhfKlTuSUBV69Acph5IyOWCU0/nFjms=", sign("abcdefghij", data, "/123456/files_baseball/sweep.m4a", action))
}

func TestParseAnswer(t *testing.T) {
	t.Parallel()
	a, err := parseAnswer(strings.NewReader(`<stat directory="/dir1/dir2">
		<file type="file" name="file &quot;&amp;.html" mtime="1260000000" size="1234567" md5="0123456789abcdef0123456789abcdef" />
		<file type="symlink" name="symlink.html" mtime="1260000000" target="file.html" />
		<file type="file" name_base64="w6Q=" size="1" mtime="1"/>
		<file type="dir" name="dir3" mtime="1260000000" implicit="true" /><resume start="/1/x"/></stat>`))
	require.NoError(t, err)
	require.Len(t, a.Files, 4)
	require.Equal(t, `file "&.html`, a.Files[0].Name)
	require.Equal(t, "ä", a.Files[2].Name)
	require.Equal(t, "/1/x", a.Resume.Start)
	info := a.Files[0].info("k")
	require.Equal(t, `"0123456789abcdef0123456789abcdef"`, info.ETag)
	require.Equal(t, int64(1260000000), info.ModTime.Unix())
	for _, bad := range []string{"", "<stat", `<stat><file size="x"/></stat>`, `<stat><file size="-1"/></stat>`, `<stat><file name_base64="!"/></stat>`} {
		_, err := parseAnswer(strings.NewReader(bad))
		require.Error(t, err, bad)
	}
}

func FuzzParseAnswer(f *testing.F) {
	f.Add(`<list><file type="file" name="1/a" size="1" md5="x" mtime="1"/><resume start="/1/b"/></list>`)
	f.Add(`<stat><file name_base64="w6Q=" size="9999999999999999999"/></stat>`)
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseAnswer(strings.NewReader(s))
		if err != nil {
			return
		}
		for i := range a.Files {
			info, ok := a.Files[i].folded("d/")
			if ok && (!strings.HasPrefix(info.Key, "d/") || info.Size < 0) {
				t.Errorf("%+v", info)
			}
		}
	})
}

func FuzzRangeSize(f *testing.F) {
	f.Add("bytes 5-9/100", int64(5))
	f.Add("bytes */100", int64(0))
	f.Fuzz(func(t *testing.T, header string, off int64) {
		_ = rangeSize(header, off)
	})
}
