package location

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
)

// sasFields are the fields of a shared access signature (account, service and user delegation).
var sasFields = map[string]bool{
	"sv": true, "ss": true, "srt": true, "sr": true, "st": true, "se": true, "sp": true, "sip": true, "spr": true, "si": true, "sig": true,
	"sdd": true, "skoid": true, "sktid": true, "skt": true, "ske": true, "sks": true, "skv": true, "saoid": true, "suoid": true, "scid": true,
	"ses": true, "rscc": true, "rscd": true, "rsce": true, "rscl": true, "rsct": true,
}

// azureHost cuts a host of Azure's into the account and what follows it.
func azureHost(host string) (account, rest string, ok bool) {
	account, rest, ok = strings.Cut(host, ".")
	if !ok || account == "" {
		return "", "", false
	}
	for _, suffix := range []string{
		"blob.core.windows.net", "blob.core.usgovcloudapi.net", "blob.core.chinacloudapi.cn", "blob.core.cloudapi.de", "blob.storage.azure.net",
	} {
		// Accounts with DNS zones have one more label: account.z12.blob.storage.azure.net.
		zone, ok := strings.CutSuffix(rest, "."+suffix)
		if rest == suffix || ok && strings.HasPrefix(zone, "z") && !strings.Contains(zone, ".") {
			return account, rest, true
		}
	}
	return "", "", false
}

// splitSAS cuts a query into the signature's fields, byte for byte and in their order, and the rest.
func splitSAS(query string) (sas, rest string) {
	var signed, other []string
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		switch {
		case pair == "":
		case sasFields[strings.ToLower(name)]:
			signed = append(signed, pair)
		default:
			other = append(other, pair)
		}
	}
	return strings.Join(signed, "&"), strings.Join(other, "&")
}

// readAzure reads azblob://container/path?account=name, azblob://account.blob.core.windows.net/container/path
// and azblob://host:port/account/container/path (the emulator and everything that is like it).
func readAzure(p *parts) (*Location, error) {
	sas, query := splitSAS(p.query)
	opts, err := readOptions(Azure, query)
	if err != nil {
		return nil, err
	}
	l := &Location{Driver: Azure, SAS: storage.Secret(sas), Account: strings.ToLower(opts.take("account"))}
	if err := l.setAzureKey(p); err != nil {
		return nil, err
	}
	if p.short() || opts["endpoint"] != "" {
		err = l.readContainer(p, opts)
	} else {
		err = l.readAzureHost(p, opts)
	}
	if err != nil {
		return nil, err
	}
	if opts["anonymous"] == "no" {
		delete(opts, "anonymous")
	}
	l.Options = opts.rest()
	return l, l.checkAzure()
}

// setAzureKey takes KEY@ and account:KEY@.
func (l *Location) setAzureKey(p *parts) error {
	account, key := "", p.user
	if p.hasColon {
		account, key = strings.ToLower(p.user), p.password
	}
	if account != "" && l.Account != "" && account != l.Account {
		return errors.New("it names two accounts")
	}
	l.Account = cmp.Or(l.Account, account)
	l.Password = storage.Secret(key)
	return nil
}

// readContainer is a URL in which the container stands in the host's place.
func (l *Location) readContainer(p *parts, opts values) (err error) {
	if p.port != 0 {
		return errors.New("with the option endpoint a container follows azblob://, and a container has no port")
	}
	if l.Account == "" {
		return errors.New("it names no account; write azblob://container/path?account=name")
	}
	l.Bucket = p.name
	if l.Key, err = p.decoded(); err != nil {
		return err
	}
	raw := opts.take("endpoint")
	if raw == "" {
		l.Scheme, l.Host = opts.httpScheme(0), l.Account+".blob.core.windows.net"
		return nil
	}
	e := &parts{}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !e.setHost(u.Host) {
		return errors.New("the option endpoint is not like https://host or http://host:port")
	}
	if path := strings.Trim(u.Path, "/"); path != "" && !strings.EqualFold(path, l.Account) {
		return errors.New("the option endpoint has a path that is not the account")
	}
	if opts["tls"] != "" {
		return errors.New("the option tls does not go with endpoint, which says http: or https: itself")
	}
	l.Scheme, l.Host, l.Port = u.Scheme, e.host, plainPort(u.Scheme, e.port)
	return nil
}

// readAzureHost is a URL with a host, as Azure itself writes them.
func (l *Location) readAzureHost(p *parts, opts values) (err error) {
	path := p.path
	account, _, virtual := azureHost(p.host)
	if !virtual {
		if p.port == 0 && !isAddress(p.name) && p.host != "localhost" && strings.Contains(p.host, "windows.net") {
			return errors.New("its host is none of Azure's blob service: those are like account.blob.core.windows.net")
		}
		if account, path, err = cutFirst(path, "account"); err != nil {
			return err
		}
		account = strings.ToLower(account)
	}
	if l.Account != "" && l.Account != account {
		return errors.New("it names two accounts")
	}
	l.Account, l.Host = account, p.host
	l.Scheme = opts.httpScheme(p.port)
	l.Port = plainPort(l.Scheme, p.port)
	l.Bucket, l.Key, err = cutBucket(path, "container")
	return err
}

// cutFirst cuts the first element off a path that is still percent-encoded.
func cutFirst(path, what string) (first, rest string, err error) {
	first, rest, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if first, err = unescapePath(first); err == nil && (first == "" || strings.Contains(first, "/")) {
		err = fmt.Errorf("it names no %s", what)
	}
	return first, rest, err
}

func (l *Location) checkAzure() error {
	if !validHost(l.Bucket) && l.Bucket != "$root" && l.Bucket != "$web" || strings.HasPrefix(l.Bucket, "[") {
		return errors.New("its container has a name that no container can have; names are of small letters, digits and hyphens")
	}
	if !validHost(l.Account) || strings.ContainsAny(l.Account, ".[") {
		return errors.New("its account has a name that no account can have; names are of small letters and digits")
	}
	if l.Option("anonymous") != "" && (l.Password != "" || l.SAS != "") {
		return errors.New("it is anonymous and has a key or signature; give one of them")
	}
	if l.Password != "" && l.SAS != "" {
		return errors.New("it has an account key and a signature; give one of them")
	}
	if l.SAS != "" && !strings.Contains("&"+l.SAS.Reveal(), "&sig=") {
		return errors.New("it has fields of a shared access signature but no sig=; give the whole query that was made")
	}
	return nil
}

// readWASB reads the forms of Hadoop: wasbs://container@account.blob.core.windows.net/path and abfss:// with dfs.
func readWASB(p *parts) (*Location, error) {
	container := p.user
	if !p.hasUser || p.hasColon || container == "" {
		return nil, fmt.Errorf("write %s://container@account.blob.core.windows.net/path", p.scheme)
	}
	q := *p
	q.host = strings.Replace(p.host, ".dfs.core.", ".blob.core.", 1)
	if _, _, ok := azureHost(q.host); !ok {
		return nil, fmt.Errorf("write %s://container@account.blob.core.windows.net/path", p.scheme)
	}
	q.user, q.hasUser, q.name = "", false, q.host
	q.path = "/" + url.PathEscape(container) + p.path
	return readAzure(&q)
}

// azureURL is the form that readAzure reads back.
func (l *Location) azureURL(u *builder) {
	u.secretUser(l.Password)
	_, _, virtual := azureHost(l.Host)
	port := l.Port
	if !virtual && port == 0 {
		port = defaultPort(l.Scheme) // a bare name would be a container
	}
	u.host(l.Host, port)
	if !virtual {
		u.path(l.Account)
	}
	u.path(l.Bucket)
	u.path(l.Key)
	u.tls(l)
	u.raw(l.SAS.Reveal())
}
