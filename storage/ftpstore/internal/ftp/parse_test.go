package ftp

import (
	"bufio"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func reader(s string) *bufio.Reader { return bufio.NewReaderSize(strings.NewReader(s), maxLine) }

func TestReply(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]*Reply{
		"220 ready\r\n": {Code: 220, Lines: []string{"ready"}},
		"220 ready\n":   {Code: 220, Lines: []string{"ready"}},
		"200\r\n":       {Code: 200, Lines: []string{""}},
		"211-Features:\r\n MDTM\r\n211 not the end in a server that writes codes\r\n": {Code: 211, Lines: []string{"Features:", " MDTM", "not the end in a server that writes codes"}},
		"230-a\r\n230-b\r\n220 other\r\n230 end\r\n":                                  {Code: 230, Lines: []string{"a", "b", "220 other", "end"}},
		"631 protected\r\n": {Code: 631, Lines: []string{"protected"}},
	} {
		got, err := readReply(reader(in))
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
	for _, in := range []string{
		"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request\r\n", "22\r\n", "999 x\r\n", "220x\r\n", "\r\n",
		strings.Repeat("2", maxLine+1) + "\r\n", "220-x\r\n" + strings.Repeat("y\r\n", maxLines),
	} {
		_, err := readReply(reader(in))
		require.ErrorIs(t, err, ErrProtocol, "%.20q", in)
	}
	for _, in := range []string{"", "220 cut", "220-a\r\nb\r\n"} {
		_, err := readReply(reader(in))
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, in)
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	r := &Reply{Code: 550, Lines: []string{"a\x1b[31m", strings.Repeat("x", 500)}}
	text := r.failure("RETR").Error()
	require.NotContains(t, text, "\x1b")
	require.Less(t, len(text), 300)
	require.Equal(t, 550, Code(errors.Join(r.failure("RETR"))))
	require.Zero(t, Code(io.EOF))
}

func TestPassiveAnswers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"Entering Extended Passive Mode (|||6446|)": 6446, "ok (!!!1!)": 1, "(|||65535|)": 65535,
		"(|||0|)": 0, "(|||65536|)": 0, "(||6446|)": 0, "|||6446|": 0, "(|||-1|)": 0, "(|||+1|)": 0, "(1111111)": 0, "()": 0, "(|||)": 0,
	} {
		got, err := parseEPSV(in)
		require.Equal(t, want, got, in)
		require.Equal(t, want == 0, err != nil, in)
	}
	for in, want := range map[string]string{
		"Entering Passive Mode (10,0,0,1,4,1).": "10.0.0.1:1025", "=10,0,0,1,0,21": "10.0.0.1:21", "ok 1, 2 (127,0,0,1,255,255)": "127.0.0.1:65535",
		"(10,0,0,1,0,0)": "", "(10,0,0,256,1,1)": "", "(10,0,0,1,1)": "", "10,0,0,1,1,1,1": "", "": "", ",,,,,": "",
	} {
		got, err := parsePASV(in)
		require.Equal(t, want == "", err != nil, in)
		if want != "" {
			require.Equal(t, want, got.String())
		}
	}
}

func TestActiveArguments(t *testing.T) {
	t.Parallel()
	require.Equal(t, "|1|132.235.1.2|6275|", formatEPRT(netip.MustParseAddrPort("132.235.1.2:6275")))
	require.Equal(t, "|2|1080::8:800:200c:417a|5282|", formatEPRT(netip.MustParseAddrPort("[1080::8:800:200C:417A%eth0]:5282")))
	require.Equal(t, "132,235,1,2,24,131", formatPORT(netip.MustParseAddrPort("132.235.1.2:6275")))
}

func TestFacts(t *testing.T) {
	t.Parallel()
	e, skip, err := parseFacts("Type=file;Size=1024990;Perm=r;Modify=19990929003355.237; a file;with spaces ")
	require.NoError(t, err)
	require.False(t, skip)
	require.Equal(t, Entry{
		Name: "a file;with spaces ", Type: File, Size: 1024990, ModTime: time.Date(1999, 9, 29, 0, 33, 55, 237_000_000, time.UTC),
	}, e)
	for line, want := range map[string]Type{
		"type=dir; a": Folder, "type=cdir; .": Folder, "type=pdir; ..": Folder, "type=OS.unix=slink:/a; l": Link, "type=OS.unix=chr-1/2; d": Other, " a": Other,
	} {
		e, skip, err := parseFacts(line)
		require.NoError(t, err)
		require.Equal(t, want, e.Type)
		require.Equal(t, strings.HasPrefix(e.Name, "."), skip)
	}
	for _, line := range []string{"", "a", "size=1;", "size=1; ", "size=1 a"} {
		_, _, err := parseFacts(line)
		require.Error(t, err, line)
	}
	for in, want := range map[string]int64{"": -1, "-1": -1, "+1": -1, "0": 0, "9999999999999999999": -1, "1_0": -1, "0x1": -1} {
		require.Equal(t, want, parseSize(in), in)
	}
	for _, in := range []string{"", "19990929", "19991329003355", "1999092900335x", "19990929003355."} {
		require.True(t, parseTime(in).IsZero(), in)
	}
}

func TestListLines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]Entry{
		"-rw-r--r--    1 65534    65534        1234 Nov 24 13:22 a b":          {Name: "a b", Type: File, Size: 1234},
		"-rw-r--r--    1 ftp      ftp    5000000000 Nov 24  2025  space first": {Name: " space first", Type: File, Size: 5000000000},
		"drwxr-xr-x    2 1000     domain users 4096 Jan  1 00:00 dir":          {Name: "dir", Type: Folder, Size: 4096},
		"lrwxrwxrwx    1 0        0               7 Nov 24 13:22 link -> a/b":  {Name: "link", Type: Link, Size: -1},
		"crw-rw-rw-    1 0        0          1,   3 Nov 24 13:22 null":         {Name: "null", Type: Other, Size: 3},
		"-rw-r--r-- 1 May 5 May 1 00:00 May":                                   {Name: "May", Type: File, Size: 5},
		"-rw-r--r--+ 1 user 12 Dec 31 23:59 -> odd":                            {Name: "-> odd", Type: File, Size: 12},
		"11-24-26  01:22PM                 1234 name with  spaces.txt":         {Name: "name with  spaces.txt", Type: File, Size: 1234},
		"11-24-2026  13:22       <DIR>          sub dir":                       {Name: "sub dir", Type: Folder, Size: -1},
		"11-24-26  01:22PM       <SYMLINKD>     to [C:\\x]":                    {Name: "to", Type: Link, Size: -1},
	} {
		e, skip, err := parseListLine(line)
		require.NoError(t, err, line)
		require.False(t, skip)
		require.Equal(t, want, e, line)
	}
	for _, line := range []string{"", "total 12", "drwxr-xr-x 2 0 0 4096 Jan  1 00:00 ..", "drwxr-xr-x 2 0 0 4096 Jan  1 00:00 ."} {
		_, skip, err := parseListLine(line)
		require.NoError(t, err, line)
		require.True(t, skip, line)
	}
	for _, line := range []string{
		"total", "garbage", "+i8388621.29609,m824255902,/,\tdev", "-rw-r--r-- 1 0 0 12 Nov 24 13:22", "-rw-r--r-- 1 0 0 12 Nov 24 13:22 ",
		"11-24-26  01:22PM  1234 ", "11-24-26  01:22PM", "1 2 3 4", "-rw-r--r-- 1 0 0 12 Nov 24",
	} {
		_, _, err := parseListLine(line)
		require.ErrorIs(t, err, errEntry, line)
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{`"/" is cwd`: "/", `"/a ""b"" c" x`: `/a "b" c`, `"/a`: "", "": "", `""`: "", `x "/y"`: "/y"} {
		got, ok := parseQuoted(in)
		require.Equal(t, want != "", ok, in)
		if ok {
			require.Equal(t, want, got)
		}
	}
}

func TestMLST(t *testing.T) {
	t.Parallel()
	e, err := parseMLST(&Reply{Code: 250, Lines: []string{"Start", " Type=cdir;Modify=19981107085215; /a b", "End"}})
	require.NoError(t, err)
	require.Equal(t, Folder, e.Type)
	_, err = parseMLST(&Reply{Code: 250, Lines: []string{"Start", "End"}})
	require.ErrorIs(t, err, ErrProtocol)
	require.Equal(t, map[string]string{"MLST": "Type*;Size*;", "UTF8": ""}, parseFeatures([]string{"Extensions:", " MLST Type*;Size*;", " utf8", "End"}))
}

func FuzzReply(f *testing.F) {
	for _, s := range []string{"220 ready\r\n", "211-a\r\n b\r\n211 c\r\n", "2", "\xff\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		reply, err := readReply(reader(s))
		if err != nil {
			return
		}
		if reply.Code < 100 || reply.Code > 699 || len(reply.Lines) == 0 || len(reply.Lines) > maxLines {
			t.Errorf("%q: %+v", s, reply)
		}
		text := reply.failure("X").Error()
		if strings.ContainsAny(text, "\r\n\x00") || !utf8.ValidString(text) || len(text) > 300 {
			t.Errorf("%q: %q", s, text)
		}
		parseFeatures(reply.Lines)
		_, _ = parseMLST(reply)
	})
}

func FuzzPassive(f *testing.F) {
	for _, s := range []string{"(|||6446|)", "(10,0,0,1,4,1)", "=1,2,3,4,5,6", "(!!!1!)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if port, err := parseEPSV(s); err == nil && (port < 1 || port > 65535) {
			t.Errorf("%q: port %d", s, port)
		}
		addr, err := parsePASV(s)
		if err == nil && (!addr.Addr().Is4() || addr.Port() == 0) {
			t.Errorf("%q: %v", s, addr)
		}
		if err == nil {
			if again, err := parsePASV(formatPORT(addr)); err != nil || again != addr {
				t.Errorf("%q: %v became %v", s, addr, again)
			}
		}
	})
}

func FuzzEntry(f *testing.F) {
	for _, s := range []string{
		"type=file;size=1;modify=20260101000000; a", "-rw-r--r-- 1 0 0 12 Nov 24 13:22 a", "11-24-26  01:22PM  <DIR>  a", "lrwxrwxrwx 1 0 0 7 Nov 24 2025 a -> b", `"/a ""b"""`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, parse := range []func(string) (Entry, bool, error){parseFacts, parseListLine} {
			e, skip, err := parse(s)
			if err == nil && !skip && (e.Name == "" || e.Size < -1 || !strings.Contains(s, e.Name)) {
				t.Errorf("%q: %+v", s, e)
			}
		}
		if path, ok := parseQuoted(s); ok && path == "" {
			t.Errorf("%q: empty", s)
		}
	})
}
