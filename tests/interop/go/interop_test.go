package interop

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

func TestCodeFlow(t *testing.T) {
	ctx := context.Background()
	provider, config := web(t)
	token := authorize(t, config, oidc.Nonce("the-nonce"))
	checkToken(t, token, config.Scopes)

	idToken := verify(t, provider, config.ClientID, token)
	if idToken.Nonce != "the-nonce" || idToken.Issuer != issuer || idToken.Audience[0] != "web" {
		t.Errorf("wrong ID token: %+v", idToken)
	}
	if lifetime := idToken.Expiry.Sub(idToken.IssuedAt); lifetime != time.Hour {
		t.Errorf("the ID token lives for %v", lifetime)
	}

	info, err := provider.UserInfo(ctx, config.TokenSource(ctx, token))
	if err != nil {
		t.Fatal(err)
	}
	var claims struct{ Name, Birthdate string }
	if err := info.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	if info.Subject != idToken.Subject || info.Email != "demo@example.com" || !info.EmailVerified {
		t.Errorf("wrong userinfo: %+v", info)
	}
	if claims.Name != "Demo Maria User" || claims.Birthdate != "1990-02-28" {
		t.Errorf("wrong claims: %+v", claims)
	}
}

func verify(t *testing.T, provider *oidc.Provider, clientID string, token *oauth2.Token) *oidc.IDToken {
	t.Helper()
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		t.Fatal("no ID token")
	}
	idToken, err := provider.Verifier(&oidc.Config{ClientID: clientID}).Verify(context.Background(), raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := idToken.VerifyAccessToken(token.AccessToken); err != nil {
		t.Error(err)
	}
	return idToken
}

func TestRefresh(t *testing.T) {
	ctx := context.Background()
	provider, config := web(t)
	token := authorize(t, config)
	subject := verify(t, provider, config.ClientID, token).Subject
	seen := map[string]bool{token.RefreshToken: true}
	for range 3 {
		// The source refreshes what is past its end.
		token.Expiry = time.Now().Add(-time.Minute)
		renewed, err := config.TokenSource(ctx, token).Token()
		if err != nil {
			t.Fatal(err)
		}
		checkToken(t, renewed, config.Scopes)
		if seen[renewed.RefreshToken] {
			t.Error("a refresh token came twice")
		}
		if found := verify(t, provider, config.ClientID, renewed).Subject; found != subject {
			t.Errorf("the subject changed to %q", found)
		}
		seen[renewed.RefreshToken] = true
		token = renewed
	}
}

func TestRevocation(t *testing.T) {
	ctx := context.Background()
	provider, config := web(t)
	token := authorize(t, config)
	// Neither library revokes; go-oidc reads the address from the metadata.
	var metadata struct {
		Revocation string `json:"revocation_endpoint"`
	}
	if err := provider.Claims(&metadata); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"token": {token.RefreshToken}}
	request, _ := http.NewRequest(http.MethodPost, metadata.Revocation, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(config.ClientID, config.ClientSecret)
	answer, err := http.DefaultClient.Do(request)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", answer, err)
	}
	if _, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token)); err == nil {
		t.Error("the access token of a revoked grant still works")
	}
	token.Expiry = time.Now().Add(-time.Minute)
	_, err = config.TokenSource(ctx, token).Token()
	checkRefused(t, err, "invalid_grant")
}

func TestClientCredentials(t *testing.T) {
	ctx := context.Background()
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleAutoDetect, oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		config := clientcredentials.Config{
			ClientID:     "service",
			ClientSecret: "service-secret",
			TokenURL:     discover(t).Endpoint().TokenURL,
			Scopes:       []string{"read", "admin"},
			AuthStyle:    style,
		}
		token, err := config.Token(ctx)
		if err != nil {
			t.Fatal(err)
		}
		checkToken(t, token, config.Scopes)
		if token.RefreshToken != "" || token.Extra("id_token") != nil {
			t.Errorf("too much for a client of its own: %v", token)
		}
		answer, err := config.Client(ctx).Get(issuer + "/api/test")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != http.StatusOK || !strings.Contains(string(body), `"client_id":"service"`) {
			t.Errorf("%s: %s", answer.Status, body)
		}
	}
}

func TestPublicClient(t *testing.T) {
	config := &oauth2.Config{
		ClientID:    "native",
		Endpoint:    discover(t).Endpoint(),
		RedirectURL: "http://127.0.0.1:49154/callback",
		Scopes:      []string{"openid", "write"},
	}
	checkToken(t, authorize(t, config), config.Scopes)
}

func TestRefusals(t *testing.T) {
	ctx := context.Background()
	_, config := web(t)
	address := config.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()), oauth2.SetAuthURLParam("prompt", "consent"))
	if found := signIn(t, address, "deny").Get("error"); found != "access_denied" {
		t.Errorf("error is %q", found)
	}
	_, err := config.Exchange(ctx, "no-code", oauth2.VerifierOption(oauth2.GenerateVerifier()))
	checkRefused(t, err, "invalid_grant")
	config.ClientSecret = "wrong"
	_, err = config.Exchange(ctx, "no-code", oauth2.VerifierOption(oauth2.GenerateVerifier()))
	checkRefused(t, err, "invalid_client")
}
