package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rendition-sdk/rendition/transcode"
)

// result is what was measured of a scenario. It is kept as JSON, so that a page
// can be made of scenarios that ran at different times.
type result struct {
	Machine string        `json:"machine"`
	Peer    string        `json:"peer"`
	Clips   []*clipResult `json:"clips"`
}

// clipResult is a scenario on one clip.
type clipResult struct {
	Clip string `json:"clip"`
	// Source and Encodes describe the clip and what was made of it, for people.
	Source  string `json:"source"`
	Encodes string `json:"encodes,omitempty"`
	// Runs has the costs of each side, run by run.
	Runs [][]usage `json:"runs"`
	// Made has what each side made, in one order for all.
	Made [][]artifact `json:"made"`
	// Differs names the first file that is not the same on all sides of a
	// scenario that asks for identical ones.
	Differs string `json:"differs,omitempty"`
}

func describe(in string, plan *transcode.Plan) *clipResult {
	v := plan.Media.VideoStream().Video
	r := &clipResult{
		Clip:   filepath.Base(in),
		Source: fmt.Sprintf("%.1f s, %dx%d at %.4g frames/s", plan.Media.Duration.Seconds(), v.Width, v.Height, v.FrameRate.Float64()),
	}
	var list []string
	for i := range plan.Video {
		v := &plan.Video[i]
		text := fmt.Sprintf("%d at most %.4g Mbit/s", min(v.Width, v.Height), float64(v.MaxBitrate)/1e6)
		if i == 0 {
			text = fmt.Sprintf("%s preset %s, CRF %d, key frame every %d frames: ", v.Codec, v.Preset, v.CRF, v.KeyFrameInterval) + text
		}
		list = append(list, text)
	}
	r.Encodes = strings.Join(list, ", ")
	return r
}

// loadResults reads what was kept; nothing where there is no file.
func loadResults(path string) (map[string]*result, error) {
	results := map[string]*result{}
	if path == "" {
		return results, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return results, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &results); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return results, nil
}

func saveResults(path string, results map[string]*result) error {
	if path == "" {
		return nil
	}
	data, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}
