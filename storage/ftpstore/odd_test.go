package ftpstore_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/ftpstore"
)

func (f *fake) open(t *testing.T, change func(o *ftpstore.Options)) *storage.Bucket {
	o := &ftpstore.Options{Timeout: 3 * time.Second, Bucket: &storage.Options{RetryDelay: time.Millisecond}}
	if change != nil {
		change(o)
	}
	b, err := ftpstore.Open(t.Context(), f.addr(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

// answers makes a hook of fixed answers.
func answers(fixed map[string]string) func(f *fake, verb, arg string) string {
	return func(_ *fake, verb, _ string) string { return fixed[verb] }
}

func roundTrip(t *testing.T, b *storage.Bucket) {
	t.Helper()
	data := random(500_000)
	for range 2 {
		require.NoError(t, b.WriteAll(t.Context(), "a b", data, &storage.WriterOptions{PartSize: 100_000}))
	}
	got, err := b.ReadAll(t.Context(), "a b", 0)
	require.NoError(t, err)
	require.True(t, string(data) == string(got))
	var keys []string
	for o, err := range b.List(t.Context(), nil) {
		require.NoError(t, err)
		keys = append(keys, fmt.Sprint(o.Key, o.Size))
	}
	require.Equal(t, []string{"a b500000"}, keys)
}

func TestOddServers(t *testing.T) {
	t.Parallel()
	for name, hook := range map[string]func(f *fake, verb, arg string) string{
		"minimal, lists as DOS": answers(nil),
		"PASV names a victim":   answers(map[string]string{"EPSV": "500 unknown"}),
		"no MDTM":               answers(map[string]string{"MDTM": "500 unknown"}),
		"late greeting":         answers(map[string]string{"GREETING": "120 soon\r\n220-many\r\n220 lines"}),
		"no password wanted":    answers(map[string]string{"USER": "230 welcome"}),
		"UTF8 refused":          answers(map[string]string{"FEAT": "211-Features\r\n UTF8\r\n211 End", "OPTS": "501 no"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			roundTrip(t, newFake(t, hook).open(t, nil))
		})
	}
}

func TestRenameThatDoesNotReplace(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(f *fake, verb, arg string) string {
		f.mu.Lock()
		defer f.mu.Unlock()
		if _, there := f.files[strings.TrimPrefix(arg, "/")]; there && verb == "RNTO" {
			return "550 file exists"
		}
		return ""
	})
	roundTrip(t, f.open(t, nil))
	require.Contains(t, f.commands(), "DELE")
}

func TestServerClosesIdleConnections(t *testing.T) {
	t.Parallel()
	f := newFake(t, answers(nil))
	b := f.open(t, func(o *ftpstore.Options) { o.Bucket.Attempts = 2 })
	roundTrip(t, b)
	f.kick()
	roundTrip(t, b)
}

func TestCrowdedServer(t *testing.T) {
	t.Parallel()
	var logins atomic.Int64
	f := newFake(t, func(_ *fake, verb, _ string) string {
		if verb == "PASS" && logins.Add(1) > 1 {
			return "530 Sorry, the maximum number of clients is connected"
		}
		return ""
	})
	b := f.open(t, nil)
	roundTrip(t, b)
	r, err := b.Open(t.Context(), "a b", nil)
	require.NoError(t, err)
	defer r.Close()
	_, err = b.Stat(t.Context(), "a b") // takes the connection of the Reader, since there is no second
	require.NoError(t, err)
	require.Equal(t, int64(2), logins.Load(), "it did not try again")

	full := newFake(t, answers(map[string]string{"GREETING": "421 There are too many connected users"}))
	_, err = full.open(t, nil).Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Unavailable)
	require.ErrorContains(t, err, "too many")
}

func TestServerWithoutRestart(t *testing.T) {
	t.Parallel()
	for _, append := range []string{"", "550 append is not permitted"} {
		for _, resend := range []int{1 << 20, 50_000} {
			f := newFake(t, answers(map[string]string{"REST": "502 unknown", "APPE": append}))
			b := f.open(t, func(o *ftpstore.Options) { o.Resend = resend })
			w, err := b.NewWriter(t.Context(), "a", &storage.WriterOptions{PartSize: 40_000})
			require.NoError(t, err)
			data := random(400_000)
			_, err = w.Write(data[:200_000])
			require.NoError(t, err)
			time.Sleep(100 * time.Millisecond) // the parts lie at the server
			f.kick()
			_, err = w.Write(data[200_000:])
			if err == nil {
				err = w.Close()
			} else {
				_ = w.Abort()
			}
			if append != "" && resend < len(data)/2 {
				require.ErrorIs(t, err, rendition.Unavailable)
				continue
			}
			require.NoError(t, err)
			f.mu.Lock()
			require.True(t, string(data) == string(f.files["a"]))
			f.mu.Unlock()
		}
	}
}

func TestSecurityIsNotGivenUp(t *testing.T) {
	t.Parallel()
	tls := func(o *ftpstore.Options) { o.Security, o.Password = ftpstore.ExplicitTLS, "secret" }
	f := newFake(t, answers(nil)) // 502 to AUTH
	_, err := f.open(t, tls).Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Unsupported)
	require.Equal(t, []string{"AUTH"}, f.commands(), "no password in clear")

	f = newFake(t, answers(map[string]string{"AUTH": "234 go\r\n230 injected in clear"}))
	_, err = f.open(t, tls).Stat(t.Context(), "a")
	require.Error(t, err)
	require.Equal(t, []string{"AUTH"}, f.commands()[:1])
	require.NotContains(t, f.commands(), "PASS")
}

func TestPasswordIsNotQuoted(t *testing.T) {
	t.Parallel()
	f := newFake(t, answers(map[string]string{"PASS": "530 bad password hunter2 for you"}))
	_, err := f.open(t, func(o *ftpstore.Options) { o.Username, o.Password = "u", "hunter2" }).Stat(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Permission)
	require.NotContains(t, err.Error(), "hunter2")
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for answer, kind := range map[string]rendition.Kind{
		"421 bye": rendition.Unavailable, "425 no": rendition.Unavailable, "426 cut": rendition.Unavailable, "450 busy": rendition.Unavailable,
		"451 error": rendition.Unavailable, "452 full": rendition.Quota, "552 full": rendition.Quota, "451 No space left on device": rendition.Quota,
		"530 log in": rendition.Permission, "532 account": rendition.Permission, "553 no": rendition.Permission, "550 no": rendition.Permission,
		"502 no": rendition.Unsupported, "501 bad name": rendition.Permission, "522 session reuse required": rendition.Permission, "garbage": rendition.Unsupported,
	} {
		f := newFake(t, answers(map[string]string{"STOR": answer, "MKD": "550 exists"}))
		err := f.open(t, func(o *ftpstore.Options) { o.Bucket.Attempts = 2 }).WriteAll(t.Context(), "a/b", []byte("x"), nil)
		require.ErrorIs(t, err, kind, answer)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for addr, o := range map[string]*ftpstore.Options{
		"":                   nil,
		"host:0":             nil,
		"host:x":             nil,
		"host:":              nil,
		"user:pass@host":     nil,
		"host/path":          nil,
		"ho st":              nil,
		"host\r\n":           nil,
		"a":                  {Username: "u\r\nDELE x"},
		"b":                  {Password: "p\nDELE x"},
		"c":                  {Root: "r\rx"},
		"d":                  {Root: "a/../../b"},
		"e":                  {Security: 9},
		"f":                  {Passive: 9},
		"g":                  {Passive: ftpstore.PassiveNo, Dial: (&cutter{}).dial},
		"h":                  {Security: ftpstore.ExplicitTLS, PinnedSHA256: "12"},
		"ftp://user:pass@h/": nil,
	} {
		_, err := ftpstore.Open(t.Context(), addr, o)
		require.ErrorIs(t, err, rendition.InvalidJob, "%q", addr)
		require.NotContains(t, err.Error(), "pass@", addr)
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		addr string
		opts *ftpstore.Options
	}{
		"ftp://host/":               {"host", nil},
		"ftp://host/a%20b/c/":       {"host:21", &ftpstore.Options{Root: "a b//c/"}},
		"ftp://host:2121/%2Fa/":     {"host:2121", &ftpstore.Options{Root: "/a"}},
		"ftp://host/%2F":            {"host", &ftpstore.Options{Root: "/"}},
		"ftps://host/":              {"host", &ftpstore.Options{Security: ftpstore.ImplicitTLS, Username: "u", Password: "secret"}},
		"ftp://[2001:db8::1]/":      {"2001:db8::1", nil},
		"ftp://[2001:db8::1]:2121/": {"[2001:db8::1]:2121", nil},
	} {
		b, err := ftpstore.Open(t.Context(), c.addr, c.opts)
		require.NoError(t, err)
		require.Equal(t, want, b.Name())
		require.NoError(t, b.Close())
	}
}
