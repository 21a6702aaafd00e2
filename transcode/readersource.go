package transcode

import (
	"context"
	"io"

	"github.com/rendition-sdk/rendition"
)

// readerSource is bytes at hand as a rendition.Source, so that an output can
// be read back before it is published.
type readerSource struct {
	name string
	r    io.ReaderAt
	size int64
}

// Name implements rendition.Source.
func (s *readerSource) Name() string { return s.name }

// Open implements rendition.Source.
func (s *readerSource) Open(context.Context) (rendition.SourceReader, error) {
	return sectionReader{io.NewSectionReader(s.r, 0, s.size)}, nil
}

type sectionReader struct{ *io.SectionReader }

// Close implements io.Closer.
func (sectionReader) Close() error { return nil }
