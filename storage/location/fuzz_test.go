package location_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/location"
)

// nasty are the letters that make trouble in URLs.
const nasty = "aZ9-._~/@:?#%+&=;,!$'()*[]{}|\\^` \"<>é世"

func random(r *rand.Rand, from string, most int) string {
	letters := []rune(from)
	s := make([]rune, 1+r.IntN(most))
	for i := range s {
		s[i] = letters[r.IntN(len(letters))]
	}
	return string(s)
}

// Any user, secret and key survive the way into a URL and back.
func TestRoundTripOfNastyNames(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	base := forms()
	for range 4000 {
		l := base[r.IntN(len(base))].want
		key := strings.TrimLeft(random(r, nasty, 12), "/")
		switch l.Driver {
		case location.HTTP: // its address is not made from parts
			l.User, l.Password = random(r, nasty, 6), storage.Secret(random(r, nasty, 12))
			if l.Presigned || l.Host == "s3.wasabisys.com" {
				continue // without a user, or something else with one
			}
		case location.File:
			if l.Key = key; key == "" || location.Drive(key) || storage.Scheme(key) != "" {
				continue
			}
		case location.Mem:
			l.Key = key
		case location.Azure:
			l.Key = key
			if l.SAS == "" {
				l.Password = storage.Secret(random(r, nasty, 12))
			}
		case location.NetStorage, location.AkamaiHLS:
			l.Key = "1/" + key
			l.User, l.Password = random(r, nasty, 6), storage.Secret(random(r, nasty, 12))
		default:
			l.Key = key
			if l.Auth != location.AuthToken {
				l.User, l.Password = random(r, nasty, 6), storage.Secret(random(r, nasty, 12))
			}
		}
		got, err := location.Parse(l.URL().Reveal())
		require.NoError(t, err, "%s", l.URL().Reveal())
		require.Equal(t, l, *got, "%s", l.URL().Reveal())
	}
}

// A password with bare /, @ and : is read as it is meant, or refused; never as something else that is sent to another host.
func TestBarePasswords(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	read, refused := 0, 0
	for range 4000 {
		password := random(r, "abZ9/@:+=/.-", 10)
		l, err := location.Parse("ftp://user:" + password + "@ftp.example.com/dir/a.mp4")
		if err != nil {
			refused++
			continue
		}
		require.Equal(t, "ftp.example.com", l.Host, password)
		require.Equal(t, password, l.Password.Reveal())
		read++
	}
	require.Greater(t, read, 2000)
	t.Logf("%d read, %d refused", read, refused)
}

func FuzzParse(f *testing.F) {
	for _, form := range forms() {
		f.Add(form.raw)
	}
	for _, s := range []string{"s3://my.bucket/a", "ftp://a:b/c@d/e@f", "http://[::1", "file:", "x:", "mem://?", "s3://b/?endpoint=%", "azblob://a:b@c:1/d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		l, err := location.Parse(raw)
		if err != nil {
			var e *rendition.Error
			if !errors.As(err, &e) || e.Kind != rendition.InvalidJob && e.Kind != rendition.Unsupported {
				t.Errorf("%q: %v", raw, err)
			}
			return
		}
		again, err := location.Parse(l.URL().Reveal())
		if err != nil {
			t.Fatalf("%q: %q: %v", raw, l.URL().Reveal(), err)
		}
		require.Equal(t, *l, *again, "%q by way of %q", raw, l.URL().Reveal())
		for _, secret := range []storage.Secret{l.Password, l.Token, l.SAS} {
			if s := secret.Reveal(); len(s) > 8 && !strings.Contains(l.Key+l.Host+l.Bucket+l.User+l.Account, s) && strings.Contains(l.String(), s) {
				t.Errorf("%q prints as %s", raw, l)
			}
		}
		if object, err := l.Object(); err == nil && storage.ValidateKey(object) != nil {
			t.Errorf("%q: object %q", raw, object)
		}
	})
}
