package azurestore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// scope is what tokens for storage are asked for, in every cloud.
const scope = "https://storage.azure.com/.default"

// tokens gives the tokens of a credential and tells its failures apart from
// those of the blob service.
type tokens struct {
	from azcore.TokenCredential
	own  bool // the default credential, not one of the host
}

// GetToken is that of the credential.
func (c *tokens) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, err := c.from.GetToken(ctx, o)
	if err == nil || ctx.Err() != nil {
		return token, err
	}
	return azcore.AccessToken{}, c.explain(err)
}

// refusal is how Entra ID numbers its errors.
var refusal = regexp.MustCompile(`AADSTS[0-9]{4,9}`)

func (c *tokens) explain(err error) error {
	e := &driver.Error{Kind: rendition.Permission}
	var refused *azidentity.AuthenticationFailedError
	var network net.Error
	switch {
	case errors.As(err, &refused):
		// Its text quotes requests and answers.
		e.Err = fmt.Errorf("the identity service gave no token %s", refusal.FindString(err.Error()))
		e.Hint = "check the tenant, the client and its secret or certificate"
	case errors.As(err, &network):
		e.Kind, e.Err, e.Hint = rendition.Unavailable, errors.New("the identity service does not answer"), "check the network"
	case c.own:
		e.Err = fmt.Errorf("no Azure credential was found: %s", oneLine(err.Error()))
		e.Hint = "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, log in with az, or give AccountKey, SAS or Credential"
	default:
		e.Err = fmt.Errorf("the credential gave no token: %w", err)
	}
	return e
}

// oneLine makes a text of several lines one of bounded length.
func oneLine(s string) string {
	const limit = 600
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "..."
	}
	return s
}
