package aspera

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
	"github.com/rendition-sdk/rendition/storage/internal/feed"
)

// upload is an object that one session sends.
type upload struct {
	server *server
	key    string
	feed   *feed.Feed
	whole  *driver.Part // the object, when it has one part
}

func (s *server) NewUpload(_ context.Context, key string, _ *driver.UploadOptions) (driver.Upload, error) {
	if err := s.checkName(key); err != nil {
		return nil, err
	}
	if s.opts.MakeFolders && !plainName(path.Base(key)) {
		err := errors.New("the name has characters other than letters, digits, dot, dash and underscore, which MakeFolders needs")
		return nil, &driver.Error{Kind: rendition.InvalidJob, Err: err, Hint: "choose another name, or make the folders on the server"}
	}
	u := &upload{server: s, key: key}
	u.feed = feed.New(func(ctx context.Context, body io.Reader) error { return u.send(ctx, -1, body) })
	return u, nil
}

// plainLetters mean themselves in a name of a host and in a URL.
const plainLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

func plainName(name string) bool {
	return strings.Trim(name, plainLetters) == ""
}

func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	if part.Index == 0 && part.Last {
		u.whole = part
		return nil
	}
	return u.feed.Write(ctx, part)
}

func (u *upload) Commit(ctx context.Context) (*driver.Info, error) {
	if u.whole == nil {
		if err := u.feed.Finish(ctx); err != nil {
			return nil, err
		}
		return &driver.Info{Key: u.key, Size: -1}, nil
	}
	err := u.sendWhole(ctx)
	return &driver.Info{Key: u.key, Size: -1}, err
}

func (u *upload) sendWhole(ctx context.Context) error {
	if u.whole.Size == 0 {
		return u.sendEmpty(ctx)
	}
	if _, err := u.whole.Body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return u.send(ctx, u.whole.Size, u.whole.Body)
}

// ends are the source and destination of a session that reads stdin. size -1 is until stdin ends.
func (u *upload) ends(size int64) []string {
	source, to := "stdio:///", u.server.path(u.key)
	if u.server.opts.MakeFolders {
		source, to = source+path.Base(to), path.Dir(to)
	}
	if size >= 0 {
		source += fmt.Sprintf("?%d", size)
	}
	if u.server.opts.MakeFolders {
		return []string{"-d", source, to}
	}
	return []string{source, to}
}

// send runs one session. When body fails or ctx ends the program is killed before it can see the end of its input.
func (u *upload) send(ctx context.Context, size int64, body io.Reader) error {
	own, kill := context.WithCancel(ctx)
	defer kill()
	cmd, said, err := u.server.command(own, "send", u.ends(size)...)
	if err != nil {
		return err
	}
	cmd.Stdout = said
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if _, err := io.Copy(stdin, body); err != nil {
		kill() // in front of Wait, which closes stdin
		waitErr := cmd.Wait()
		if isPipe(err) { // the program has ended by itself: its own words matter
			err = errors.Join(errEarly, waitErr)
		}
		return failure(ctx, err, said)
	}
	closeErr := stdin.Close()
	if err := errors.Join(cmd.Wait(), ctx.Err(), ignorePipe(closeErr)); err != nil {
		return failure(ctx, err, said)
	}
	u.server.forgetEnd(u.key)
	return nil
}

var errEarly = errors.New("it ended in front of the object's end")

// sendEmpty sends an empty file, which ascp cannot take from a pipe.
func (u *upload) sendEmpty(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "rendition-aspera-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // an empty file is not worth an error
	name, to, option := "empty", u.server.path(u.key), []string(nil)
	if u.server.opts.MakeFolders {
		name, to, option = path.Base(to), path.Dir(to), []string{"-d"}
	}
	source := dir + string(os.PathSeparator) + name
	if err := os.WriteFile(source, nil, 0o600); err != nil {
		return err
	}
	cmd, said, err := u.server.command(ctx, "send", append(option, source, to)...)
	if err != nil {
		return err
	}
	cmd.Stdout = said
	if err := cmd.Run(); err != nil {
		return failure(ctx, err, said)
	}
	u.server.forgetEnd(u.key)
	return nil
}

// Abort kills the program. What the server keeps of a broken upload cannot be removed with ascp.
func (u *upload) Abort(context.Context) error {
	u.feed.Stop()
	return nil
}

// isPipe says whether a write failed because nobody reads.
func isPipe(err error) bool { return errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed) }

func ignorePipe(err error) error {
	if isPipe(err) {
		return nil
	}
	return err
}
