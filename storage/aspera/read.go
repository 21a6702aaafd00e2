package aspera

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// OpenRange starts a download that goes on to the object's end: its size is not known, and the Bucket ends
// the program where it has read enough.
func (s *server) OpenRange(ctx context.Context, key string, off, _ int64, _ *driver.ReadOptions) (*driver.Body, error) {
	if err := s.checkName(key); err != nil {
		return nil, err
	}
	info := driver.Info{Key: key, Size: -1}
	if end, known := s.end(key); known && off == end && off > 0 {
		info.Size = end // another session only to find nothing
		return &driver.Body{ReadCloser: io.NopCloser(bytes.NewReader(nil)), Info: info}, nil
	}
	d, err := s.start(ctx, key, off)
	if err != nil {
		return nil, err
	}
	if d.empty {
		info.Size = off
	}
	return &driver.Body{ReadCloser: d, Info: info, Length: -1}, nil
}

// Stat starts a download and ends it at its first byte.
func (s *server) Stat(ctx context.Context, key string) (*driver.Info, error) {
	if err := s.checkName(key); err != nil {
		return nil, err
	}
	d, err := s.start(ctx, key, 0)
	if err != nil {
		return nil, err
	}
	_ = d.Close() // always nil
	info := &driver.Info{Key: key, Size: -1}
	if d.empty {
		info.Size = 0
	}
	return info, nil
}

// end is where reads have found the end of an object.
func (s *server) end(key string) (int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	end, known := s.ends[key]
	return end, known
}

// maxEnds bounds what is remembered: it only saves sessions.
const maxEnds = 1000

func (s *server) setEnd(key string, end int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ends) >= maxEnds {
		clear(s.ends)
	}
	s.ends[key] = end
}

func (s *server) forgetEnd(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ends, key)
}

// download is a session whose standard output is the object.
type download struct {
	server *server
	key    string
	pos    int64
	ctx    context.Context //nolint:containedctx // a body lives within the ctx of its OpenRange
	cancel context.CancelFunc
	cmd    *exec.Cmd
	said   *lastLines
	out    *bufio.Reader
	empty  bool  // it has ended without a byte
	ended  bool  // Wait was called
	end    error // what Read returns from then on
}

// start waits for the first byte or the end, so that an object that is not there is an error.
func (s *server) start(ctx context.Context, key string, off int64) (*download, error) {
	more := []string{s.path(key), "stdio://"}
	if off > 0 {
		more = append([]string{"-@", fmt.Sprintf("%d:", off)}, more...)
	}
	own, cancel := context.WithCancel(ctx)
	cmd, said, err := s.command(own, "recv", more...)
	if err != nil {
		cancel()
		return nil, err
	}
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	d := &download{server: s, key: key, pos: off, ctx: ctx, cancel: cancel, cmd: cmd, said: said, out: bufio.NewReaderSize(pipe, 64<<10)}
	if _, err := d.out.Peek(1); err != nil {
		if err := d.finish(); !errors.Is(err, io.EOF) {
			return nil, missing(err)
		}
		d.empty = true
	}
	return d, nil
}

// missing makes "not a directory" and the like, which a read below an object gives, what it means for a read.
func missing(err error) error {
	var e *driver.Error
	if errors.As(err, &e) && e.Kind == rendition.Exists {
		return &driver.Error{Kind: rendition.NotFound, Err: e.Err}
	}
	return err
}

func (d *download) Read(p []byte) (int, error) {
	if d.end != nil {
		return 0, d.end
	}
	n, err := d.out.Read(p)
	d.pos += int64(n)
	if err == nil {
		return n, nil
	}
	return n, d.finish()
}

// finish waits for the program, whose output has ended. Success is io.EOF.
func (d *download) finish() error {
	err := d.cmd.Wait()
	d.ended = true
	d.end = io.EOF
	if err != nil || d.ctx.Err() != nil {
		d.end = failure(d.ctx, err, d.said)
	} else {
		d.server.setEnd(d.key, d.pos)
	}
	d.cancel()
	return d.end
}

// Close ends the program.
func (d *download) Close() error {
	d.cancel()
	if !d.ended {
		d.ended = true
		_ = d.cmd.Wait() // it was killed
	}
	return nil
}
