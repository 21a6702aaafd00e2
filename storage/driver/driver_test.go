package driver_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

func TestDefaultKind(t *testing.T) {
	t.Parallel()
	path := func(err error) error { return &fs.PathError{Op: "write", Path: "a", Err: err} }
	for _, c := range []struct {
		err  error
		want rendition.Kind
	}{
		{path(syscall.ENOSPC), rendition.Quota},
		{path(syscall.EDQUOT), rendition.Quota},
		{path(syscall.EFBIG), rendition.Quota},
		{path(syscall.EROFS), rendition.Permission},
		{path(syscall.EACCES), rendition.Permission},
		{path(syscall.ENOENT), rendition.NotFound},
		{path(syscall.EISDIR), rendition.Exists},
		{path(syscall.ENAMETOOLONG), rendition.InvalidJob},
		{os.ErrNotExist, rendition.NotFound},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, rendition.Unavailable},
		{&net.OpError{Op: "read", Err: errors.New("odd")}, rendition.Unavailable},
		{&net.DNSError{Err: "no such host", IsNotFound: true}, rendition.NotFound},
		{&net.DNSError{Err: "server misbehaving", IsTemporary: true}, rendition.Unavailable},
		{driver.ErrChanged, rendition.Integrity},
		{fmt.Errorf("x: %w", &driver.Error{Kind: rendition.Busy}), rendition.Busy},
		{errors.New("odd"), rendition.Internal},
	} {
		require.Equal(t, c.want.String(), driver.DefaultKind(c.err).String(), "%v", c.err)
	}
	require.Equal(t, "busy", (&driver.Error{Kind: rendition.Busy}).Error())
}

func TestTempName(t *testing.T) {
	t.Parallel()
	name := driver.TempName()
	require.True(t, driver.IsTempName(name))
	require.Len(t, name, 42)
	require.NotEqual(t, name, driver.TempName())
	for _, other := range []string{"", ".rendition-", "a.part", ".part", "x" + name, name + "x"} {
		require.False(t, driver.IsTempName(other), other)
	}
}
