//go:build cgo

package probe_test

import (
	"fmt"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/probe"
	"io/fs"
	"path/filepath"
	"testing"
)

func TestZZ(t *testing.T) {
	root := testenv.Media(t)
	filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if d.IsDir() {
			return nil
		}
		m, err := probe.Probe(t.Context(), file(p))
		rel, _ := filepath.Rel(root, p)
		if err != nil {
			fmt.Println(rel, "ERR", err)
			return nil
		}
		fmt.Printf("%s dur=%.3f m=%v start=%.3f br=%d seek=%v W=%q\n", rel, m.DurationSeconds, m.DurationMeasured, m.StartSeconds, m.Bitrate, m.Seekable, m.Warnings)
		for _, s := range m.Streams {
			fmt.Printf("   %d %s %s %q %s br=%d dur=%.3f", s.Index, s.Type, s.Codec, s.CodecString, s.CodecTag, s.Bitrate, s.DurationSeconds)
			if s.Video != nil {
				v := s.Video
				fmt.Printf(" %dx%d fr=%v r=%v vfr=%v fo=%s rot=%d mir=%v hdr=%s md=%v cl=%v cc=%v bd=%d a=%v", v.Width, v.Height, v.FrameRate, v.BaseFrameRate, v.VariableFrameRate, v.FieldOrder, v.Rotation, v.Mirrored, v.HDR, v.MasteringDisplay, v.ContentLight, v.ClosedCaptions, v.BitDepth, v.HasAlpha)
			}
			if s.Audio != nil {
				fmt.Printf(" %+v", *s.Audio)
			}
			fmt.Println()
		}
		return nil
	})
}
