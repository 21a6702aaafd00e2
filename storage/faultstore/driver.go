package faultstore

import (
	"context"
	"errors"
	"io"

	"github.com/rendition-sdk/rendition/storage/driver"
)

// faulty is the driver that the faults happen in.
type faulty struct {
	driver.Driver
	faults *Faults
}

var _ interface {
	driver.Driver
	driver.Copier
	driver.Signer
} = (*faulty)(nil)

func (d *faulty) OpenRange(ctx context.Context, key string, off, length int64, opts *driver.ReadOptions) (*driver.Body, error) {
	var open *driver.Body
	err := d.faults.run(ctx, OpenRange, key, func(r *Rule) error {
		b, err := d.Driver.OpenRange(ctx, key, off, length, opts)
		if err != nil {
			return err
		}
		if r.After && r.failure() != nil {
			return errors.Join(r.failure(), b.Close())
		}
		if r.Change {
			change(&b.Info)
		}
		b.ReadCloser = &body{ReadCloser: b.ReadCloser, ctx: ctx, key: key, faults: d.faults, cut: r.CutAfter != 0, left: max(r.CutAfter, 0)}
		open = b
		return nil
	})
	return open, err
}

func change(info *driver.Info) {
	info.ETag = `"changed-` + info.ETag + `"`
	info.ModTime = info.ModTime.Add(1)
}

func (d *faulty) Stat(ctx context.Context, key string) (info *driver.Info, err error) {
	err = d.faults.run(ctx, Stat, key, func(r *Rule) (err error) {
		if info, err = d.Driver.Stat(ctx, key); err == nil && r.Change {
			change(info)
		}
		return err
	})
	return info, err
}

func (d *faulty) ListPage(ctx context.Context, req *driver.ListRequest) (page *driver.ListPage, err error) {
	err = d.faults.run(ctx, List, req.Prefix, func(*Rule) (err error) {
		page, err = d.Driver.ListPage(ctx, req)
		return err
	})
	return page, err
}

func (d *faulty) NewUpload(ctx context.Context, key string, opts *driver.UploadOptions) (driver.Upload, error) {
	var up driver.Upload
	err := d.faults.run(ctx, NewUpload, key, func(r *Rule) (err error) {
		if up, err = d.Driver.NewUpload(ctx, key, opts); err == nil && r.After && r.failure() != nil {
			return errors.Join(r.failure(), up.Abort(ctx))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &upload{Upload: up, key: key, faults: d.faults}, nil
}

func (d *faulty) Delete(ctx context.Context, key string) error {
	return d.faults.run(ctx, Delete, key, func(*Rule) error { return d.Driver.Delete(ctx, key) })
}

func (d *faulty) Copy(ctx context.Context, dst, src string) error {
	copier, ok := d.Driver.(driver.Copier)
	if !ok {
		return errors.ErrUnsupported
	}
	return d.faults.run(ctx, Copy, src, func(*Rule) error { return copier.Copy(ctx, dst, src) })
}

func (d *faulty) SignedURL(ctx context.Context, key string, opts *driver.SignOptions) (string, error) {
	if signer, ok := d.Driver.(driver.Signer); ok {
		return signer.SignedURL(ctx, key, opts)
	}
	return "", errors.ErrUnsupported
}

// upload is an Upload that the faults happen in.
type upload struct {
	driver.Upload
	key    string
	faults *Faults
}

func (u *upload) WritePart(ctx context.Context, part *driver.Part) error {
	return u.faults.run(ctx, WritePart, u.key, func(*Rule) error {
		if err := u.faults.take(part.Size); err != nil {
			return err
		}
		return u.Upload.WritePart(ctx, part)
	})
}

func (u *upload) Commit(ctx context.Context) (info *driver.Info, err error) {
	err = u.faults.run(ctx, Commit, u.key, func(*Rule) (err error) {
		info, err = u.Upload.Commit(ctx)
		return err
	})
	return info, err
}

func (u *upload) Abort(ctx context.Context) error {
	return u.faults.run(ctx, Abort, u.key, func(*Rule) error { return u.Upload.Abort(ctx) })
}

// body is a Body that may be cut.
type body struct {
	io.ReadCloser
	ctx    context.Context //nolint:containedctx // a body lives within the ctx of its OpenRange
	key    string
	faults *Faults
	cut    bool
	left   int64
}

func (b *body) Read(p []byte) (n int, err error) {
	err = b.faults.run(b.ctx, Read, b.key, func(*Rule) (err error) {
		if b.cut {
			if b.left == 0 {
				return io.ErrUnexpectedEOF
			}
			p = p[:min(int64(len(p)), b.left)]
		}
		n, err = b.ReadCloser.Read(p)
		b.left -= int64(n)
		return err
	})
	return n, err
}
