package servers

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

// StartIdentityV2 returns the URL, ending in /v2.0, of an emulator: it takes logins of
// Identity v2.0 with a password or with a Rackspace API key, makes them ones of v3 at k, and
// answers in the form of v2.0. Keystone itself has had no v2.0 since 2018, and no
// package has a server with it.
func StartIdentityV2(t testing.TB, k *Keystone) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v2.0/tokens", k.tokenV2)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL + "/v2.0"
}

type loginV2 struct {
	Auth struct {
		Password *struct {
			Username string `json:"username"`
			Password string `json:"password"`
		} `json:"passwordCredentials"`
		APIKey *struct {
			Username string `json:"username"`
			APIKey   string `json:"apiKey"`
		} `json:"RAX-KSKEY:apiKeyCredentials"`
		TenantID   string `json:"tenantId"`
		TenantName string `json:"tenantName"`
	} `json:"auth"`
}

type tokenV3 struct {
	Token struct {
		ExpiresAt string `json:"expires_at"`
		Project   struct{ ID, Name string }
		Catalog   []struct {
			Type, Name string
			Endpoints  []struct{ Region, Interface, URL string }
		}
	}
}

// tokenV2 answers one login. An API key is the password of the user; without a tenant
// the project is k's, as Rackspace's users have one of their own.
func (k *Keystone) tokenV2(w http.ResponseWriter, r *http.Request) {
	var login loginV2
	if json.NewDecoder(r.Body).Decode(&login) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var user, key string
	switch a := &login.Auth; {
	case a.Password != nil && a.Password.Username != "":
		user, key = a.Password.Username, a.Password.Password
	case a.APIKey != nil:
		user, key = a.APIKey.Username, a.APIKey.APIKey
	default:
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	domain := object{"id": "default"}
	project := object{"name": k.Project, "domain": domain}
	if login.Auth.TenantName != "" {
		project["name"] = login.Auth.TenantName
	}
	if login.Auth.TenantID != "" {
		project = object{"id": login.Auth.TenantID}
	}
	text, err := json.Marshal(object{"auth": object{
		"identity": object{"methods": []string{"password"}, "password": object{
			"user": object{"name": user, "domain": domain, "password": key},
		}},
		"scope": object{"project": project},
	}})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	k.forwardV2(w, r, text)
}

func (k *Keystone) forwardV2(w http.ResponseWriter, r *http.Request, text []byte) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, k.AuthURL+"/auth/tokens", bytes.NewReader(text))
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	var v3 tokenV3
	if resp.StatusCode > 299 || json.NewDecoder(resp.Body).Decode(&v3) != nil {
		w.WriteHeader(resp.StatusCode)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v3.v2(resp.Header.Get("X-Subject-Token"))) // the client has gone
}

// v2 is the answer in the form of Identity v2.0: one entry of the catalog for each
// region, with an address for each interface.
func (v3 *tokenV3) v2(id string) object {
	var catalog []object
	for _, service := range v3.Token.Catalog {
		regions := map[string]object{}
		var endpoints []object
		for _, e := range service.Endpoints {
			if regions[e.Region] == nil {
				regions[e.Region] = object{"region": e.Region}
				endpoints = append(endpoints, regions[e.Region])
			}
			regions[e.Region][e.Interface+"URL"] = e.URL
		}
		catalog = append(catalog, object{"type": service.Type, "name": service.Name, "endpoints": endpoints})
	}
	project := v3.Token.Project
	return object{"access": object{
		"token":          object{"id": id, "expires": v3.Token.ExpiresAt, "tenant": object{"id": project.ID, "name": project.Name}},
		"serviceCatalog": catalog,
		"user":           object{"roles": []object{}},
	}}
}
