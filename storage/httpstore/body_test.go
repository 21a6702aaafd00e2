package httpstore

import "testing"

func FuzzParseContentRange(f *testing.F) {
	for _, s := range []string{"bytes 0-9/100", "bytes 5-5/*", "bytes */7", "bytes 9-0/10", "bytes 0-99999999999999999999/1", "bytes -1-2/3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, last, total, err := parseContentRange(s)
		if err == nil && (first < 0 || last < first || total < -1 || (total >= 0 && last >= total)) {
			t.Errorf("%q: %d-%d/%d", s, first, last, total)
		}
	})
}
