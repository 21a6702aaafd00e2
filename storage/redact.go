package storage

import "strings"

// RedactURL returns a URL without what may be secret in it: userinfo, query
// and fragment. It never fails and does not need a well-formed URL: everything
// between "://" and the last "@" in front of the query goes, because a secret
// with an unescaped slash looks like a path.
func RedactURL(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		// Without an authority there is still a query to lose, but "a?b.mp4" is a good file name.
		return url
	}
	whole := rest
	rest, query := cutAny(rest, "?#")
	if strings.Contains(whole[len(rest):], "@") && !strings.Contains(rest, "@") && halfUser(rest) {
		return scheme + "://" + redacted // user:pa?ss@host: what stands in front of the ? is a piece of the password
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = redacted + "@" + rest[i+1:]
	}
	if query {
		rest += "?" + redacted
	}
	return scheme + "://" + rest
}

// halfUser says that what stands in front of a path or query is no host:port, and so
// the beginning of user:password.
func halfUser(rest string) bool {
	authority, _, _ := strings.Cut(rest, "/")
	i := strings.LastIndexByte(authority, ':')
	return i >= 0 && strings.Trim(authority[i+1:], "0123456789") != "" && !strings.HasSuffix(authority, "]")
}

func cutAny(s, chars string) (before string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], true
	}
	return s, false
}

// RedactText applies RedactURL to every URL in a text, such as that of an error.
func RedactText(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	var out strings.Builder
	for text != "" {
		word, space := cutAny(text, " \t\n\"'`<>")
		out.WriteString(RedactURL(word))
		text = text[len(word):]
		if space {
			out.WriteByte(text[0])
			text = text[1:]
		}
	}
	return out.String()
}

// scrubbed is an error whose text is safe to print and whose tree is that of
// the error itself.
type scrubbed struct {
	text string
	err  error
}

func (e *scrubbed) Error() string { return e.text }
func (e *scrubbed) Unwrap() error { return e.err }

func scrub(err error) error {
	text := err.Error()
	if safe := RedactText(text); safe != text {
		return &scrubbed{text: safe, err: err}
	}
	return err
}
