package httpstore

import (
	"net/url"
	"strings"
)

// signature is what the query of a URL says about how it was signed.
type signature struct {
	scheme signScheme
	// put is false when the query says that writing is not allowed. Most queries do not
	// say which method they are for: the server does.
	put bool
	// remove is whether the signature may serve for DELETE too.
	remove bool
	// signs are the headers that were signed, in lower case.
	signs []string
}

type signScheme uint8

const (
	unsigned signScheme = iota
	awsV4               // X-Amz-Signature (AWS Signature Version 4), and X-Goog-Signature, which is like it
	awsV2               // Signature with AWSAccessKeyId or GoogleAccessId and Expires
	azureSAS            // sig with sv
	tempURL             // temp_url_sig (OpenStack Swift)
)

// parseSignature looks at a query. It verifies nothing.
func parseSignature(query string) signature {
	q := looseQuery(query)
	has := func(name string) bool { return q[name] != "" }
	switch {
	case has("x-amz-signature"), has("x-goog-signature"):
		op := q["x-id"] // newer SDKs of AWS name the operation
		s := signature{scheme: awsV4, put: op == "" || op == "PutObject", remove: op == "DeleteObject"}
		s.signs = strings.Split(strings.ToLower(q["x-amz-signedheaders"]+q["x-goog-signedheaders"]), ";")
		return s
	case has("signature") && has("expires") && (has("awsaccesskeyid") || has("googleaccessid")):
		return signature{scheme: awsV2, put: true}
	case has("sig") && has("sv"):
		// sp: the permissions; a stored policy (si) keeps them on the server.
		sp := q["sp"]
		return signature{
			scheme: azureSAS, put: strings.ContainsAny(sp, "wc") || has("si"), remove: strings.Contains(sp, "d") || has("si"),
		}
	case has("temp_url_sig"):
		return signature{scheme: tempURL, put: true}
	}
	return signature{}
}

// looseQuery reads a query as servers do: by & alone, names in lower case, what is not valid left out.
func looseQuery(query string) map[string]string {
	q := map[string]string{}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			continue
		}
		if value, err = url.QueryUnescape(value); err == nil {
			q[strings.ToLower(name)] = value
		}
	}
	return q
}
