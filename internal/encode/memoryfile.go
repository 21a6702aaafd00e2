package encode

import (
	"errors"
	"io"
)

// memoryFile is a small file in memory that a muxer can go back in.
type memoryFile struct {
	data []byte
	pos  int64
}

// Write implements io.Writer.
func (m *memoryFile) Write(p []byte) (int, error) {
	end := m.pos + int64(len(p))
	if end > int64(len(m.data)) {
		m.data = append(m.data, make([]byte, end-int64(len(m.data)))...)
	}
	copy(m.data[m.pos:], p)
	m.pos = end
	return len(p), nil
}

// Seek implements io.Seeker.
func (m *memoryFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += m.pos
	case io.SeekEnd:
		offset += int64(len(m.data))
	}
	if offset < 0 || offset > int64(len(m.data)) {
		return 0, errors.New("seek outside the file")
	}
	m.pos = offset
	return offset, nil
}
