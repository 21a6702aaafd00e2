package ftp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// maxLine is the longest line in bytes that is read from a control
	// connection or a listing: a path of 4 KiB and its facts.
	maxLine = 8 << 10
	// maxLines is how many lines one reply may have.
	maxLines = 1000
)

// ErrProtocol is an answer that no FTP server gives.
var ErrProtocol = errors.New("the answer is not FTP")

// Reply is what a server answers to a command (RFC 959 section 4.2).
type Reply struct {
	Code int
	// Lines are the texts, without the code where there is one.
	Lines []string
}

// Error is a reply that says that a command failed.
type Error struct {
	// Command is the verb that was answered; "" is the greeting.
	Command string
	Code    int
	// Text is one line, at most 200 bytes long.
	Text string
}

func (e *Error) Error() string {
	if e.Command == "" {
		return fmt.Sprintf("the server greeted with %d %s", e.Code, e.Text)
	}
	return fmt.Sprintf("the server answered %d %s to %s", e.Code, e.Text, e.Command)
}

// Code returns the code of a reply that err is, 0 when it is none.
func Code(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// failure makes an error of a reply.
func (r *Reply) failure(command string) *Error {
	return &Error{Command: command, Code: r.Code, Text: printable(strings.Join(r.Lines, " "))}
}

// last is the text of the last line, which for most replies is the only one.
func (r *Reply) last() string { return r.Lines[len(r.Lines)-1] }

// readReply reads one reply. A line "code-" begins one of several lines, which
// ends with "code " and the same code.
func readReply(r *bufio.Reader) (*Reply, error) {
	line, err := readLine(r)
	if err != nil {
		return nil, err
	}
	code, more, text, err := parseReplyLine(line)
	if err != nil {
		return nil, err
	}
	reply := &Reply{Code: code, Lines: []string{text}}
	for more {
		if line, err = readLine(r); err != nil {
			return nil, err
		}
		if len(reply.Lines) == maxLines {
			return nil, fmt.Errorf("%w: a reply of more than %d lines", ErrProtocol, maxLines)
		}
		if c, m, t, err := parseReplyLine(line); err == nil && c == code {
			line, more = t, m
		}
		reply.Lines = append(reply.Lines, line)
	}
	return reply, nil
}

// parseReplyLine cuts a line into its code, whether lines follow, and its text.
func parseReplyLine(line string) (code int, more bool, text string, err error) {
	if len(line) < 3 || line[0] < '1' || line[0] > '6' || !digits(line[1:3]) {
		return 0, false, "", fmt.Errorf("%w: %q", ErrProtocol, printable(line))
	}
	code = int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
	if len(line) == 3 {
		return code, false, "", nil
	}
	if line[3] != ' ' && line[3] != '-' {
		return 0, false, "", fmt.Errorf("%w: %q", ErrProtocol, printable(line))
	}
	return code, line[3] == '-', line[4:], nil
}

// readLine reads a line without its end. r has a buffer of maxLine.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", fmt.Errorf("%w: a line of more than %d bytes", ErrProtocol, maxLine)
	case errors.Is(err, io.EOF):
		return "", fmt.Errorf("the server closed the connection: %w", io.ErrUnexpectedEOF)
	case err != nil:
		return "", err
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), nil
}

// digits says whether s is decimal digits alone, one or more.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// printable makes what a server says fit for a message: one line, not too long.
func printable(s string) string {
	const limit = 200
	if len(s) > limit {
		s = s[:limit]
	}
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return strings.TrimSpace(s)
}
