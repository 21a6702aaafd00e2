package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/ladder"
)

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), strings.Fields("-width 1080 -height 1920 -fps 29.97 -bitrate 2.5M -max-rungs 2"), &out))
	require.Equal(t, ""+
		"       size  kb/s   peak  buffer  codec  profile     fps\n"+
		"    234x416   145  217.5     435   h264     high  source\n"+
		"  1080x1920  2500   3750    7500   h264     high  source\n", out.String())
}

func TestRunJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), strings.Fields("-json -codec vp9 -max-height 720"), &out))
	var l ladder.Ladder
	require.NoError(t, json.Unmarshal(out.Bytes(), &l))
	require.NoError(t, ladder.Validate(l))
	require.Equal(t, 1280, l[len(l)-1].Width)
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-bitrate fast":        `bitrate: got "fast"`,
		"-bitrate NaN":         `bitrate: got "NaN"`,
		"-bitrate -5k":         `bitrate: got "-5k"`,
		"-codec flac":          "allowed: h264, h265, vp8, vp9, av1",
		"-width 0":             "has no size",
		"-fps quick":           "not a number",
		"-no-such-flag at-all": "flag provided but not defined",
	} {
		err := run(t.Context(), strings.Fields(args), &bytes.Buffer{})
		require.ErrorContains(t, err, want, args)
	}
	require.ErrorIs(t, run(t.Context(), []string{"-h"}, &bytes.Buffer{}), flag.ErrHelp)
}

func TestRunCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	require.ErrorContains(t, run(ctx, nil, &bytes.Buffer{}), "enough")
}
