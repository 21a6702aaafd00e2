// Package spool keeps a file's worth of bytes until it is known to be wanted:
// in memory up to a limit, then in a temporary file that has no name (on Unix
// it is removed as soon as it is open), so that nothing is left of it whatever
// happens to the process.
package spool

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/rendition-sdk/rendition"
)

// DefaultMemory is the number of bytes kept in memory when New is given 0.
const DefaultMemory = 32 << 20

// File is a spooled file. It can be written anywhere up to its end and read at
// any offset. It is used by one goroutine at a time, but for ReadAt once
// writing has ended.
type File struct {
	limit int64
	dir   string
	mem   []byte
	tmp   *os.File
	named bool // tmp still has a name
	size  int64
	pos   int64
}

// New returns an empty file. memory is the number of bytes kept in memory (0
// for DefaultMemory), dir the folder of the temporary file (empty for the
// system's).
func New(memory int64, dir string) *File {
	if memory <= 0 {
		memory = DefaultMemory
	}
	return &File{limit: memory, dir: dir}
}

// Size is the length in bytes.
func (f *File) Size() int64 { return f.size }

// Write implements io.Writer at the current offset.
func (f *File) Write(p []byte) (int, error) {
	end := f.pos + int64(len(p))
	if f.tmp == nil && end > f.limit {
		if err := f.toDisk(); err != nil {
			return 0, err
		}
	}
	if f.tmp != nil {
		n, err := f.tmp.WriteAt(p, f.pos)
		f.advance(int64(n))
		return n, full(err)
	}
	if grow := end - int64(len(f.mem)); grow > 0 {
		f.mem = append(f.mem, make([]byte, grow)...)
	}
	copy(f.mem[f.pos:], p)
	f.advance(int64(len(p)))
	return len(p), nil
}

func (f *File) advance(n int64) {
	f.pos += n
	f.size = max(f.size, f.pos)
}

// Seek implements io.Seeker; the offset may not lie past the end.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.pos
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 || offset > f.size {
		return 0, fmt.Errorf("spool: seek to %d in a file of %d bytes", offset, f.size)
	}
	f.pos = offset
	return offset, nil
}

// ReadAt implements io.ReaderAt.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("spool: negative offset")
	}
	if off >= f.size {
		return 0, io.EOF
	}
	if f.tmp != nil {
		return f.tmp.ReadAt(p, off)
	}
	n := copy(p, f.mem[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Close frees the memory and the temporary file. It may be called twice.
func (f *File) Close() error {
	f.mem, f.size, f.pos = nil, 0, 0
	if f.tmp == nil {
		return nil
	}
	tmp := f.tmp
	f.tmp = nil
	err := tmp.Close()
	if f.named {
		err = errors.Join(err, os.Remove(tmp.Name()))
	}
	return err
}

// full says what to do about a disk without room.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &rendition.Error{
			Kind: rendition.Quota, Op: "spool: write", Err: err, Hint: "make room in the folder for temporary files, or set Config.TempDir",
		}
	}
	return err
}

func (f *File) toDisk() error {
	tmp, err := os.CreateTemp(f.dir, "rendition-*.spool")
	if err != nil {
		return err
	}
	f.named = os.Remove(tmp.Name()) != nil // an open file cannot be removed everywhere
	f.tmp = tmp
	if _, err := tmp.WriteAt(f.mem, 0); err != nil {
		return full(err)
	}
	f.mem = nil
	return nil
}
