package transcode_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

func TestParseBitrate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]transcode.Bitrate{
		"0": 0, "800k": 800_000, "800K": 800_000, "5M": 5_000_000, "2.5M": 2_500_000, "0.0025G": 2_500_000,
		"1001": 1001, "1.5k": 1500, "1e6": 1_000_000, "2.500M": 2_500_000, "10G": 10_000_000_000,
	} {
		got, err := transcode.ParseBitrate(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
	for in, want := range map[string]string{
		"":                     `"" is not a bit rate such as 2500000, 800k or 2.5M`,
		"k":                    `"k" is not a bit rate such as 2500000, 800k or 2.5M`,
		"5m":                   `"5m" is not a bit rate such as 2500000, 800k or 2.5M`,
		"5 M":                  `"5 M" is not a bit rate such as 2500000, 800k or 2.5M`,
		"0x10":                 `"0x10" is not a bit rate such as 2500000, 800k or 2.5M`,
		"-5k":                  `"-5k" is negative`,
		"1.5":                  `"1.5" is not a whole number of bits per second`,
		"11G":                  `"11G" is more than 10G`,
		"99999999999999999999": `"99999999999999999999" is more than 10G`,
		"1e999999999":          `"1e999999999" is more than 10G`,
	} {
		_, err := transcode.ParseBitrate(in)
		require.EqualError(t, err, "transcode: parse bit rate: "+want, in)
		require.ErrorIs(t, err, rendition.InvalidJob)
	}
}

func TestBitrateString(t *testing.T) {
	t.Parallel()
	for in, want := range map[transcode.Bitrate]string{
		0: "0", 999: "999", 1000: "1k", 1001: "1001", 800_000: "800k", 5_000_000: "5M", 2_500_000: "2.5M", 1_234_000: "1.234M",
		1_234_500: "1234500", 10_000_000: "10M",
	} {
		require.Equal(t, want, in.String())
		got, err := transcode.ParseBitrate(want)
		require.NoError(t, err)
		require.Equal(t, in, got)
	}
	data, err := json.Marshal(transcode.Bitrate(2_500_000))
	require.NoError(t, err)
	require.Equal(t, "2500000", string(data))
}

func FuzzBitrate(f *testing.F) {
	for _, s := range []string{"800k", "2.5M", "-1", "1e9", "0.001G", "", "9999999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := transcode.ParseBitrate(s)
		if err != nil {
			require.Equal(t, rendition.InvalidJob, rendition.KindOf(err))
			return
		}
		require.GreaterOrEqual(t, b, transcode.Bitrate(0))
		again, err := transcode.ParseBitrate(b.String())
		require.NoError(t, err)
		require.Equal(t, b, again)
	})
}
