package storage

import (
	"bytes"
	"context"
	"fmt"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

const firstBuffer = 64 << 10

// room makes the part being filled have room for up to n more bytes. A full
// part is sent only now that more bytes come: the last part is known as such.
func (w *Writer) room(n int) error {
	if err := w.failed(); err != nil {
		return err
	}
	if int64(len(w.buf)) == w.opts.PartSize {
		if err := w.send(false); err != nil {
			return err
		}
	}
	if len(w.buf) < cap(w.buf) {
		return nil
	}
	if w.buf == nil {
		select {
		case w.buf = <-w.spare:
		default:
		}
		if cap(w.buf) > 0 {
			return nil
		}
	}
	size := min(int64(max(firstBuffer, 2*cap(w.buf), len(w.buf)+n)), w.opts.PartSize)
	w.buf = append(make([]byte, 0, size), w.buf...)
	return nil
}

// accept takes the n bytes that lie behind the end of buf.
func (w *Writer) accept(n int) {
	old := len(w.buf)
	w.buf = w.buf[:old+n]
	_, _ = w.sum.Write(w.buf[old:]) // a hash never fails
	w.size += int64(n)
}

// send gives the part being filled to a goroutine that stores it.
func (w *Writer) send(last bool) error {
	if err := w.withinLimits(); err != nil {
		w.fail(err)
		return w.failed()
	}
	select {
	case w.flying <- struct{}{}:
	case <-w.work.Done():
		return w.failed()
	}
	buf := w.buf
	part := &driver.Part{Index: w.index, Offset: w.size - int64(len(buf)), Size: int64(len(buf)), Last: last}
	w.buf = nil
	w.index++
	w.parts.Go(func() {
		tries, err := w.store(part, buf)
		if err != nil {
			w.fail(err)
		}
		if tries > 1 || err != nil {
			buf = nil // whoever read it for a try that failed may do so still
		}
		w.spare <- buf[:0] // never blocks: it has room for every buffer there is
		<-w.flying
	})
	return nil
}

// store writes a part and returns how often it was tried. Each try has a reader of its own:
// net/http may read a request's body after the request has failed.
func (w *Writer) store(part *driver.Part, buf []byte) (tries int, err error) {
	if err := w.core.rate.wait(w.work, part.Size); err != nil {
		return 0, err
	}
	err = w.core.try(w.work, w.patience, "write", w.full, func(ctx context.Context) error {
		tries++
		again := *part
		again.Body = bytes.NewReader(buf)
		return w.upload.WritePart(ctx, &again)
	})
	return tries, err
}

func (w *Writer) withinLimits() error {
	caps := w.core.caps
	if caps.MaxObjectSize > 0 && w.size > caps.MaxObjectSize {
		err := fmt.Errorf("the object has more than the %d bytes that this store allows", caps.MaxObjectSize)
		return &driver.Error{Kind: rendition.Quota, Err: err}
	}
	if caps.MaxParts > 0 && w.index >= caps.MaxParts {
		err := fmt.Errorf("the object has more than the %d parts that this store allows", caps.MaxParts)
		if caps.MaxParts == 1 {
			err = fmt.Errorf("this store takes an object in one part, and this one has more than %d bytes", w.opts.PartSize)
		}
		return &driver.Error{Kind: rendition.Quota, Err: err, Hint: "set a larger PartSize"}
	}
	return nil
}
