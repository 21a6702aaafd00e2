package netstorage

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
)

// The headers of the API.
const (
	actionHeader = "X-Akamai-Acs-Action"
	dataHeader   = "X-Akamai-Acs-Auth-Data"
	signHeader   = "X-Akamai-Acs-Auth-Sign"
)

// authorize sets the three headers for a request of path (as it is sent) or for its trailer.
func (d *account) authorize(h http.Header, path, action string) {
	data := fmt.Sprintf("5, 0.0.0.0, 0.0.0.0, %d, %d, %s", d.opts.Now().Unix(), uniqueID(), d.opts.KeyName)
	h.Set(actionHeader, action)
	h.Set(dataHeader, data)
	h.Set(signHeader, sign(d.opts.Key.Reveal(), data, path, action))
}

// uniqueID is a number that no other request has: servers may refuse a header that comes twice.
func uniqueID() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return binary.BigEndian.Uint64(b[:]) >> 1
}

// sign is version 5 of the API's signature.
func sign(key, data, path, action string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = fmt.Fprintf(mac, "%s%s\nx-akamai-acs-action:%s\n", data, path, action) // a hash never fails
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
