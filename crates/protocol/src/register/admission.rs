//! Who may register clients (RFC 7591 1.2 and 3), and the tokens that let them.

use grantor_jose::digest;
use grantor_types::{InitialAccessTokenId, RegistrationMode, Seconds, Secret, SecretHash, Timestamp};

use crate::record::InitialAccessToken;
use crate::{Cause, Cx, Random, scannable};

/// What every initial access token begins with.
pub const INITIAL_PREFIX: &str = "giat_";

/// What somebody who registers a client has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// Nothing.
    Nothing,
    /// A token, and the initial access token that it is, if it is one.
    Token(Option<InitialAccessToken>),
}

/// Whether they may, and with which token. One that is shown is used, even where none is needed.
///
/// # Errors
/// Why not.
pub fn admit(cx: &Cx<'_>, presented: Presented) -> Result<Option<InitialAccessToken>, Cause> {
    match (cx.policy.registration.mode, presented) {
        (RegistrationMode::Closed, Presented::Nothing | Presented::Token(_)) => {
            Err(Cause::RegistrationClosed)
        }
        (RegistrationMode::Open, Presented::Nothing) => Ok(None),
        (RegistrationMode::InitialAccessToken, Presented::Nothing) => Err(Cause::RegistrationTokenMissing),
        (RegistrationMode::Open | RegistrationMode::InitialAccessToken, Presented::Token(token)) => {
            let live = token.filter(|token| !token.expires_at.is_past(cx.now) && token.uses_left != Some(0));
            live.map(Some).ok_or(Cause::RegistrationTokenInvalid)
        }
    }
}

/// An initial access token to be made.
#[derive(Clone, Debug)]
pub struct NewInitialToken {
    /// What the operator calls it.
    pub name: String,
    /// How many clients can be registered with it; any number when absent.
    pub uses: Option<u32>,
    /// How long it lives.
    pub lifetime: Seconds,
}

/// Makes an initial access token: its text, which is there this once, and what is kept of it.
pub fn make_initial(
    now: Timestamp,
    random: &Random,
    wanted: NewInitialToken,
) -> (Secret, InitialAccessToken) {
    let text = scannable::text(INITIAL_PREFIX, &random.secret);
    let token = InitialAccessToken {
        id: InitialAccessTokenId::new(now, random.row),
        hash: digest::secret_hash(&text),
        name: wanted.name,
        uses_left: wanted.uses,
        created_at: now,
        expires_at: now.plus(wanted.lifetime),
    };
    (Secret::new(text), token)
}

/// Reads a text in the form of our initial access tokens, and gives the hash that its row is found by.
pub fn parse_initial(text: &str) -> Option<SecretHash> {
    scannable::parse(INITIAL_PREFIX, text)
}
