package all

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/location"
	"github.com/rendition-sdk/rendition/storage/opener"
)

// New returns a new Opener of every scheme, with memory stores of its own. Its Schemes may be
// changed before it is used.
func New(opts *Options) *storage.Opener {
	o := &all{Options: *begin(opts)}
	local := opener.New(&opener.Options{File: o.File, Mem: o.Mem})
	schemes := map[string]storage.OpenFunc{}
	for _, scheme := range location.Schemes() {
		schemes[scheme] = o.open
	}
	for _, scheme := range []string{"", "file", "mem"} {
		schemes[scheme] = local.Schemes[scheme]
		if o.Guard != nil {
			schemes[scheme] = refuseLocal
		}
	}
	return &storage.Opener{Schemes: schemes, Default: unknown}
}

// unknown has the parser's error, which says for many schemes what to write in their place.
func unknown(_ context.Context, raw string, _ storage.Target) (*storage.Bucket, string, error) {
	_, err := location.Parse(raw)
	if err == nil {
		err = &rendition.Error{
			Kind: rendition.Unsupported, Op: op, Key: storage.RedactURL(raw), Err: errors.New("this program has no driver for it"),
		}
	}
	return nil, "", err
}

type all struct{ Options }

// guarded says that URLs may come from strangers.
func (o *all) guarded() bool { return o.Guard != nil }

const op = "storage: open"

func refuseLocal(_ context.Context, raw string, _ storage.Target) (*storage.Bucket, string, error) {
	return nil, "", &rendition.Error{
		Kind: rendition.InvalidJob, Op: op, Key: storage.RedactURL(raw),
		Err: errors.New("files and memory of this machine are not open to URLs from outside"), Hint: "give the URL of a server",
	}
}

// open opens a URL of a store that is reached over a network.
func (o *all) open(ctx context.Context, raw string, target storage.Target) (*storage.Bucket, string, error) {
	loc, err := location.Parse(raw)
	if err != nil {
		return nil, "", err
	}
	if err := o.lend(ctx, loc); err != nil {
		return nil, "", err
	}
	p := &place{all: o, loc: loc, object: target == storage.TargetObject}
	bkt, key, err := p.open(ctx)
	if err != nil {
		return nil, "", p.wrap(err)
	}
	if p.object {
		return bkt, key, nil
	}
	return bkt.Prefix(key), "", nil
}

// lend asks the host for credentials.
func (o *all) lend(ctx context.Context, loc *location.Location) error {
	if o.Credentials == nil || loc.Password != "" || loc.Token != "" || loc.SAS != "" || loc.Presigned || loc.Option("anonymous") != "" {
		return nil
	}
	if err := o.Credentials(ctx, loc); err != nil {
		var own *rendition.Error
		if errors.As(err, &own) {
			return err
		}
		return &rendition.Error{Kind: rendition.Permission, Op: op, Key: loc.String(), Err: err}
	}
	return nil
}

// place is one URL that is opened.
type place struct {
	*all
	loc    *location.Location
	object bool // else a prefix
}

// open returns a Bucket and the key in it: of the object, or of what the keys begin with.
func (p *place) open(ctx context.Context) (*storage.Bucket, string, error) {
	switch p.loc.Driver {
	case location.S3:
		return p.openS3(ctx)
	case location.Azure:
		return p.openAzure(ctx)
	case location.Swift:
		return p.openSwift(ctx)
	case location.FTP:
		return p.openFTP(ctx)
	case location.SFTP:
		return p.openSFTP(ctx)
	case location.HTTP:
		return p.openHTTP(ctx)
	case location.NetStorage:
		return p.openNetStorage(ctx)
	case location.AkamaiHLS:
		return p.openAkamaiHLS(ctx)
	case location.Aspera:
		return p.openAspera(ctx)
	}
	return nil, "", errors.ErrUnsupported // file and mem have functions of their own
}

// wrap makes an error of this package a *rendition.Error; drivers have theirs.
func (p *place) wrap(err error) error {
	var own *rendition.Error
	if errors.As(err, &own) {
		return err
	}
	return &rendition.Error{Kind: rendition.InvalidJob, Op: op, Key: p.loc.String(), Err: err}
}

// key is the key that is asked for, as an object's or a prefix.
func (p *place) key() (string, error) {
	if p.object {
		return p.loc.Object()
	}
	return p.loc.Prefix()
}

// folder cuts the key into a folder, for drivers that are opened at one, and the object's name in it.
func (p *place) folder() (dir, name string, err error) {
	key, err := p.key()
	if err != nil || !p.object {
		return key, "", err
	}
	dir, name = path.Split(key)
	return strings.TrimSuffix(dir, "/"), name, nil
}
