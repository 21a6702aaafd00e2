//go:build cgo

package delivery_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition/internal/leak"
	"github.com/rendition-sdk/rendition/internal/servers"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/all"
	"github.com/rendition-sdk/rendition/storage/ftpstore"
	"github.com/rendition-sdk/rendition/storage/s3store"
	"github.com/rendition-sdk/rendition/storage/sftpstore"
	"github.com/rendition-sdk/rendition/transcode"
)

func TestMain(m *testing.M) { leak.Main(m) }

// clip is a short film with sound.
func clip(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(clipFile(t))
	require.NoError(t, err)
	return data
}

func clipFile(t *testing.T) string {
	t.Helper()
	return testenv.Generate(t, "clip.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=24", "-f", "lavfi", "-i", "sine=duration=24",
		"-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-c:a", "aac", "-shortest")
}

// opener opens everything, and trusts the servers that this test has started.
func opener(sshd *servers.SSHD, ftp *servers.FTP) *storage.Opener {
	opts := &all.Options{S3: &s3store.Options{}}
	if sshd != nil {
		opts.SFTP = &sftpstore.Options{KnownHostsFile: sshd.KnownHostsFile, PrivateKeyFile: sshd.KeyFile}
	}
	if ftp != nil {
		opts.FTP = &ftpstore.Options{RootCAs: ftp.Roots}
	}
	return all.New(opts)
}

// put stores an object by URL.
func put(t *testing.T, o *storage.Opener, url string, data []byte) {
	t.Helper()
	bkt, key, err := o.OpenObject(t.Context(), url)
	require.NoError(t, err)
	defer bkt.Close()
	require.NoError(t, bkt.WriteAll(t.Context(), key, data, nil))
}

// tree is what lies below a URL: paths and digests.
func tree(t *testing.T, o *storage.Opener, url string) map[string]string {
	t.Helper()
	bkt, err := o.OpenBucket(t.Context(), url)
	require.NoError(t, err)
	defer bkt.Close()
	files := map[string]string{}
	for obj, err := range bkt.List(t.Context(), nil) {
		require.NoError(t, err)
		data, err := bkt.ReadAll(t.Context(), obj.Key, 0)
		require.NoError(t, err)
		sum := sha256.Sum256(data)
		files[obj.Key] = hex.EncodeToString(sum[:])
	}
	return files
}

// published is what a Result says of the same.
func published(r *transcode.Result) map[string]string {
	files := map[string]string{}
	for _, f := range r.Files {
		files[f.Path] = f.SHA256
	}
	return files
}

// job makes a job of a file, a presentation and pictures.
func job(t *testing.T, source string, to ...string) *transcode.Job {
	t.Helper()
	j, err := transcode.NewJob(source).To(to[0]).
		File(&transcode.FileOutput{Height: 180, Preset: "ultrafast"}).
		HLS(&transcode.HLSOutput{Ladder: transcode.Heights(180, 90), Preset: "ultrafast"}).
		Thumbnails(&transcode.ThumbnailsOutput{Count: 3, Width: 160, Sprite: &transcode.Sprite{}}).
		Build()
	require.NoError(t, err)
	j.Output.URL, j.Output.URLs = "", to
	return j
}

// TestThreeStoresAtOnce reads from S3 and writes to S3, SFTP and Azure at once.
func TestThreeStoresAtOnce(t *testing.T) {
	t.Parallel()
	at, sshd, blobs := s3(t), servers.StartSSHD(t, nil), azure(t)
	o := opener(sshd, nil)
	put(t, o, at("in/clip.mp4"), clip(t))
	to := []string{at("out"), "sftp://" + sshd.User + "@" + sshd.Addr + sshd.Dir + "/out", blobs("out")}

	result, err := transcode.New(&transcode.Config{Opener: o}).Run(t.Context(), job(t, at("in/clip.mp4"), to...), nil)
	require.NoError(t, err)
	want := published(result)
	require.Greater(t, len(want), 12)
	for i, url := range to {
		require.Equal(t, want, tree(t, o, url))
		require.Equal(t, transcode.DestinationSaved, result.Destinations[i].State)
	}
}

// TestSourceOverFTP reads the source over FTP with TLS.
func TestSourceOverFTP(t *testing.T) {
	t.Parallel()
	ftp := servers.StartVsftpd(t)
	o := opener(nil, ftp)
	source := "ftpes://" + ftp.User + ":" + url.QueryEscape(ftp.Password) + "@" + ftp.Addr + "/clip.mp4"
	put(t, o, source, clip(t))
	out := t.TempDir()
	result, err := transcode.New(&transcode.Config{Opener: o}).Run(t.Context(), job(t, source, out), nil)
	require.NoError(t, err)
	require.Equal(t, published(result), tree(t, o, out))
}

// TestWrongKeyIsSaidAtOnce: credentials are proven in front of the work, and named by their field.
func TestWrongKeyIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	at := s3(t)
	o := opener(nil, nil)
	bad := strings.Replace(at("out"), ":", ":wrong", 2)
	bad = strings.Replace(bad, "s3:wrong//", "s3://", 1)
	_, err := transcode.New(&transcode.Config{Opener: o}).Run(t.Context(), job(t, clipFile(t), at("good"), bad), nil)
	require.ErrorContains(t, err, "output.urls[1]")
	require.ErrorContains(t, err, "cannot write")
	require.NotContains(t, err.Error(), "wrong")
	require.Empty(t, tree(t, o, at("good")))
}
