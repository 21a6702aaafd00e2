package mp4

import (
	"errors"
	"io"
	"os"
	"runtime"
	"sync/atomic"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager/internal/fserr"
)

// Spool is a place for the samples of one track until the file is written.
// Write appends; ReadAt is called after the last Write, from any goroutine;
// Close frees the place.
type Spool interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// blockBytes is the unit in which a track takes memory, and its write buffer once it is spilled.
const blockBytes = 256 << 10

// budget counts the memory that all tracks of a Writer hold.
type budget struct {
	limit int64
	used  atomic.Int64
}

// trackSpool keeps the samples of one track: in memory while the budget lasts,
// then in a Spool.
type trackSpool struct {
	budget *budget
	open   func() (Spool, error)
	blocks [][]byte // all of blockBytes but the last; one write buffer once spilled
	spool  Spool
	size   int64
}

func (s *trackSpool) write(p []byte) error {
	s.size += int64(len(p))
	for len(p) > 0 {
		last := len(s.blocks) - 1
		if last < 0 || len(s.blocks[last]) == blockBytes {
			if err := s.grow(); err != nil {
				return err
			}
			last = len(s.blocks) - 1
		}
		n := min(len(p), blockBytes-len(s.blocks[last]))
		s.blocks[last] = append(s.blocks[last], p[:n]...)
		p = p[n:]
	}
	return nil
}

// grow makes room for more: a new block, or an emptied one when memory is used up.
func (s *trackSpool) grow() error {
	if s.spool == nil && s.budget.used.Add(blockBytes) <= s.budget.limit {
		s.blocks = append(s.blocks, make([]byte, 0, blockBytes))
		return nil
	}
	if s.spool == nil {
		s.budget.used.Add(-blockBytes)
		spool, err := s.open()
		if err != nil {
			return err
		}
		s.spool = spool
	}
	if err := s.flush(); err != nil {
		return err
	}
	if len(s.blocks) == 0 {
		s.budget.used.Add(blockBytes)
		s.blocks = append(s.blocks, make([]byte, 0, blockBytes))
	}
	return nil
}

// flush moves what is in memory to the spool and keeps one empty block.
func (s *trackSpool) flush() error {
	for _, b := range s.blocks {
		if _, err := s.spool.Write(b); err != nil {
			return fserr.Wrap("mp4: spool samples", "", err)
		}
	}
	if n := len(s.blocks); n > 0 {
		s.budget.used.Add(int64(-blockBytes * (n - 1)))
		s.blocks = append([][]byte(nil), s.blocks[0][:0])
	}
	return nil
}

// seal ends writing.
func (s *trackSpool) seal() error {
	if s.spool == nil {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	s.budget.used.Add(int64(-blockBytes * len(s.blocks)))
	s.blocks = nil
	return nil
}

// ReadAt reads sealed samples.
func (s *trackSpool) ReadAt(p []byte, off int64) (int, error) {
	if s.spool != nil {
		return s.spool.ReadAt(p, off)
	}
	n := 0
	for n < len(p) && off < s.size {
		block := s.blocks[off/blockBytes]
		c := copy(p[n:], block[off%blockBytes:])
		n, off = n+c, off+int64(c)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (s *trackSpool) close() error {
	s.budget.used.Add(int64(-blockBytes * len(s.blocks)))
	s.blocks = nil
	if s.spool == nil {
		return nil
	}
	spool := s.spool
	s.spool = nopSpool{}
	return spool.Close()
}

// nopSpool stands for a spool that was closed.
type nopSpool struct{}

func (nopSpool) Write([]byte) (int, error)         { return 0, os.ErrClosed }
func (nopSpool) ReadAt([]byte, int64) (int, error) { return 0, os.ErrClosed }
func (nopSpool) Close() error                      { return nil }

// tempSpool is a temporary file. Where the system allows it, it has no name
// from the start, so that nothing is left behind however the process ends.
type tempSpool struct {
	*os.File
	name string
}

func openTemp(dir string) (Spool, error) {
	const op = "mp4: open spool"
	f, err := os.CreateTemp(dir, "rendition-*.spool")
	if err != nil {
		return nil, fserr.Wrap(op, dir, err)
	}
	s := &tempSpool{File: f, name: f.Name()}
	if runtime.GOOS != "windows" {
		if err := os.Remove(s.name); err != nil {
			return nil, fserr.Wrap(op, dir, errors.Join(err, f.Close()))
		}
		s.name = ""
	}
	return s, nil
}

func (s *tempSpool) Close() error {
	err := s.File.Close()
	if s.name != "" {
		err = errors.Join(err, os.Remove(s.name))
	}
	if err != nil {
		return &rendition.Error{Kind: rendition.Internal, Op: "mp4: close spool", Err: err}
	}
	return nil
}
