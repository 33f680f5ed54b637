//! Turns decided claims into tokens. It comes before the commit, so that a key that fails consumes nothing.

use grantor_jose::{EncryptionKey, Type, digest};
use grantor_protocol::Cause;
use grantor_protocol::logout::UnsignedLogoutToken;
use grantor_protocol::token::{Encryption, TokenReply, UnsignedAccessToken, UnsignedIdToken};
use grantor_types::{SigningAlgorithm, TokenFormat, TokenResponse, TokenType, TokenTypeUri};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::app::Failure;
use crate::keyring::Keyring;

/// What an opaque access token is sealed as.
pub(crate) const ACCESS_TOKEN_PURPOSE: &str = "access token";

/// `encrypt_to` is the key of the client for an ID token that wants encryption.
pub(crate) fn token_response(
    keys: &Keyring,
    reply: TokenReply,
    encrypt_to: Option<&EncryptionKey>,
) -> Result<TokenResponse, Failure> {
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
        .map(|token| id_token(keys, token, &access_token, encrypt_to))
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
        TokenFormat::Jwt => sign(keys, token.algorithm, Type::AccessToken, &token.claims),
        TokenFormat::Opaque => {
            let claims = serde_json::to_vec(&token.claims)
                .map_err(|error| Failure::internal("access token", error))?;
            keys.sealing()
                .seal(ACCESS_TOKEN_PURPOSE, &claims)
                .map_err(|error| Failure::internal("access token", error))
        }
    }
}

fn id_token(
    keys: &Keyring,
    mut token: UnsignedIdToken,
    access_token: &str,
    encrypt_to: Option<&EncryptionKey>,
) -> Result<String, Failure> {
    token.claims.at_hash = Some(digest::oidc_hash(token.algorithm, access_token));
    let signed = sign(keys, token.algorithm, Type::IdToken, &token.claims)?;
    encrypted(signed, token.encryption, encrypt_to)
}

/// A logout token, as the ID tokens of the client are. That it "SHOULD replicate the iss (issuer) claim in the JWT Header
/// Parameters" when it is encrypted (Back-Channel Logout 1.0, 2.4) is left out: libraries that are strict about headers
/// refuse a token that has it there, and whoever has only one provider has no use for it.
pub(crate) fn logout_token(
    keys: &Keyring,
    token: &UnsignedLogoutToken,
    encrypt_to: Option<&EncryptionKey>,
) -> Result<String, Failure> {
    let signed = sign(keys, token.algorithm, Type::LogoutToken, &token.claims)?;
    encrypted(signed, token.encryption, encrypt_to)
}

fn encrypted(
    signed: String,
    encryption: Option<Encryption>,
    encrypt_to: Option<&EncryptionKey>,
) -> Result<String, Failure> {
    match (encryption, encrypt_to) {
        (None, _) => Ok(signed),
        (Some(encryption), Some(key)) => key
            .encrypt_jwt(encryption.content, &signed)
            .map_err(|error| Failure::internal("encryption", error)),
        // Never in the clear what is to be encrypted.
        (Some(_), None) => Err(Cause::ClientEncryptionKeyMissing.into()),
    }
}

/// A userinfo answer as a JWT.
pub(crate) fn userinfo(
    keys: &Keyring,
    claims: &Map<String, Value>,
    signature: Option<SigningAlgorithm>,
    (encryption, encrypt_to): (Option<Encryption>, Option<&EncryptionKey>),
) -> Result<String, Failure> {
    match (signature, encryption, encrypt_to) {
        (Some(algorithm), _, _) => {
            let signed = sign(keys, algorithm, Type::Jwt, claims)?;
            encrypted(signed, encryption, encrypt_to)
        }
        (None, Some(encryption), Some(key)) => key
            .encrypt_claims(encryption.content, claims)
            .map_err(|error| Failure::internal("userinfo", error)),
        (None, Some(_), None) => Err(Cause::ClientEncryptionKeyMissing.into()),
        (None, None, _) => Err(Failure::internal("userinfo", "neither signed nor encrypted")),
    }
}

/// Signs claims with the current key of an algorithm.
fn sign<T: Serialize + ?Sized>(
    keys: &Keyring,
    algorithm: SigningAlgorithm,
    typ: Type,
    claims: &T,
) -> Result<String, Failure> {
    let key = keys.signing(algorithm);
    let key = key.ok_or_else(|| Failure::internal("no signing key", algorithm))?;
    key.sign(typ, claims)
        .map_err(|error| Failure::internal("signing", error))
}
