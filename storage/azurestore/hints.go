package azurestore

import (
	"fmt"
	"time"
)

// whyNot says what is likely wrong with the credential, "" when the code tells
// nothing about it. server is the time of the answer; zero when it is not known.
func (d *blobs) whyNot(code string, server, now time.Time) string {
	switch code {
	case "", "AuthenticationFailed", "InvalidAuthenticationInfo":
		return d.unauthenticated(server, now)
	case "AuthorizationPermissionMismatch", "UnauthorizedBlobOverwrite", "AuthorizationFailure", "InsufficientAccountPermissions":
		return d.unauthorized(code)
	case "AuthorizationResourceTypeMismatch":
		return "the account's signature is for other resources; it needs containers and objects (srt=co)"
	case "AuthorizationServiceMismatch":
		return "the account's signature is for other services; it needs blobs (ss=b)"
	case "AuthorizationSourceIPMismatch":
		return "the signature is for other addresses (sip)"
	case "AuthorizationProtocolMismatch":
		return "the signature is for https alone (spr); use an https endpoint"
	case "KeyBasedAuthenticationNotPermitted":
		return "the account refuses its keys and signatures made with them; use a token credential"
	case "NoAuthenticationInformation", "PublicAccessNotPermitted":
		return "the container is not public; give AccountKey, SAS or Credential"
	}
	return ""
}

// unauthenticated is about credentials that the service does not believe.
func (d *blobs) unauthenticated(server, now time.Time) string {
	if server.IsZero() {
		server = now
	}
	if hint := skew(server.Sub(now)); hint != "" && d.sas == nil {
		return hint
	}
	switch {
	case d.sas != nil:
		return d.sas.unauthenticated(server)
	case d.key != nil:
		return "check the account's name and key; keys change when they are rotated"
	case d.token != nil:
		return "the token is not one for this account; check the tenant and the endpoint's cloud"
	}
	return "the container is not public; give AccountKey, SAS or Credential"
}

// unauthenticated says what is wrong with a signature at the service's time.
func (s *signature) unauthenticated(server time.Time) string {
	switch {
	case !s.expiry.IsZero() && !server.Before(s.expiry):
		return fmt.Sprintf("the signature expired at %s; make a new one", s.expiry.UTC().Format(time.RFC3339))
	case server.Before(s.start):
		return fmt.Sprintf("the signature works from %s on, and the server's clock shows %s; make signatures with an earlier start",
			s.start.UTC().Format(time.RFC3339), server.UTC().Format(time.RFC3339))
	}
	return "the signature does not fit; copy it whole, escapes included, and check that it is for this account and container and that its key or policy was not changed"
}

// skew is about a clock that differs by 15 minutes or more, which the service does not take.
func skew(by time.Duration) string {
	const most = 15 * time.Minute
	if by.Abs() < most {
		return ""
	}
	which := "behind"
	if by < 0 {
		which = "ahead of"
	}
	return fmt.Sprintf("this machine's clock is %s %s the server's; set it", by.Abs().Round(time.Minute), which)
}

// unauthorized is about credentials that may not do what was asked.
func (d *blobs) unauthorized(code string) string {
	switch {
	case code == "UnauthorizedBlobOverwrite":
		return "the signature lets create and not overwrite; it needs w (sp)"
	case d.sas != nil && d.sas.permissions != "":
		return fmt.Sprintf("the signature permits %q alone (sp); sources need r, listings l, destinations c, w and d", d.sas.permissions)
	case d.sas != nil:
		return "the signature's access policy does not permit this"
	case code == "AuthorizationFailure":
		return "the account's network rules refuse this address, or the credential has no access"
	case d.token != nil:
		return "give the identity the role Storage Blob Data Contributor, or Reader for sources"
	}
	return "the credential may not do this"
}
