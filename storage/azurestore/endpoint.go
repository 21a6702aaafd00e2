package azurestore

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
)

// endpoint is where an account's blob service is.
type endpoint struct {
	url     *url.URL // without a slash at its end
	account string
}

// parseEndpoint finds the service of an account. One of account and raw may be empty. Errors
// do not quote raw, in which people put secrets.
func parseEndpoint(account, raw string) (*endpoint, error) {
	if account != "" && !isName(account) {
		return nil, errors.New("the account's name is not letters, digits and hyphens")
	}
	if raw == "" {
		if account == "" {
			return nil, errors.New("give the name of the storage account, or Endpoint")
		}
		raw = "https://" + account + ".blob.core.windows.net"
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("the Endpoint is not a URL")
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "", u.Opaque != "":
		return nil, errors.New("the Endpoint is not an http or https URL with a host")
	case u.User != nil:
		return nil, errors.New("the Endpoint has userinfo; give the key as AccountKey")
	case u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return nil, errors.New("the Endpoint has a query; give a signature as SAS")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	e := &endpoint{url: u, account: account}
	if account == "" {
		e.account = e.guess()
	}
	if !isName(e.account) {
		return nil, errors.New("the Endpoint does not tell the account's name; give it")
	}
	return e, nil
}

// guess reads the account from the URL: the path of an emulator, or the first
// label of the host, without what marks the copy in another region.
func (e *endpoint) guess() string {
	if path := strings.TrimPrefix(e.url.Path, "/"); path != "" {
		return strings.TrimSuffix(path, "-secondary")
	}
	host := e.url.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		return ""
	}
	label, _, _ := strings.Cut(host, ".")
	return strings.TrimSuffix(label, "-secondary")
}

// container is the URL of a container, without a query.
func (e *endpoint) container(name string) string { return e.url.String() + "/" + name }

func (e *endpoint) secure() bool { return e.url.Scheme == "https" }

// cloud is whose identity service gives tokens for the endpoint.
func (e *endpoint) cloud() cloud.Configuration {
	switch host := strings.ToLower(e.url.Hostname()); {
	case strings.HasSuffix(host, ".usgovcloudapi.net"):
		return cloud.AzureGovernment
	case strings.HasSuffix(host, ".chinacloudapi.cn"):
		return cloud.AzureChina
	default:
		return cloud.AzurePublic
	}
}

// isName says whether s is letters, digits and inner hyphens.
func isName(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

// checkContainer finds names that no container can have.
func checkContainer(name string) error {
	switch {
	case name == "$root" || name == "$web" || name == "$logs":
		return nil
	case name == "":
		return errors.New("give the name of the container")
	case len(name) < 3 || !isName(name) || strings.ToLower(name) != name || strings.Contains(name, "--"):
		return fmt.Errorf("%q is no name of a container: 3 to 63 lower-case letters, digits and single hyphens", name)
	}
	return nil
}
