// A notes API in Go that takes access tokens of Grantor, checked with go-oidc.
//
// go run ., with a `grantor dev` beside it. ISSUER says who issues the tokens, AUDIENCE who they have to be for, PORT
// where to listen.
package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Claims are what an access token says (RFC 9068 2.2).
type Claims struct {
	Subject      string          `json:"sub"`
	ClientID     string          `json:"client_id"`
	Scope        string          `json:"scope"`
	Confirmation json.RawMessage `json:"cnf"`
}

type checker struct {
	verifier *oidc.IDTokenVerifier
}

func newChecker(ctx context.Context, issuer, audience string) (*checker, error) {
	// The issuer's metadata say where its keys are; they are kept, and fetched anew when a token names one that is not
	// known.
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return nil, err
	}
	return &checker{provider.VerifierContext(ctx, &oidc.Config{
		ClientID: audience,
		// Never the algorithm that the token names by itself.
		SupportedSigningAlgs: []string{oidc.ES256, oidc.EdDSA, oidc.PS256, oidc.RS256},
	})}, nil
}

// claims checks an access token for us (RFC 9068 4).
func (c *checker) claims(ctx context.Context, text string) (*Claims, error) {
	// An ID token has the same signature and the same issuer; the type tells them apart.
	if !isAccessToken(text) {
		return nil, errors.New("not an access token")
	}
	token, err := c.verifier.Verify(ctx, text)
	if err != nil {
		return nil, err
	}
	var claims Claims
	if err := token.Claims(&claims); err != nil {
		return nil, err
	}
	// A token that is bound to a key is no bearer token: without its proof it may be stolen.
	if claims.Confirmation != nil || claims.Subject == "" || claims.ClientID == "" {
		return nil, errors.New("not a bearer token")
	}
	return &claims, nil
}

// isAccessToken reads the type of a JWT. That nobody changed it, the signature will say.
func isAccessToken(text string) bool {
	encoded, _, _ := strings.Cut(text, ".")
	decoded, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return false
	}
	var header struct {
		Type string `json:"typ"`
	}
	if err := json.Unmarshal(decoded, &header); err != nil {
		return false
	}
	return slices.Contains([]string{"at+jwt", "application/at+jwt"}, strings.ToLower(header.Type))
}

// refuse answers with the challenge of RFC 6750 3.
func refuse(w http.ResponseWriter, status int, code string, more ...string) {
	parts := []string{`Bearer realm="notes"`}
	if code != "" {
		parts = append(parts, fmt.Sprintf("error=%q", code))
	}
	w.Header().Set("WWW-Authenticate", strings.Join(append(parts, more...), ", "))
	write(w, status, map[string]string{"error": cmp.Or(code, "invalid_token")})
}

func write(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}

type handler func(w http.ResponseWriter, r *http.Request, token *Claims)

// require lets a request through when its token is good and has all of these scopes.
func (c *checker) require(next handler, scopes ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "bearer") {
			refuse(w, http.StatusUnauthorized, "")
			return
		}
		token, err := c.claims(r.Context(), strings.TrimSpace(text))
		if err != nil {
			refuse(w, http.StatusUnauthorized, "invalid_token")
			return
		}
		granted := strings.Fields(token.Scope)
		for _, scope := range scopes {
			if !slices.Contains(granted, scope) {
				wanted := fmt.Sprintf("scope=%q", strings.Join(scopes, " "))
				refuse(w, http.StatusForbidden, "insufficient_scope", wanted)
				return
			}
		}
		next(w, r, token)
	}
}

func main() {
	issuer := cmp.Or(os.Getenv("ISSUER"), "http://localhost:8080")
	audience := cmp.Or(os.Getenv("AUDIENCE"), issuer)
	check, err := newChecker(context.Background(), issuer, audience)
	if err != nil {
		log.Fatal(err)
	}

	var lock sync.Mutex
	notes := []json.RawMessage{}
	http.HandleFunc("GET /notes", check.require(func(w http.ResponseWriter, _ *http.Request, _ *Claims) {
		lock.Lock()
		defer lock.Unlock()
		write(w, http.StatusOK, map[string]any{"notes": notes})
	}, "read"))
	http.HandleFunc("POST /notes", check.require(func(w http.ResponseWriter, r *http.Request, _ *Claims) {
		var note json.RawMessage
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<10)).Decode(&note); err != nil {
			write(w, http.StatusBadRequest, map[string]string{"error": "not JSON"})
			return
		}
		lock.Lock()
		defer lock.Unlock()
		notes = append(notes, note)
		write(w, http.StatusCreated, note)
	}, "write"))
	http.HandleFunc("GET /whoami", check.require(func(w http.ResponseWriter, _ *http.Request, token *Claims) {
		write(w, http.StatusOK, map[string]any{
			"sub": token.Subject, "client_id": token.ClientID, "scope": token.Scope,
			// A client's own token has the client in `sub`.
			"user": token.Subject != token.ClientID,
		})
	}))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "5001"), nil))
}
