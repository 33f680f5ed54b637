//! ID tokens ([OpenID Connect Core 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).

use grantor_jose::digest;
use grantor_types::{GrantId, SessionId, SigningAlgorithm, TokenId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Encryption;
use super::handle::CodeHandle;
use crate::Cx;
use crate::record::{Client, Grant, User};
use crate::subject::subject;

/// The claim that binds a token to the `state` of its request.
pub(crate) const STATE_HASH: &str = "s_hash";

/// The claims of an ID token. Claims of scopes are in the userinfo answer, not here: an access token comes with
/// every ID token of the code flow (OpenID Connect Core 5.4).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IdTokenClaims {
    /// The issuer.
    pub iss: String,
    /// The user.
    pub sub: String,
    /// The client.
    pub aud: String,
    /// End of life, seconds since the epoch.
    pub exp: u64,
    /// Time of issue, seconds since the epoch.
    pub iat: u64,
    /// When the user logged in, seconds since the epoch.
    pub auth_time: u64,
    /// The `nonce` of the authorization request, exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// How the user logged in (RFC 8176).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// The session at this server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<SessionId>,
    /// Names the token: the grant that it was issued for, so that it is worth nothing in an exchange once the grant has
    /// ended, and the access token that it was issued with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// How well the login proves who the user is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Left half of the access token's hash, set when it is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// The client, when the request asked for this claim: there is no other audience, so it says what `aud` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
    /// Left half of the hash of the code that the token was redeemed with, when the request asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<String>,
    /// Left half of the hash of the `state` of the request, when the request asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s_hash: Option<String>,
    /// Claims about the user that the request asked for here.
    #[serde(default, flatten, skip_serializing_if = "Map::is_empty")]
    pub requested: Map<String, Value>,
}

impl IdTokenClaims {
    /// The grant that it was issued for.
    pub fn grant(&self) -> Option<GrantId> {
        let (grant, _) = self.jti.as_ref()?.split_once('.')?;
        GrantId::parse(grant)
    }
}

/// An ID token to be signed.
#[derive(Clone, Debug)]
pub struct UnsignedIdToken {
    /// What it says.
    pub claims: IdTokenClaims,
    /// How to sign it.
    pub algorithm: SigningAlgorithm,
    /// How to encrypt it then, to a key of the client.
    pub encryption: Option<Encryption>,
}

/// The ID token of a grant; `nonce` only at the redemption of the code.
pub(crate) fn id_token(
    cx: &Cx<'_>,
    (client, user): (&Client, &User),
    grant: &Grant,
    access_token: TokenId,
    nonce: Option<String>,
) -> UnsignedIdToken {
    let lifetime = client.lifetimes.id_token.unwrap_or(cx.policy.id_token_lifetime);
    let openid = grant.openid.as_deref();
    UnsignedIdToken {
        algorithm: id_token_algorithm(cx, client),
        encryption: Encryption::of_id_tokens(client),
        claims: IdTokenClaims {
            iss: cx.issuer.as_str().to_owned(),
            sub: subject(cx, client, grant.user),
            aud: client.id.to_string(),
            exp: cx.now.plus(lifetime).as_seconds(),
            iat: cx.now.as_seconds(),
            auth_time: grant.auth_time.as_seconds(),
            nonce,
            amr: grant.authentication_methods.clone(),
            sid: grant.session,
            jti: Some(format!("{}.{access_token}", grant.id)),
            acr: openid.and_then(|openid| openid.acr.clone()),
            at_hash: None,
            azp: is_wanted(grant, "azp").then(|| client.id.to_string()),
            c_hash: None,
            s_hash: None,
            requested: openid
                .map(|openid| {
                    let asked = openid.claims.id_token.keys().map(String::as_str);
                    user.claims.released(asked, &openid.claims_locales)
                })
                .unwrap_or_default(),
        },
    }
}

impl UnsignedIdToken {
    /// Binds the token to the code that it is redeemed with and to the `state` of its request, as far as the request asked
    /// for that in its `claims` parameter. In the response of the authorization endpoint these hashes keep a code and a
    /// token together (OpenID Connect Core 3.3.2.11). Ours come from the token endpoint alone, where they may be left out
    /// (3.3.3.6).
    pub(crate) fn bind(&mut self, code: &CodeHandle, grant: &Grant) {
        let hash = |text: &str| digest::oidc_hash(self.algorithm, text);
        let c_hash = is_wanted(grant, "c_hash").then(|| hash(&code.encode()));
        let state = grant.openid.as_ref().and_then(|openid| openid.state.as_deref());
        let s_hash = state.map(hash);
        (self.claims.c_hash, self.claims.s_hash) = (c_hash, s_hash);
    }
}

/// Whether the request asked for this claim in the ID token.
fn is_wanted(grant: &Grant, claim: &str) -> bool {
    let openid = grant.openid.as_ref();
    openid.is_some_and(|openid| openid.claims.id_token.contains_key(claim))
}

/// What ID tokens, and the logout tokens that go with them, are signed with.
pub(crate) fn id_token_algorithm(cx: &Cx<'_>, client: &Client) -> SigningAlgorithm {
    client.id_token_algorithm.unwrap_or(cx.policy.id_token_algorithm)
}
