package azurestore

import (
	"net/url"
	"strings"
	"testing"
)

func FuzzParseContentRange(f *testing.F) {
	for _, s := range []string{"bytes 0-9/100", "bytes 5-5/*", "bytes */7", "bytes 9-0/10", "bytes 0-99999999999999999999/1", "bytes -1-2/3", "bytes 0-0/1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := parseContentRange(s)
		if err == nil && (r.first < 0 || r.last < r.first || r.total <= r.last || r.size() < 1) {
			t.Errorf("%q: %+v", s, r)
		}
	})
}

func FuzzParseSAS(f *testing.F) {
	for _, s := range []string{"?sv=1&sig=a+b%2Bc=&se=2030-01-02T03:04:05Z", "sig=", "sig=%zz", "st=2030-01-02&sig=x&sp=rw", "sig=a&comp=list", "sig=a;b=c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sas, err := parseSAS(s)
		if err != nil {
			if v, e := url.ParseQuery(s); e == nil && len(v.Get("sig")) > 8 && strings.Contains(err.Error(), v.Get("sig")) {
				t.Errorf("the error quotes the signature: %v", err)
			}
			return
		}
		v, err := url.ParseQuery(sas.query)
		if err != nil || v.Get("sig") == "" || v.Has("comp") || strings.Contains(v.Get("sig"), " ") && !strings.Contains(s, "%20") {
			t.Errorf("%q: %q", s, sas.query)
		}
	})
}

func FuzzPrintableCode(f *testing.F) {
	f.Add("BlobNotFound")
	f.Add("sig=x")
	f.Fuzz(func(t *testing.T, s string) {
		if got := printableCode(s); strings.ContainsAny(got, "=&/ \n<") || len(got) > 64 {
			t.Errorf("%q: %q", s, got)
		}
	})
}
