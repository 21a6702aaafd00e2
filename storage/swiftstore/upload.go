package swiftstore

import (
	"context"
	"crypto/md5" //nolint:gosec // Swift's checksum is MD5
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// upload is one object being written.
type upload struct {
	d         *store
	key       string
	folder    string // of the segments
	header    map[string]string
	expires   string // X-Delete-At
	whole     *driver.Part
	old       *[]segment // of the object that Commit replaces; nil until it was looked at
	committed bool       // the manifest has been sent: it may be there

	mu       sync.Mutex
	tried    int             // one more than the highest index of a segment that was sent
	segments map[int]segment // those that are there
}

func (d *store) NewUpload(ctx context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err := d.checkKey(key); err != nil {
		return nil, err
	}
	if err := checkMetadata(opts.Metadata); err != nil {
		return nil, err
	}
	return d.newUpload(key, d.objectHeader(opts)), nil
}

func (d *store) newUpload(key string, header map[string]string) *upload {
	u := &upload{d: d, key: key, folder: d.segmentFolder(key), header: header, segments: map[int]segment{}}
	if u.expires = d.deleteAt(time.Now()); u.expires != "" {
		u.header["X-Delete-At"] = u.expires
	}
	return u
}

// WritePart sends a segment; the whole object waits for Commit.
func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	if part.Index == 0 && part.Last {
		u.whole = part
		return nil
	}
	if err := u.d.makePlace(ctx); err != nil {
		return err
	}
	s := u.segment(part.Index, part.Size)
	// The MD5 is taken as the bytes go, and compared with what Swift has got. Swift orders requests by the time at
	// which it began with them: one that it has begun with cannot outlive the DELETE of an Abort that comes later.
	r := &request{
		method: http.MethodPut, container: s.container, key: s.name, header: u.segmentHeader(),
		body: part.Body, size: part.Size, sum: md5.New(), ask: true, //nolint:gosec // as above
	}
	h, err := u.d.call(ctx, r)
	if err != nil {
		return err
	}
	s.etag = hex.EncodeToString(r.sum.Sum(nil))
	if got := etag(h.Get("Etag")); got != "" && got != s.etag {
		return errOtherBytes()
	}
	u.have(part.Index, s)
	return nil
}

// segment names a segment and remembers that it may be there from now on.
func (u *upload) segment(index int, size int64) segment {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.tried = max(u.tried, index+1)
	return segment{container: u.d.opts.SegmentContainer, name: segmentName(u.folder, index), size: size}
}

func (u *upload) have(index int, s segment) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.segments[index] = s
}

func (u *upload) segmentHeader() map[string]string {
	h := map[string]string{"Content-Type": "application/octet-stream"}
	if u.expires != "" {
		h["X-Delete-At"] = u.expires
	}
	return h
}

// Commit writes the object, or the manifest, and removes the segments of the object
// that was there. A failure of that last step is no error: the new object is complete.
func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if err := u.look(ctx); err != nil {
		return nil, err
	}
	info, err := u.put(ctx)
	if err != nil {
		return nil, err
	}
	u.d.markSeen()
	_ = u.d.remove(ctx, *u.old)
	return info, nil
}

// look finds, once, the segments of the object that is replaced. Who may write and
// not read replaces it all the same.
func (u *upload) look(ctx context.Context) error {
	if u.old != nil {
		return nil
	}
	old := []segment{}
	_, h, err := u.d.head(ctx, u.key)
	if err == nil {
		old, err = u.d.replaced(ctx, u.key, largeOf(h))
	}
	if err != nil && !isMissing(err) && classify(err) != rendition.Permission {
		return err
	}
	u.old = &old
	return nil
}

// replaced are the segments that go when a large object is replaced.
func (d *store) replaced(ctx context.Context, key string, l large) ([]segment, error) {
	if l.dynamic != nil && !l.static && !ownFolder(l.dynamic.prefix) {
		return nil, nil // its prefix may be that of other objects too
	}
	segments, _, err := d.segmentsOf(ctx, key, l)
	if err != nil && classify(err) != rendition.Unavailable {
		return nil, nil //nolint:nilerr // replaced or broken since: there is nothing that would be known to go
	}
	return d.ours(segments), err
}

func (u *upload) put(ctx context.Context) (*driver.Info, error) {
	if u.whole != nil {
		return u.putWhole(ctx)
	}
	segments, err := u.inOrder()
	if err != nil {
		return nil, err
	}
	u.committed = true
	if u.d.cluster.static {
		return u.d.putStatic(ctx, u.key, u.header, segments)
	}
	return u.d.putDynamic(ctx, u.key, u.folder, u.header, segments)
}

// putWhole sends the object in one request. Its MD5 goes in front, so that Swift
// refuses other bytes before anybody sees them.
func (u *upload) putWhole(ctx context.Context) (*driver.Info, error) {
	part := u.whole
	sum := md5.New() //nolint:gosec // as above
	if _, err := part.Body.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if _, err := io.Copy(sum, part.Body); err != nil {
		return nil, err
	}
	want := hex.EncodeToString(sum.Sum(nil))
	header := maps.Clone(u.header)
	header["ETag"] = want
	h, err := u.d.call(ctx, &request{
		method: http.MethodPut, container: u.d.container, key: u.key, header: header, body: part.Body, size: part.Size,
	})
	if err != nil {
		return nil, err
	}
	info := describe(h, u.key, part.Size)
	info.ContentType = u.header["Content-Type"]
	if info.ETag != "" && info.ETag != want {
		err := errOtherBytes()
		return nil, errors.Join(err, u.d.Delete(ctx, u.key))
	}
	return &info, nil
}

func (u *upload) inOrder() ([]segment, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	segments := make([]segment, u.tried)
	for i := range segments {
		s, ok := u.segments[i]
		if !ok {
			return nil, fmt.Errorf("part %d was never stored", i)
		}
		segments[i] = s
	}
	return segments, nil
}

// Abort removes the segments that may be there, and the manifest when a Commit that
// seemed to fail has written it.
func (u *upload) Abort(ctx context.Context) error {
	var failed error
	if u.committed {
		failed = u.takeBack(ctx)
	}
	segments := make([]segment, u.tried)
	for i := range segments {
		segments[i] = segment{container: u.d.opts.SegmentContainer, name: segmentName(u.folder, i)}
	}
	return errors.Join(failed, u.d.remove(ctx, segments))
}

// takeBack deletes the manifest if it is that of this upload.
func (u *upload) takeBack(ctx context.Context) error {
	_, h, err := u.d.head(ctx, u.key)
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	l := largeOf(h)
	own := l.dynamic != nil && l.dynamic.prefix == u.folder
	if l.static {
		segments, _, err := u.d.manifest(ctx, u.key)
		if isMissing(err) || errors.Is(err, driver.ErrChanged) {
			return nil // another object by now
		}
		if err != nil {
			return err
		}
		own = len(segments) > 0 && segments[0].name == segmentName(u.folder, 0)
	}
	if !own {
		return nil
	}
	return u.d.deletePlain(ctx, u.key)
}

func (d *store) markSeen() {
	d.mu.Lock()
	d.seen = true
	d.mu.Unlock()
}
