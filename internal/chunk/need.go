package chunk

import (
	"context"
	"errors"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/encode"
)

// Need is how many cores the pipeline of some videos keeps busy and about how
// many bytes it takes: what Run asks the scheduler for.
func Need(m *rendition.Media, videos []*encode.Video) (float64, int64) {
	return cores(m, videos), memory(m, videos)
}

// DecodeShare is about which share of a pipeline's work decoding is.
func DecodeShare(m *rendition.Media, videos []*encode.Video) float64 {
	src := m.Streams[videos[0].Stream].Video
	decode := float64(src.Width*src.Height) * videos[0].FrameRate.Float64() * decodeCost
	total := decode
	for _, v := range videos {
		total += encodeCost(v) + float64(v.Width*v.Height)*v.FrameRate.Float64()*scaleCost
	}
	return decode / total
}

// Count is in how many chunks Run encodes spec: 1 where it does so in one pass.
func Count(ctx context.Context, spec *encode.Spec, cut *encode.CutOptions) (int, error) {
	c, err := encode.NewChunker(ctx, spec, cut)
	if not := (*encode.NotCutError)(nil); errors.As(err, &not) {
		return 1, nil
	}
	if err != nil {
		return 0, err
	}
	defer c.Close()
	return c.Chunks(), nil
}
