package transcode_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/transcode"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Duration{
		"0": 0, "-0": 0, "90": 90 * time.Second, "90.5": 90500 * time.Millisecond, "1:30": 90 * time.Second, "00:00:05": 5 * time.Second,
		"01:02:03.25": time.Hour + 2*time.Minute + 3250*time.Millisecond, "100:00": 100 * time.Minute, "0.000000001": 1,
		"1.5e1": 15 * time.Second, "1000:00:00": 1000 * time.Hour, "0.10": 100 * time.Millisecond,
	} {
		got, err := transcode.ParseTime(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got.Duration(), in)
	}
	const form = ` is not a time such as 90, "1:30" or "00:01:30.500"`
	for in, want := range map[string]string{
		"": `""` + form, "abc": `"abc"` + form, "NaN": `"NaN"` + form, "Inf": `"Inf"` + form, "1:60": `"1:60"` + form,
		"1:60:00": `"1:60:00"` + form, "1:2:3:4": `"1:2:3:4"` + form, "1:": `"1:"` + form, ":30": `":30"` + form, "1:3e1": `"1:3e1"` + form,
		" 5": `" 5"` + form, "5s": `"5s"` + form, "0x5": `"0x5"` + form,
		"-5": `"-5" is negative`, "-1:30": `"-1:30" is negative`, "1000:00:01": `"1000:00:01" is more than 1000 hours`,
		"1e300": `"1e300" is more than 1000 hours`, "99999999999999999999:00": `"99999999999999999999:00" is more than 1000 hours`,
		"0.0000000001": `"0.0000000001" is finer than a nanosecond`,
	} {
		_, err := transcode.ParseTime(in)
		require.EqualError(t, err, "transcode: parse time: "+want, in)
		require.ErrorIs(t, err, rendition.InvalidJob)
	}
}

func TestTimeText(t *testing.T) {
	t.Parallel()
	for in, want := range map[transcode.Time][2]string{
		0:                        {"00:00:00", "0"},
		transcode.Seconds(1.5):   {"00:00:01.5", "1.5"},
		transcode.Seconds(3723):  {"01:02:03", "3723"},
		1:                        {"00:00:00.000000001", "0.000000001"},
		transcode.Seconds(-0.25): {"-00:00:00.25", "-0.25"},
	} {
		require.Equal(t, want[0], in.String())
		data, err := json.Marshal(in)
		require.NoError(t, err)
		require.Equal(t, want[1], string(data))
	}
}

func TestTimeUnmarshal(t *testing.T) {
	t.Parallel()
	var got struct{ A, B, C transcode.Time }
	require.NoError(t, json.Unmarshal([]byte(`{"A": 1.5, "B": "1:30", "C": null}`), &got))
	require.Equal(t, transcode.Seconds(1.5), got.A)
	require.Equal(t, transcode.Seconds(90), got.B)
	require.Zero(t, got.C)
	require.ErrorIs(t, json.Unmarshal([]byte(`{"A": true}`), &got), rendition.InvalidJob)
}

func FuzzTime(f *testing.F) {
	for _, s := range []string{"90", "1:30", "00:01:30.500", "-1", "1e9", "1:-5", "::", "999999999999999999:59:59", "NaN"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parsed, err := transcode.ParseTime(s)
		if err != nil {
			require.Equal(t, rendition.InvalidJob, rendition.KindOf(err))
			return
		}
		require.GreaterOrEqual(t, parsed, transcode.Time(0))
		require.LessOrEqual(t, parsed, transcode.MaxTime)
		again, err := transcode.ParseTime(parsed.String())
		require.NoError(t, err)
		require.Equal(t, parsed, again)
		data, err := parsed.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, again.UnmarshalJSON(data))
		require.Equal(t, parsed, again)
	})
}
