package swiftstore

import (
	"errors"
	"net/url"
	"strings"

	"github.com/rendition-sdk/rendition/storage"
)

// Rackspace returns the options for Rackspace Cloud Files: a user's name and API
// key, and a region such as "DFW" ("" is the user's first). Accounts of London log in
// there, so region "LON" chooses that identity service.
func Rackspace(user string, apiKey storage.Secret, region string) *Options {
	host := "identity.api.rackspacecloud.com"
	if strings.EqualFold(region, "LON") {
		host = "lon." + host
	}
	return &Options{AuthURL: "https://" + host + "/v2.0", AuthVersion: 2, User: user, Key: apiKey, Region: strings.ToUpper(region)}
}

// Oracle returns the options for Oracle Cloud Infrastructure Object Storage
// Classic. accountURL is its REST endpoint, https://HOST/v1/SERVICE; the login is
// https://HOST/auth/v1.0 with the user "SERVICE:user". Kind InvalidJob when
// accountURL has another form.
func Oracle(accountURL, user string, password storage.Secret) (*Options, error) {
	u, err := url.Parse(accountURL)
	if err != nil || checkURL(accountURL) != nil {
		return nil, invalid("", errors.New("the REST endpoint is no plain http or https URL"))
	}
	version, service, ok := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if !ok || version != "v1" || service == "" || strings.Contains(service, "/") {
		return nil, invalid("", errors.New("the REST endpoint ends in /v1/ and the name of the service"))
	}
	account := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/v1/" + service}
	login := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/auth/v1.0"}
	return &Options{
		AuthURL: login.String(), AuthVersion: 1, User: service + ":" + user, Key: password, StorageURL: account.String(),
	}, nil
}
