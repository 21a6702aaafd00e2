package azurestore_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blockblob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/internal/testenv"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
	"github.com/rendition-sdk/rendition/storage/driver"
)

func random(n int) []byte {
	data := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(data)
	return data
}

func anonymous(t *testing.T, a *account) {
	name := a.container(t)
	b := a.open(t, name, azurestore.Options{Anonymous: true})
	require.NoError(t, a.open(t, name, azurestore.Options{}).WriteAll(t.Context(), "a", []byte("x"), nil))
	_, err := b.ReadAll(t.Context(), "a", 0)
	require.Error(t, err, "the container is private")
	_, err = a.admin(t, name).SetAccessPolicy(t.Context(), &container.SetAccessPolicyOptions{Access: access(container.PublicAccessTypeBlob)})
	require.NoError(t, err)
	got, err := b.ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
	require.ErrorIs(t, b.WriteAll(t.Context(), "b", nil, nil), rendition.Permission)
}

func access(v container.PublicAccessType) *container.PublicAccessType { return &v }

// abortedBlocks looks at what an aborted upload leaves: a byte in place of each block, and
// the object that was there.
func abortedBlocks(t *testing.T, a *account) {
	name := a.container(t)
	b := a.open(t, name, azurestore.Options{})
	require.NoError(t, b.WriteAll(t.Context(), "old", []byte("old"), nil))
	for _, key := range []string{"new", "old"} {
		w, err := b.NewWriter(t.Context(), key, &storage.WriterOptions{PartSize: 100_000})
		require.NoError(t, err)
		_, err = w.Write(random(950_000))
		require.NoError(t, err)
		require.NoError(t, w.Abort())
		list, err := a.admin(t, name).NewBlockBlobClient(key).GetBlockList(t.Context(), blockblob.BlockListTypeUncommitted, nil)
		require.NoError(t, err)
		require.NotEmpty(t, list.UncommittedBlocks)
		for _, block := range list.UncommittedBlocks {
			require.Equal(t, int64(1), *block.Size)
		}
	}
	_, err := b.Stat(t.Context(), "new")
	require.ErrorIs(t, err, rendition.NotFound)
	got, err := b.ReadAll(t.Context(), "old", 0)
	require.NoError(t, err)
	require.Equal(t, "old", string(got))
	require.NoError(t, b.WriteAll(t.Context(), "new", random(350_000), &storage.WriterOptions{PartSize: 100_000}), "a later upload is not in its way")
	got, err = b.ReadAll(t.Context(), "new", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(random(350_000), got))
}

// racingWriters has two uploads of one key whose blocks are staged at the same time.
func racingWriters(t *testing.T, a *account) {
	b := a.open(t, a.container(t), azurestore.Options{})
	var writers []*storage.Writer
	for i := range 2 {
		w, err := b.NewWriter(t.Context(), "a", &storage.WriterOptions{PartSize: 1000})
		require.NoError(t, err)
		_, err = w.Write(bytes.Repeat([]byte{byte('0' + i)}, 4500))
		require.NoError(t, err)
		writers = append(writers, w)
	}
	first, second := writers[0].Close(), writers[1].Close()
	got, err := b.ReadAll(t.Context(), "a", 0)
	require.NoError(t, err)
	require.Len(t, got, 4500)
	for _, c := range got {
		require.Equal(t, got[0], c, "the bytes of one writer and not a mixture")
	}
	require.NoError(t, first)
	if second != nil { // the service drops blocks that the first commit did not name
		require.ErrorIs(t, second, rendition.Unavailable)
		require.ErrorContains(t, second, "write it again")
		require.Equal(t, byte('0'), got[0])
	}
}

// flip changes the first byte of what is sent after its checksum was made.
type flip struct{ http.RoundTripper }

func (f flip) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodPut && req.URL.Query().Get("comp") != "blocklist" && req.ContentLength > 0 {
		data, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		data[0] ^= 1
		req.Body = io.NopCloser(bytes.NewReader(data))
	}
	return f.RoundTripper.RoundTrip(req)
}

func corruption(t *testing.T, a *account) {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	b := a.open(t, a.container(t), azurestore.Options{Client: &http.Client{Transport: flip{transport}}})
	for _, part := range []int64{0, 10_000} {
		// Azurite's error code for it is not Azure's: the kind is tested in refused_test.go.
		require.ErrorContains(t, b.WriteAll(t.Context(), "a", random(50_000), &storage.WriterOptions{PartSize: part}), "400")
		_, err := b.Stat(t.Context(), "a")
		require.ErrorIs(t, err, rendition.NotFound)
	}
}

func changeUnderneath(t *testing.T, a *account) {
	b := a.open(t, a.container(t), azurestore.Options{})
	require.NoError(t, b.WriteAll(t.Context(), "a", random(500_000), nil))
	r, err := b.Open(t.Context(), "a", nil)
	require.NoError(t, err)
	defer r.Close()
	_, err = io.ReadFull(r, make([]byte, 10))
	require.NoError(t, err)
	require.NoError(t, b.WriteAll(t.Context(), "a", random(500_000), nil))
	_, err = io.ReadAll(r)
	require.ErrorIs(t, err, rendition.Integrity, "the same bytes in another version are a change too")
}

func metadata(t *testing.T, a *account) {
	b := a.open(t, a.container(t), azurestore.Options{})
	for name, m := range map[string]map[string]string{
		"hyphen": {"a-b": "x"}, "digit": {"1a": "x"}, "no name": {"": "x"}, "umlaut": {"ä": "x"}, "empty": {"a": ""},
		"line": {"a": "x\r\nx-ms-meta-b: y"}, "space": {"a": " x"}, "text": {"a": "ü"}, "twice": {"a": "x", "A": "y"},
		"large": {"a": strings.Repeat("x", 9000)},
	} {
		err := b.WriteAll(t.Context(), "a", nil, &storage.WriterOptions{Metadata: m})
		require.ErrorIs(t, err, rendition.InvalidJob, name)
	}
	m := map[string]string{"_a1": "~ !\"#", "b": "=,;: x"}
	require.NoError(t, b.WriteAll(t.Context(), "a", nil, &storage.WriterOptions{Metadata: m}))
	require.NoError(t, b.Copy(t.Context(), "b", "a"))
	o, err := b.Stat(t.Context(), "b")
	require.NoError(t, err)
	require.Equal(t, m, o.Metadata)
}

func snapshots(t *testing.T, a *account) {
	name := a.container(t)
	b := a.open(t, name, azurestore.Options{})
	require.NoError(t, b.WriteAll(t.Context(), "a", []byte("x"), nil))
	_, err := a.admin(t, name).NewBlobClient("a").CreateSnapshot(t.Context(), nil)
	require.NoError(t, err)
	err = b.Delete(t.Context(), "a")
	require.ErrorIs(t, err, rendition.Exists)
	require.ErrorContains(t, err, "snapshots")
}

// folders has what accounts with a hierarchical namespace keep for a folder.
func folders(t *testing.T, a *account) {
	name := a.container(t)
	b := a.open(t, name, azurestore.Options{})
	yes := "true"
	_, err := a.admin(t, name).NewBlockBlobClient("dir").Upload(t.Context(), streaming.NopCloser(bytes.NewReader(nil)),
		&blockblob.UploadOptions{Metadata: map[string]*string{"hdi_isfolder": &yes}})
	require.NoError(t, err)
	require.NoError(t, b.WriteAll(t.Context(), "dir/a", []byte("x"), nil))
	_, err = b.Stat(t.Context(), "dir")
	require.ErrorIs(t, err, rendition.NotFound)
	for _, delimiter := range []string{"", "/"} {
		for o, err := range b.List(t.Context(), &storage.ListOptions{Delimiter: delimiter}) {
			require.NoError(t, err)
			require.NotEqual(t, "dir", o.Key)
		}
	}
}

// foreignBlocks has blocks of another program with names of another length.
func foreignBlocks(t *testing.T, a *account) {
	name := a.container(t)
	b := a.open(t, name, azurestore.Options{})
	id := base64.StdEncoding.EncodeToString([]byte("short"))
	_, err := a.admin(t, name).NewBlockBlobClient("a").StageBlock(t.Context(), id, streaming.NopCloser(bytes.NewReader([]byte("x"))), nil)
	require.NoError(t, err)
	err = b.WriteAll(t.Context(), "a", random(50_000), &storage.WriterOptions{PartSize: 10_000})
	if err != nil { // Azure refuses them, Azurite need not
		require.ErrorIs(t, err, rendition.Exists)
	}
	require.NoError(t, b.WriteAll(t.Context(), "a", random(50_000), nil))
}

// largeCopy copies block by block, as objects above 256 MiB are.
func largeCopy(t *testing.T, a *account) {
	name := a.container(t)
	for kind, o := range map[string]azurestore.Options{"key": {Tier: "Cool"}, "sas": {SAS: a.sas(t, name, everything(), time.Hour)}} {
		b := a.open(t, name, o).Wrap(func(d driver.Driver) driver.Driver {
			azurestore.CopyInBlocks(d, 100_000, 64_000)
			return d
		})
		data := random(300_001)
		src, dst := kind+"/sp ace+ü%41?.mp4", kind+"/copy.mp4"
		opts := &storage.WriterOptions{ContentType: "video/x-test", CacheControl: "max-age=7", Metadata: map[string]string{"job": "42"}}
		require.NoError(t, b.WriteAll(t.Context(), src, data, opts))
		require.NoError(t, b.Copy(t.Context(), dst, src))
		got, err := b.ReadAll(t.Context(), dst, 0)
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, got))
		list, err := a.admin(t, name).NewBlockBlobClient(dst).GetBlockList(t.Context(), blockblob.BlockListTypeCommitted, nil)
		require.NoError(t, err)
		require.Len(t, list.CommittedBlocks, 5)
		from, err := b.Stat(t.Context(), src)
		require.NoError(t, err)
		to, err := b.Stat(t.Context(), dst)
		require.NoError(t, err)
		require.Equal(t, from.ContentType, to.ContentType)
		require.Equal(t, from.CacheControl, to.CacheControl)
		require.Equal(t, from.Metadata, to.Metadata)
	}
}

// rclone runs Debian's rclone with the remote az: on the account.
func rclone(t testing.TB, a *account, args ...string) {
	t.Helper()
	conf := filepath.Join(t.TempDir(), "rclone.conf")
	text := fmt.Sprintf("[az]\ntype = azureblob\nuse_emulator = true\naccount = %s\nkey = %s\nendpoint = %s\n", a.Account, a.Key, a.Endpoint)
	require.NoError(t, os.WriteFile(conf, []byte(text), 0o600))
	args = append([]string{"--config", conf, "--retries", "1"}, args...)
	out, err := exec.CommandContext(t.Context(), testenv.Program(t, "rclone"), args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// withRclone reads with another program what the driver wrote, and the other way round.
func withRclone(t *testing.T, a *account) {
	name, dir := a.container(t), t.TempDir()
	b := a.open(t, name, azurestore.Options{})
	data := random(3_000_000)
	for key, part := range map[string]int64{"dir/whole ü+%.bin": 0, "dir/blocks ü+%.bin": 500_000} {
		require.NoError(t, b.WriteAll(t.Context(), key, data, &storage.WriterOptions{PartSize: part}))
		rclone(t, a, "copy", "az:"+name+"/dir", dir)
		got, err := os.ReadFile(filepath.Join(dir, filepath.Base(key)))
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, got), key)
	}
	rclone(t, a, "copy", dir, "az:"+name+"/back")
	got, err := b.ReadAll(t.Context(), "back/whole ü+%.bin", 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
}
