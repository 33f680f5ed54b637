//! Turns decided claims into tokens. It comes before the commit, so that a key that fails consumes nothing.

use grantor_jose::{Type, digest};
use grantor_protocol::token::{TokenReply, UnsignedAccessToken, UnsignedIdToken};
use grantor_types::{TokenFormat, TokenResponse, TokenType, TokenTypeUri};

use crate::app::Failure;
use crate::keyring::Keyring;

/// What an opaque access token is sealed as.
pub(crate) const ACCESS_TOKEN_PURPOSE: &str = "access token";

pub(crate) fn token_response(keys: &Keyring, reply: TokenReply) -> Result<TokenResponse, Failure> {
    let expires_in = reply.access_token.expires_in();
    let refresh_token = match reply.refresh_token {
        Some(token) => {
            let derived = keys.derivation().derive(&token);
            Some(derived.ok_or_else(|| Failure::internal("refresh token", "no derivation key"))?)
        }
        None => None,
    };
    // "access_token: [...] The security token issued by the authorization server in response to the token exchange
    // request. The "access_token" parameter [...] is used here to carry the requested token" (RFC 8693 2.2.1)
    let (access_token, token_type, refresh_token) = match (reply.issued_token_type, refresh_token) {
        (Some(TokenTypeUri::RefreshToken), Some(token)) => (token, TokenType::NotApplicable, None),
        (_, refresh_token) => {
            let token_type = reply.access_token.claims.token_type();
            (
                access_token(keys, &reply.access_token)?,
                token_type,
                refresh_token,
            )
        }
    };
    let id_token = reply
        .id_token
        .map(|token| id_token(keys, token, &access_token))
        .transpose()?;
    Ok(TokenResponse {
        access_token,
        token_type,
        expires_in,
        scope: reply.scope,
        refresh_token,
        id_token,
        issued_token_type: reply.issued_token_type,
    })
}

fn access_token(keys: &Keyring, token: &UnsignedAccessToken) -> Result<String, Failure> {
    match token.format {
        TokenFormat::Jwt => {
            let key = keys
                .signing(token.algorithm)
                .ok_or_else(|| no_key(token.algorithm))?;
            key.sign(Type::AccessToken, &token.claims)
                .map_err(|error| Failure::internal("access token", error))
        }
        TokenFormat::Opaque => {
            let claims = serde_json::to_vec(&token.claims)
                .map_err(|error| Failure::internal("access token", error))?;
            keys.sealing()
                .seal(ACCESS_TOKEN_PURPOSE, &claims)
                .map_err(|error| Failure::internal("access token", error))
        }
    }
}

fn id_token(keys: &Keyring, mut token: UnsignedIdToken, access_token: &str) -> Result<String, Failure> {
    let key = keys
        .signing(token.algorithm)
        .ok_or_else(|| no_key(token.algorithm))?;
    token.claims.at_hash = Some(digest::oidc_hash(token.algorithm, access_token));
    key.sign(Type::IdToken, &token.claims)
        .map_err(|error| Failure::internal("ID token", error))
}

fn no_key(algorithm: grantor_types::SigningAlgorithm) -> Failure {
    Failure::internal("no signing key", algorithm)
}
