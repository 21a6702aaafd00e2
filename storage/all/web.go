package all

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/akamaihls"
	"github.com/rendition-sdk/rendition/storage/aspera"
	"github.com/rendition-sdk/rendition/storage/httpstore"
	"github.com/rendition-sdk/rendition/storage/netstorage"
)

func (p *place) openHTTP(ctx context.Context) (*storage.Bucket, string, error) {
	l, o := p.loc, begin(p.HTTP)
	o.Bucket = p.bucket(o.Bucket)
	if p.guarded() {
		o.Dial, o.Client, o.Header = p.Guard.Dial, nil, nil
		o.Username, o.Password, o.Bearer = "", "", ""
	}
	switch {
	case l.Token != "": // from Options.Credentials: no URL says so
		o.Bearer = l.Token
	case l.User != "" || l.Password != "":
		o.Username, o.Password, o.Bearer = l.User, l.Password, ""
	}
	if p.object {
		return httpstore.OpenURL(ctx, l.Address.Reveal(), o)
	}
	if l.Presigned {
		return nil, "", errors.New("a presigned URL is for one object; a destination of several needs the bucket with credentials")
	}
	bkt, err := httpstore.Open(ctx, l.Address.Reveal(), o)
	return bkt, "", err
}

// base is the URL of a folder, for drivers that are opened with one. It has no secrets.
func (p *place) base(dir string) string {
	u := &url.URL{Path: "/" + dir}
	return baseURL(p.loc.Scheme, p.loc.Host, p.loc.Port) + u.EscapedPath()
}

func (p *place) openNetStorage(ctx context.Context) (*storage.Bucket, string, error) {
	dir, name, err := p.folder()
	if err != nil {
		return nil, "", err
	}
	if dir == "" {
		return nil, "", errors.New("it names no root folder; write the CP code or folder in front of the object")
	}
	l, o := p.loc, begin(p.NetStorage)
	o.Bucket = p.bucket(o.Bucket)
	if p.guarded() {
		o.Dial, o.KeyName, o.Key = p.Guard.Dial, "", ""
	}
	if l.Password != "" {
		o.KeyName, o.Key = l.User, l.Password
	}
	bkt, err := netstorage.Open(ctx, p.base(dir), o)
	return bkt, name, err
}

func (p *place) openAkamaiHLS(ctx context.Context) (*storage.Bucket, string, error) {
	dir, name, err := p.folder()
	if err != nil {
		return nil, "", err
	}
	if ext := strings.ToLower(path.Ext(dir)); !p.object && ext == ".m3u8" {
		dir = path.Dir(dir) // a destination is named by its master playlist
	}
	l, o := p.loc, begin(p.AkamaiHLS)
	o.Bucket = p.bucket(o.Bucket)
	if p.guarded() {
		o.Dial, o.Header, o.Username, o.Password = p.Guard.Dial, nil, "", ""
	}
	if l.User != "" || l.Password != "" {
		o.Username, o.Password = l.User, l.Password
	}
	bkt, err := akamaihls.Open(ctx, p.base(dir), o)
	return bkt, name, err
}

func (p *place) openAspera(ctx context.Context) (*storage.Bucket, string, error) {
	dir, name, err := p.folder()
	if err != nil {
		return nil, "", err
	}
	l, o := p.loc, begin(p.Aspera)
	o.Bucket = p.bucket(o.Bucket)
	if p.guarded() {
		o.Resolve = p.Guard.Resolve
		o.User, o.Password, o.KeyFile = "", "", ""
	}
	set(&o.User, l.User)
	if l.Password != "" {
		o.Password = l.Password
	}
	if l.Port != 0 {
		o.Port = l.Port
	}
	if rate := l.Option("target-rate"); rate != "" {
		if o.TargetRate, err = bitRate(rate); err != nil {
			return nil, "", err
		}
	}
	u := &url.URL{Path: "/" + dir}
	bkt, err := aspera.Open(ctx, "fasp://"+address(l)+u.EscapedPath(), o)
	return bkt, name, err
}

// bitRate reads 300m as ascp does: bits per second with k, m or g.
func bitRate(s string) (int64, error) {
	digits, factor := strings.ToLower(s), int64(1)
	for unit, f := range map[string]int64{"k": 1e3, "m": 1e6, "g": 1e9} {
		if rest, ok := strings.CutSuffix(digits, unit); ok {
			digits, factor = rest, f
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("the option target-rate is not like 300m (bits per second with k, m or g)")
	}
	return n * factor, nil
}
