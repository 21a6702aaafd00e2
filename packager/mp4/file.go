package mp4

import (
	"errors"
	"io"
	"sort"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/packager/internal/fserr"
)

// File is a complete MP4 file whose samples still lie in their spools. It can
// be read in any order and as often as needed until Close; ReadAt is safe for
// concurrent use.
type File struct {
	head   []byte // ftyp, moov and the header of mdat
	parts  []part
	size   int64
	tracks []TrackInfo
	spools []*trackSpool
	length time.Duration
}

// part is a chunk of media: where it lies in the file and in its spool.
type part struct {
	at, offset, size int64
	spool            *trackSpool
}

// TrackInfo describes a track of a File.
type TrackInfo struct {
	// ID is the track id in the file, from 1.
	ID uint32
	// Type and Codec are those of the packager.Track.
	Type  rendition.MediaType
	Codec rendition.Codec
	// CodecString is the RFC 6381 codecs parameter.
	CodecString string
	// Samples and Bytes count the media without the index.
	Samples int64
	Bytes   int64
	// Duration is how long the track shows, without encoder delay.
	Duration time.Duration
	// Bitrate is the average, MaxBitrate that of the busiest second, in bits per second.
	Bitrate, MaxBitrate int64
}

// Size is the number of bytes of the file.
func (f *File) Size() int64 { return f.size }

// Duration is the time from 0 to the end of the longest track.
func (f *File) Duration() time.Duration { return f.length }

// Tracks describes the tracks in file order.
func (f *File) Tracks() []TrackInfo { return append([]TrackInfo(nil), f.tracks...) }

// ReadAt implements io.ReaderAt.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, &rendition.Error{Kind: rendition.InvalidJob, Op: "mp4: read file", Err: errors.New("negative offset")}
	}
	n := 0
	if off < int64(len(f.head)) {
		n = copy(p, f.head[off:])
	}
	i := sort.Search(len(f.parts), func(i int) bool { return f.parts[i].at+f.parts[i].size > off+int64(n) })
	for ; n < len(p) && i < len(f.parts); i++ {
		c := f.parts[i]
		from := off + int64(n) - c.at
		want := min(int64(len(p)-n), c.size-from)
		got, err := c.spool.ReadAt(p[n:n+int(want)], c.offset+from)
		n += got
		if int64(got) < want {
			return n, fserr.Wrap("mp4: read file", "", err)
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// copyBytes is the unit in which WriteTo reads and writes.
const copyBytes = 1 << 20

// WriteTo writes the whole file in order, without seeking, and returns the
// error of w as it is. Cancel it through w.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	buf := make([]byte, min(copyBytes, f.size))
	var done int64
	for done < f.size {
		n, err := f.ReadAt(buf[:min(int64(len(buf)), f.size-done)], done)
		if err != nil {
			return done, err
		}
		n, err = w.Write(buf[:n])
		done += int64(n)
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// Close frees the samples. The File cannot be read afterwards. A second Close does nothing.
func (f *File) Close() error {
	var errs []error
	for _, s := range f.spools {
		errs = append(errs, s.close())
	}
	f.spools, f.parts, f.size = nil, nil, int64(len(f.head))
	return errors.Join(errs...)
}
