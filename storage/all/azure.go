package all

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
	"github.com/rendition-sdk/rendition/storage/azurestore"
)

func (p *place) openAzure(ctx context.Context) (*storage.Bucket, string, error) {
	key, err := p.key()
	if err != nil {
		return nil, "", err
	}
	l, o := p.loc, begin(p.Azure)
	o.Bucket = p.bucket(o.Bucket)
	if p.guarded() {
		o.Dial, o.Client, o.Credential = p.Guard.Dial, nil, nil
		o.AccountKey, o.SAS, o.EncryptionKey = "", "", ""
	}
	o.Endpoint = baseURL(l.Scheme, l.Host, l.Port)
	if !strings.HasPrefix(l.Host, l.Account+".") {
		o.Endpoint += "/" + l.Account // the emulator, and servers like it
	}
	set(&o.Tier, l.Option("tier"))
	switch {
	case l.Password != "" || l.SAS != "":
		o.AccountKey, o.SAS, o.Credential, o.Anonymous = l.Password, l.SAS, nil, false
	case l.Option("anonymous") == "yes" || p.guarded():
		o.AccountKey, o.SAS, o.Credential, o.Anonymous = "", "", nil, true
	}
	if !p.object && sasField(l.SAS, "sr") == "b" {
		return nil, "", errors.New("its signature is for one blob (sr=b); a destination needs one for the container (sr=c) or the account")
	}
	bkt, err := azurestore.Open(ctx, l.Account, l.Bucket, o)
	return bkt, key, err
}

// sasField is one field of a shared access signature.
func sasField(sas storage.Secret, name string) string {
	q, err := url.ParseQuery(sas.Reveal())
	if err != nil {
		return ""
	}
	return q.Get(name)
}
