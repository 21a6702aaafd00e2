package transcode

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

// engineVersion is part of what names media segments. It changes when the same
// plan would give other bytes.
const engineVersion = 1

// sourceIdentity is a text that differs between two sources, or two versions
// of one, as far as their storage can tell.
func (r *jobRun) sourceIdentity(ctx context.Context) (string, error) {
	reader, err := r.source.Open(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = reader.Close() }() // nothing was written
	return identityOf(r.source, reader), nil
}

func identityOf(s rendition.Source, reader rendition.SourceReader) string {
	id := fmt.Sprintf("%s %d", s.Name(), reader.Size())
	if o, ok := reader.(interface{ Object() *storage.Object }); ok {
		obj := o.Object()
		id += fmt.Sprintf(" %s %d", obj.ETag, obj.ModTime.UnixNano())
	}
	return id
}

// pinnedSource is a source that must stay what it was: chunks are read through
// openings of their own, and must not be those of two versions.
type pinnedSource struct {
	rendition.Source
	identity string
}

// Open implements rendition.Source. Kind Integrity: the source is another one now.
func (s *pinnedSource) Open(ctx context.Context) (rendition.SourceReader, error) {
	reader, err := s.Source.Open(ctx)
	if err != nil {
		return nil, err
	}
	if identityOf(s.Source, reader) == s.identity {
		return reader, nil
	}
	return nil, errors.Join(&rendition.Error{
		Kind: rendition.Integrity, Op: "transcode: open", Key: s.Name(), Fault: rendition.FaultInput,
		Err: errors.New("the source changed while it was read"), Hint: "run the job again when it does not change any more",
	}, reader.Close())
}

// contentKey is a short name for what comes of a source and settings. Segments
// carry it, so that a run with another source or other settings writes beside
// the segments that an earlier, still published playlist names, and the same
// run again writes the same bytes under the same names.
func contentKey(identity string, media *rendition.Media, settings ...any) string {
	data, _ := json.Marshal([]any{engineVersion, identity, media.Size, settings}) // plain data always marshals
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:4])
}
