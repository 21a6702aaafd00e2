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
		if code == "AuthorizationFailure" { // an emulator says this where the service says AuthenticationFailed
			if hint := d.outOfTime(server, now); hint != "" {
				return hint
			}
		}
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
	if hint := d.outOfTime(server, now); hint != "" {
		return hint
	}
	switch {
	case d.sas != nil:
		return "the signature does not fit; copy it whole, escapes included, and check that it is for this account and container " +
			"and that its key or policy was not changed"
	case d.key != nil:
		return "check the account's name and key; keys change when they are rotated"
	case d.token != nil:
		return "the token is not one for this account; check the tenant and the endpoint's cloud"
	}
	return "the container is not public; give AccountKey, SAS or Credential"
}

// outOfTime says whether it is a matter of time: of a signature's, or of a clock that
// differs by 15 minutes or more.
func (d *blobs) outOfTime(server, now time.Time) string {
	if server.IsZero() {
		server = now
	}
	const form, most = time.RFC3339, 15 * time.Minute
	ahead := now.Sub(server)
	switch s := d.sas; {
	case s != nil && !s.expiry.IsZero() && !server.Before(s.expiry):
		return fmt.Sprintf("the signature expired at %s; make a new one", s.expiry.UTC().Format(form))
	case s != nil && server.Before(s.start):
		return fmt.Sprintf("the signature works from %s on, and the server's clock shows %s; make signatures with an earlier start",
			s.start.UTC().Format(form), server.UTC().Format(form))
	case s == nil && ahead.Abs() >= most:
		which := "ahead of"
		if ahead < 0 {
			which = "behind"
		}
		return fmt.Sprintf("this machine's clock is %s %s the server's; set it", ahead.Abs().Round(time.Minute), which)
	}
	return ""
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
	case code == "AuthorizationFailure" && d.key != nil:
		return "check the account's name and key, and whether its network rules let this address in"
	case code == "AuthorizationFailure":
		return "the account's network rules refuse this address, or the credential has no access"
	case d.token != nil:
		return "give the identity the role Storage Blob Data Contributor, or Reader for sources"
	}
	return "the credential may not do this"
}
