package sftpstore

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/pkg/sftp"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// fxFailure is SSH_FX_FAILURE (draft-ietf-secsh-filexfer-02 section 7), with which servers tell
// everything that the protocol has no code for: a full disk, a folder in the way.
const fxFailure = 4

// kinds are what the codes of SSH_FXP_STATUS mean. The library turns 1, 2 and 3 into
// io.EOF, fs.ErrNotExist and fs.ErrPermission; from 9 on they are those of later versions
// of the protocol, which some servers send all the same.
var kinds = map[uint32]rendition.Kind{
	fxFailure: rendition.Unavailable,
	5:         rendition.InvalidJob,  // bad message: OpenSSH's word for a name that is too long
	8:         rendition.Unsupported, // operation
	9:         rendition.InvalidJob,  // handle
	10:        rendition.NotFound,    // path
	11:        rendition.Exists,
	12:        rendition.Permission, // write protected
	13:        rendition.Unavailable,
	14:        rendition.Quota, // no space
	15:        rendition.Quota,
	17:        rendition.Unavailable, // locked
	18:        rendition.Exists,      // folder not empty
	19:        rendition.Exists,      // not a folder
	20:        rendition.InvalidJob,  // file name
	24:        rendition.Exists,      // a folder
}

// Classify gives the kind of an error.
func (*store) Classify(err error) rendition.Kind {
	var said *driver.Error
	if errors.As(err, &said) {
		return said.Kind
	}
	var status *sftp.StatusError
	if errors.As(err, &status) {
		if k := kinds[status.Code]; k != 0 {
			return k
		}
		return rendition.Unavailable
	}
	return driver.DefaultKind(err)
}

// explain ends a connection on which something other than an answer came.
func (c *conn) explain(err error) error {
	var said *driver.Error
	var status *sftp.StatusError
	switch {
	case err == nil, errors.As(err, &said), errors.As(err, &status),
		errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission), errors.Is(err, driver.ErrChanged):
		return bare(err)
	}
	c.kill()
	return &driver.Error{Kind: rendition.Unavailable, Err: fmt.Errorf("the connection to the server broke: %w", err)}
}

// bare drops the path from an error: the Bucket names the key.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

func failed(err error) bool {
	var status *sftp.StatusError
	return errors.As(err, &status) && status.Code == fxFailure
}

func exists(text string) error {
	return &driver.Error{Kind: rendition.Exists, Err: errors.New(text), Hint: "choose another key"}
}

// full finds out whether a write of n bytes failed because the disk is full, which a failure does not say.
func (c *conn) full(err error, file string, n int64) error {
	if !failed(err) {
		return err
	}
	hint := "a full disk or a quota of the user looks like this; the server's log knows"
	if c.has("statvfs@openssh.com") {
		vfs, serr := c.sftp.StatVFS(path.Dir(file))
		if serr == nil && (vfs.Bavail*vfs.Frsize < uint64(max(n, 1)) || (vfs.Files > 0 && vfs.Favail == 0)) { //nolint:gosec // it is positive
			return &driver.Error{Kind: rendition.Quota, Err: fmt.Errorf("the server's disk is full (%w)", err), Hint: "make room on the server"}
		}
	}
	return &driver.Error{Kind: rendition.Unavailable, Err: err, Hint: hint}
}
