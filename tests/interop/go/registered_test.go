package interop

// Clients that registered themselves: ID tokens and userinfo in the forms that a client can register, and logout. What
// the two libraries cannot do: register (net/http does), make the assertion of private_key_jwt (go-jose does, and x/oauth2
// sends it), open encrypted ID tokens (go-jose does, and go-oidc checks what was inside), request objects, pushed requests,
// DPoP, and the address of the logout.

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"
)

const goodbye = "http://localhost:3000/goodbye"

// party is a relying party with keys of its own.
type party struct {
	provider *oidc.Provider
	config   *oauth2.Config
	key      jose.JSONWebKey
}

func generate(t *testing.T, algorithm, use string) jose.JSONWebKey {
	t.Helper()
	var key crypto.PrivateKey
	var err error
	switch algorithm {
	case "ES256", "ECDH-ES":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "EdDSA":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: use + "-" + algorithm, Algorithm: algorithm, Use: use}
}

// register makes a client that authenticates by a key for this algorithm, which its ID tokens and userinfo are signed with
// as well. Every wish has to be in the answer.
func register(t *testing.T, algorithm string, wishes map[string]any, keys ...jose.JSONWebKey) party {
	t.Helper()
	provider := discover(t)
	key := generate(t, algorithm, "sig")
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}}
	for _, more := range keys {
		set.Keys = append(set.Keys, more.Public())
	}
	wanted := map[string]any{
		"redirect_uris":                   []any{redirectURI},
		"post_logout_redirect_uris":       []any{goodbye},
		"token_endpoint_auth_method":      "private_key_jwt",
		"token_endpoint_auth_signing_alg": algorithm,
		"id_token_signed_response_alg":    algorithm,
		"userinfo_signed_response_alg":    algorithm,
	}
	for member, value := range wishes {
		wanted[member] = value
	}
	registered := post(t, provider, wanted, set)
	for member, value := range wanted {
		wish, _ := json.Marshal(value)
		if found, _ := json.Marshal(registered[member]); !bytes.Equal(found, wish) {
			t.Errorf("%s is %s instead of %s", member, found, wish)
		}
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	clientID, _ := registered["client_id"].(string)
	return party{provider, &oauth2.Config{
		ClientID:    clientID,
		Endpoint:    endpoint,
		RedirectURL: redirectURI,
		Scopes:      []string{oidc.ScopeOpenID, "profile", "email"},
	}, key}
}

func post(t *testing.T, provider *oidc.Provider, wanted map[string]any, keys jose.JSONWebKeySet) map[string]any {
	t.Helper()
	var metadata struct {
		Registration string `json:"registration_endpoint"`
	}
	if err := provider.Claims(&metadata); err != nil {
		t.Fatal(err)
	}
	document := map[string]any{"jwks": keys}
	for member, value := range wanted {
		document[member] = value
	}
	body, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(metadata.Registration, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var registered map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&registered); err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %v %v", answer.Status, registered, err)
	}
	return registered
}

// login is a code flow whose token request holds an assertion.
func (p party) login(t *testing.T, person ...string) login {
	t.Helper()
	key := jose.SigningKey{Algorithm: jose.SignatureAlgorithm(p.key.Algorithm), Key: p.key}
	signer, err := jose.NewSigner(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	assertion, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer:   p.config.ClientID,
		Subject:  p.config.ClientID,
		Audience: jwt.Audience{issuer},
		Expiry:   jwt.NewNumericDate(now.Add(time.Minute)),
		IssuedAt: jwt.NewNumericDate(now),
		ID:       rand.Text(),
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return login{p.config, person, []oauth2.AuthCodeOption{
		oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
		oauth2.SetAuthURLParam("client_assertion", assertion),
	}}
}

func checkUserInfo(t *testing.T, provider *oidc.Provider, token *oauth2.Token, subject string) {
	t.Helper()
	info, err := provider.UserInfo(context.Background(), oauth2.StaticTokenSource(token))
	if err != nil {
		t.Fatal(err)
	}
	if info.Subject != subject || info.Email != "demo@example.com" || !info.EmailVerified {
		t.Errorf("wrong userinfo: %+v", info)
	}
	var claims struct {
		Issuer string `json:"iss"`
	}
	if err := info.Claims(&claims); err != nil || claims.Issuer != issuer {
		t.Errorf("userinfo is not signed: %v %v", claims, err)
	}
}

func TestSignedAnswers(t *testing.T) {
	for _, algorithm := range []string{"RS256", "ES256", "PS256", "EdDSA"} {
		t.Run(algorithm, func(t *testing.T) {
			p := register(t, algorithm, nil)
			token := p.login(t).run(t, oidc.Nonce("the-nonce"))
			// No other algorithm will do.
			config := &oidc.Config{ClientID: p.config.ClientID, SupportedSigningAlgs: []string{algorithm}}
			raw, _ := token.Extra("id_token").(string)
			idToken, err := p.provider.Verifier(config).Verify(context.Background(), raw)
			if err != nil {
				t.Fatal(err)
			}
			if idToken.Nonce != "the-nonce" {
				t.Errorf("nonce is %q", idToken.Nonce)
			}
			if err := idToken.VerifyAccessToken(token.AccessToken); err != nil {
				t.Error(err)
			}
			checkUserInfo(t, p.provider, token, idToken.Subject)
		})
	}
}

func TestEncryptedIDToken(t *testing.T) {
	for algorithm, encryption := range map[jose.KeyAlgorithm]jose.ContentEncryption{
		jose.RSA_OAEP_256: jose.A128GCM,
		jose.ECDH_ES:      jose.A256GCM,
	} {
		t.Run(string(algorithm), func(t *testing.T) {
			key := generate(t, string(algorithm), "enc")
			p := register(t, "ES256", map[string]any{
				"id_token_encrypted_response_alg": algorithm,
				"id_token_encrypted_response_enc": encryption,
			}, key)
			token := p.login(t).run(t)
			raw, _ := token.Extra("id_token").(string)
			sealed, err := jose.ParseEncrypted(raw, []jose.KeyAlgorithm{algorithm}, []jose.ContentEncryption{encryption})
			if err != nil {
				t.Fatal(err)
			}
			opened, err := sealed.Decrypt(key)
			if err != nil {
				t.Fatal(err)
			}
			verifier := p.provider.Verifier(&oidc.Config{ClientID: p.config.ClientID})
			idToken, err := verifier.Verify(context.Background(), string(opened))
			if err != nil {
				t.Fatal(err)
			}
			checkUserInfo(t, p.provider, token, idToken.Subject)
		})
	}
}

func TestLogout(t *testing.T) {
	heard := make(chan url.Values, 1)
	listener := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		if err := request.ParseForm(); err != nil {
			t.Error(err)
		}
		heard <- request.PostForm
	}))
	defer listener.Close()
	p := register(t, "PS256", map[string]any{
		"backchannel_logout_uri":              listener.URL + "/backchannel-logout",
		"backchannel_logout_session_required": true,
	})
	cookies := filepath.Join(t.TempDir(), "cookies")
	token := p.login(t, "--cookies", cookies).run(t)
	idToken := verify(t, p.provider, p.config.ClientID, token)

	var metadata struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := p.provider.Claims(&metadata); err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	query := url.Values{"id_token_hint": {raw}, "post_logout_redirect_uri": {goodbye}, "state": {"after & all"}}
	back := person(t, "--cookies", cookies, "--sign-out", metadata.EndSession+"?"+query.Encode())
	if back.Query().Get("state") != "after & all" || back.Path != "/goodbye" {
		t.Errorf("signing out led to %s", back)
	}
	select {
	case form := <-heard:
		checkLogoutToken(t, p, form, idToken)
	case <-time.After(10 * time.Second):
		t.Fatal("no logout token arrived")
	}
}

func checkLogoutToken(t *testing.T, p party, form url.Values, idToken *oidc.IDToken) {
	t.Helper()
	verifier := p.provider.Verifier(&oidc.Config{ClientID: p.config.ClientID, SupportedSigningAlgs: []string{"PS256"}})
	logout, err := verifier.VerifyLogout(context.Background(), form.Get("logout_token"))
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Session string `json:"sid"`
	}
	if err := idToken.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	if logout.Subject != idToken.Subject || logout.SessionID != claims.Session {
		t.Errorf("%+v is about another login than %+v", logout, idToken)
	}
	other := p.provider.Verifier(&oidc.Config{ClientID: "web"})
	if _, err := other.VerifyLogout(context.Background(), form.Get("logout_token")); err == nil {
		t.Error("another client takes the logout token")
	}
}
