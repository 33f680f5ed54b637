//! The logout token (Back-Channel Logout 1.0, 2.4).

use grantor_types::{Seconds, SessionId, SigningAlgorithm, TokenId, UserId};
use serde::{Deserialize, Serialize};

use crate::record::Client;
use crate::subject::subject;
use crate::token::{Encryption, id_token_algorithm};
use crate::{Cx, Random};

/// How long a logout token lives: "preferably at most two minutes in the future, to prevent captured Logout Tokens from
/// being replayable" (Back-Channel Logout 1.0, 2.4).
const LIFETIME: Seconds = Seconds::minutes(2);

/// The claims of a logout token. "A Logout Token MUST NOT contain a nonce Claim. This is to prevent its being used as an ID
/// Token".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogoutTokenClaims {
    /// The issuer.
    pub iss: String,
    /// Who had logged in, as the client knows them.
    pub sub: String,
    /// The client.
    pub aud: String,
    /// Time of issue, seconds since the epoch.
    pub iat: u64,
    /// End of life, seconds since the epoch.
    pub exp: u64,
    /// Names this token.
    pub jti: TokenId,
    /// The session that has ended: `sid` of its ID tokens.
    pub sid: SessionId,
    /// What has happened.
    pub events: LogoutEvents,
}

/// "Claim whose value is a JSON object containing the member name <http://schemas.openid.net/event/backchannel-logout>. This
/// declares that the JWT is a Logout Token."
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogoutEvents {
    /// "The corresponding member value MUST be a JSON object and SHOULD be the empty JSON object {}."
    #[serde(rename = "http://schemas.openid.net/event/backchannel-logout")]
    pub backchannel_logout: BackchannelLogoutEvent,
}

/// The empty object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackchannelLogoutEvent {}

/// A logout token to be signed.
#[derive(Clone, Debug)]
pub struct UnsignedLogoutToken {
    /// What it says.
    pub claims: LogoutTokenClaims,
    /// How to sign it: as the client's ID tokens are.
    pub algorithm: SigningAlgorithm,
    /// How to encrypt it then: as the client's ID tokens are. "If ID Token encryption was negotiated with the OP at
    /// Registration time and the Logout Token is not encrypted, the RP SHOULD reject it." (Back-Channel Logout 1.0, 2.6)
    pub encryption: Option<Encryption>,
}

/// The token that tells a client that a session of a user has ended.
pub fn logout_token(
    cx: &Cx<'_>,
    random: &Random,
    client: &Client,
    user: UserId,
    session: SessionId,
) -> UnsignedLogoutToken {
    UnsignedLogoutToken {
        algorithm: id_token_algorithm(cx, client),
        encryption: Encryption::of_id_tokens(client),
        claims: LogoutTokenClaims {
            iss: cx.issuer.as_str().to_owned(),
            sub: subject(cx, client, user),
            aud: client.id.to_string(),
            iat: cx.now.as_seconds(),
            exp: cx.now.plus(LIFETIME).as_seconds(),
            jti: TokenId::new(cx.now, random.token),
            sid: session,
            events: LogoutEvents::default(),
        },
    }
}
