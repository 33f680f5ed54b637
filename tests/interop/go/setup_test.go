// Package interop runs golang.org/x/oauth2 and go-oidc against a development server.
package interop

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const redirectURI = "http://localhost:3000/oauth/callback"

var issuer = os.Getenv("GRANTOR_ISSUER")

func discover(t *testing.T) *oidc.Provider {
	t.Helper()
	provider, err := oidc.NewProvider(context.Background(), issuer)
	if err != nil {
		t.Fatal(err)
	}
	return provider
}

func web(t *testing.T) (*oidc.Provider, *oauth2.Config) {
	t.Helper()
	provider := discover(t)
	return provider, &oauth2.Config{
		ClientID:     "web",
		ClientSecret: "web-secret",
		Endpoint:     provider.Endpoint(),
		RedirectURL:  redirectURI,
		Scopes:       []string{oidc.ScopeOpenID, "profile", "email", "read"},
	}
}

// person acts on the real pages, as these words say; it returns the address that it is led to.
func person(t *testing.T, words ...string) *url.URL {
	t.Helper()
	command := exec.Command(os.Getenv("SIGN_IN"), words...)
	command.Stderr = os.Stderr
	answer, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(strings.TrimSpace(string(answer)))
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// signIn logs in and decides; it returns the parameters that the application is called with.
func signIn(t *testing.T, words ...string) url.Values {
	t.Helper()
	answer := person(t, words...).Query()
	if found := answer.Get("iss"); found != issuer {
		t.Fatalf("iss is %q", found)
	}
	return answer
}

// authorize goes through the code flow with PKCE up to the tokens.
func authorize(t *testing.T, config *oauth2.Config, options ...oauth2.AuthCodeOption) *oauth2.Token {
	t.Helper()
	return login{config: config}.run(t, options...)
}

// login is a code flow: what a person is told beside the address, and what the token request holds beside the code.
type login struct {
	config   *oauth2.Config
	person   []string
	exchange []oauth2.AuthCodeOption
}

func (l login) run(t *testing.T, options ...oauth2.AuthCodeOption) *oauth2.Token {
	t.Helper()
	verifier := oauth2.GenerateVerifier()
	address := l.config.AuthCodeURL("the-state", append(options, oauth2.S256ChallengeOption(verifier))...)
	answer := signIn(t, append(l.person, address)...)
	if answer.Get("state") != "the-state" {
		t.Fatalf("state is %q", answer.Get("state"))
	}
	exchange := append(l.exchange, oauth2.VerifierOption(verifier))
	token, err := l.config.Exchange(context.Background(), answer.Get("code"), exchange...)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// checkToken looks at what every token answer has.
func checkToken(t *testing.T, token *oauth2.Token, scopes []string) {
	t.Helper()
	if token.TokenType != "Bearer" || !token.Valid() {
		t.Errorf("no valid bearer token: %v", token)
	}
	// The library turns expires_in into a time of day.
	if left := time.Until(token.Expiry).Round(time.Minute); left != time.Hour {
		t.Errorf("the token lives for %v", left)
	}
	scope, _ := token.Extra("scope").(string)
	granted := strings.Fields(scope)
	slices.Sort(granted)
	wanted := slices.Sorted(slices.Values(scopes))
	if !slices.Equal(granted, wanted) {
		t.Errorf("scope is %v instead of %v", granted, wanted)
	}
}

// checkRefused looks for an OAuth error.
func checkRefused(t *testing.T, err error, code string) {
	t.Helper()
	refused, ok := err.(*oauth2.RetrieveError)
	if !ok {
		if wrapped, isURL := err.(*url.Error); isURL {
			refused, ok = wrapped.Err.(*oauth2.RetrieveError)
		}
	}
	if !ok || refused.ErrorCode != code || refused.ErrorDescription == "" {
		t.Errorf("%v is no %s", err, code)
	}
}
