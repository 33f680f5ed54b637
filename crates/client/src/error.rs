//! What can go wrong, told apart by what has to be done about it.

use grantor_fetch::FetchError;
use grantor_types::Seconds;

use crate::IdTokenError;

/// Why there is no result. The variants answer one question: what now?
///
/// | variant | what happened | what to do |
/// |---|---|---|
/// | [`NotApplied`](Self::NotApplied) | nothing, or nothing that counts | repeat the same request, after `retry_after` |
/// | [`UserRequired`](Self::UserRequired) | the code, refresh token or session is over | send the user through a new authorization |
/// | [`Refused`](Self::Refused) | the provider said no, and will again | change the request or the registration |
/// | [`OutcomeUnknown`](Self::OutcomeUnknown) | a code or token may be used up | do **not** repeat blindly; see [`OutcomeUnknown`] |
/// | [`InvalidAnswer`](Self::InvalidAnswer) | the answer breaks the protocol | use nothing of it; tell the provider |
/// | [`Misuse`](Self::Misuse) | nothing was sent | mend the program or its configuration |
/// | [`TimedOut`](Self::TimedOut) | the user did not come back | offer the login again |
///
/// ```
/// use grantor_client::{Error, InvalidAnswer, Misuse, NotApplied, OutcomeUnknown, Refusal, Trouble};
///
/// fn what_now(error: &Error) -> &'static str {
///     match error {
///         Error::NotApplied(NotApplied { retry_after, .. }) if retry_after.is_some() => "later",
///         Error::NotApplied(_) => "again",
///         Error::OutcomeUnknown(OutcomeUnknown { trouble: Trouble::Status(503) }) => "look whether it happened",
///         Error::Misuse(Misuse::NoRefreshToken) => "log in again",
///         Error::InvalidAnswer(InvalidAnswer::State) => "nothing: it is somebody else's",
///         other => other.refusal().map_or("tell somebody", Refusal::advice),
///     }
/// }
/// assert!(what_now(&Error::TimedOut).starts_with("tell"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The request changed nothing: it never arrived, was turned away unread, or is of a kind that may be repeated.
    #[error("{0}")]
    NotApplied(NotApplied),
    /// The user has to take part again.
    #[error("the user has to authorize again: {0}")]
    UserRequired(Refusal),
    /// The provider refused.
    #[error("the provider refused: {0}")]
    Refused(Refusal),
    /// What was sent is for one use, and nobody knows whether it was used.
    #[error("{0}")]
    OutcomeUnknown(OutcomeUnknown),
    /// An answer came that cannot be one, or must not be believed.
    #[error("the answer is not acceptable: {0}")]
    InvalidAnswer(InvalidAnswer),
    /// The request could not be made.
    #[error("{0}")]
    Misuse(Misuse),
    /// Nobody came back from the browser in time.
    #[error("nobody came back from the browser in time")]
    TimedOut,
}

impl Error {
    /// Whether the same request can be sent again without harm.
    pub fn is_safe_to_repeat(&self) -> bool {
        match self {
            Self::NotApplied(_) => true,
            Self::UserRequired(_)
            | Self::Refused(_)
            | Self::OutcomeUnknown(_)
            | Self::InvalidAnswer(_)
            | Self::Misuse(_)
            | Self::TimedOut => false,
        }
    }

    /// What the provider said, if it refused.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::UserRequired(refusal) | Self::Refused(refusal) => Some(refusal),
            Self::NotApplied(_)
            | Self::OutcomeUnknown(_)
            | Self::InvalidAnswer(_)
            | Self::Misuse(_)
            | Self::TimedOut => None,
        }
    }
}

/// Nothing was applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing was changed, and the request can be repeated: {trouble}")]
pub struct NotApplied {
    /// What was in the way.
    pub trouble: Trouble,
    /// How long the provider wants to be left alone, if it said so.
    pub retry_after: Option<Seconds>,
}

/// A request with something in it that is for one use (a code, a refresh token) brought no answer that tells whether it
/// was used.
///
/// A refresh: send the same refresh token **once** more if the provider repeats answers (Grantor does), otherwise have the
/// user authorize again; a second use may be taken for theft. A code: start a new authorization. A backchannel
/// authentication: the user may be asked at this moment, and is asked again by a new one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request may have been carried out, its answer is lost: {trouble}")]
pub struct OutcomeUnknown {
    /// What was in the way.
    pub trouble: Trouble,
}

/// What was in the way of an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No answer within the limits.
    #[error("{0}")]
    Transport(#[from] FetchError),
    /// The provider is not able to answer now.
    #[error("the provider answered with status {0}")]
    Status(u16),
    /// An answer that says nothing.
    #[error("{0}")]
    Answer(#[from] InvalidAnswer),
    /// The keys of the provider cannot be read.
    #[error("the provider's keys cannot be read")]
    KeysUnavailable,
}

/// What a provider says when it refuses ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)).
///
/// The texts are the provider's. They are cut to a bearable length and hold printable characters only; do not show them to
/// users as your own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status; 0 when it came in an authorization response.
    pub status: u16,
    /// `error`.
    pub code: String,
    /// `error_description`.
    pub description: Option<String>,
    /// `error_uri`.
    pub uri: Option<String>,
}

impl Refusal {
    /// What to do about it, in a sentence for the log.
    pub fn advice(&self) -> &'static str {
        match self.code.as_str() {
            "invalid_client" => "check client id, secret or key, and the registered authentication method",
            "unauthorized_client" => "have the grant type or endpoint allowed in the client's registration",
            "unsupported_grant_type" => "the provider does not offer this grant type; see its metadata",
            "invalid_scope" => "ask for scopes that the client is registered for",
            "invalid_target" => "ask for a resource that the client is registered for",
            "invalid_grant" => {
                "the code, token or assertion is over, revoked or another client's: begin anew"
            }
            "invalid_request" => "a parameter is missing, repeated or malformed; the description says which",
            "invalid_dpop_proof" => {
                "check the clock of this machine, and the address the provider is reached at"
            }
            "invalid_token" => "refresh the access token, or have the user authorize again",
            "insufficient_scope" => "ask the user for the scope that the description names",
            "invalid_redirect_uri" => "register the redirect URI exactly as it is sent",
            "access_denied" => "the user or the provider said no; do not ask again unbidden",
            "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
                "authorize again without prompt=none"
            }
            "expired_token" => "nobody answered in time: start again",
            "unknown_user_id" => "the hint names nobody whom the provider could ask",
            "expired_login_hint_token" => "get a new login hint token",
            "missing_user_code" | "invalid_user_code" => "ask the user for the code, and send it along",
            "invalid_binding_message" => "make the message shorter and plainer",
            _ => "see the description, and the provider's documentation",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)?;
        if let Some(description) = &self.description {
            write!(f, " ({description})")?;
        }
        write!(f, "; {}", self.advice())
    }
}

/// Why an answer is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(clippy::large_enum_variant, reason = "errors are rare")]
pub enum InvalidAnswer {
    /// A redirect where none belongs. Following it would hand the request to somebody else.
    #[error("a redirect (status {0}), which is never followed")]
    Redirect(u16),
    /// A status that says neither yes nor no, without an `error` in JSON.
    #[error("status {0} without an OAuth error in JSON")]
    Status(u16),
    /// Another media type.
    #[error("the media type is {0:?}, which is not what was asked for")]
    MediaType(String),
    /// Larger than the limit.
    #[error("the answer is larger than the limit")]
    TooLarge,
    /// Not a JSON object.
    #[error("the body is not a JSON object")]
    Json,
    /// A member that must be there is missing, or one is not what it must be.
    #[error("the member {0} is missing or malformed")]
    Member(&'static str),
    /// The metadata are those of another issuer (RFC 8414 §3.3).
    #[error("the metadata name another issuer than {expected}")]
    Issuer {
        /// The issuer that was asked.
        expected: String,
    },
    /// No metadata at any of the places where they may be.
    #[error("no metadata at any well-known address of the issuer")]
    NoMetadata,
    /// An endpoint that is not https, nor http on this machine.
    #[error("the address of {0} is neither https nor on this machine")]
    InsecureEndpoint(&'static str),
    /// The authorization response belongs to no request of ours: another `state`.
    #[error("state is missing or is not the one that was sent")]
    State,
    /// The authorization response is from another provider, or does not say from which (RFC 9207).
    #[error("iss in the authorization response is missing or names another provider")]
    ResponseIssuer,
    /// The ID token is not acceptable.
    #[error("the ID token: {0}")]
    IdToken(#[from] IdTokenError),
    /// There should be an ID token, as `openid` was asked for and granted.
    #[error("there is no ID token though openid was granted")]
    MissingIdToken,
    /// The userinfo answer is about somebody else, or its signature is not good.
    #[error("the userinfo answer: {0}")]
    Userinfo(IdTokenError),
    /// A bearer token where one bound to our key was asked for (RFC 9449 §5).
    #[error("the token is not bound to the key of this client")]
    NotBound,
}

/// A request that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misuse {
    /// The provider has no such endpoint, or its metadata do not say where.
    #[error("the provider's metadata have no {0}")]
    NoEndpoint(&'static str),
    /// A setting cannot be used.
    #[error("{what} cannot be used: {reason}")]
    Setting {
        /// Which.
        what: &'static str,
        /// Why not.
        reason: String,
    },
    /// A callback or token of another client or provider.
    #[error("this belongs to another client or provider")]
    ForeignState,
    /// There is no refresh token.
    #[error("there is no refresh token")]
    NoRefreshToken,
    /// The token has been issued for something else than access.
    #[error("this token is no access token")]
    NotAnAccessToken,
    /// A key failed, or the system gave no random bytes.
    #[error("cryptography failed: {0}")]
    Crypto(#[from] grantor_jose::JoseError),
    /// The receiver on this machine cannot listen.
    #[error("cannot listen on this machine: {0}")]
    Listen(String),
}

impl From<InvalidAnswer> for Error {
    fn from(answer: InvalidAnswer) -> Self {
        Self::InvalidAnswer(answer)
    }
}

impl From<Misuse> for Error {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}

impl From<grantor_jose::JoseError> for Error {
    fn from(error: grantor_jose::JoseError) -> Self {
        Self::Misuse(Misuse::Crypto(error))
    }
}

#[cfg(feature = "vault")]
impl From<grantor_vault::CredentialError> for Error {
    fn from(error: grantor_vault::CredentialError) -> Self {
        Self::setting("the credential", error)
    }
}

impl Error {
    /// The same trouble, once something has been used up.
    pub(crate) fn no_longer_repeatable(self) -> Self {
        match self {
            Self::NotApplied(NotApplied { trouble, .. }) => Self::OutcomeUnknown(OutcomeUnknown { trouble }),
            Self::UserRequired(_)
            | Self::Refused(_)
            | Self::OutcomeUnknown(_)
            | Self::InvalidAnswer(_)
            | Self::Misuse(_)
            | Self::TimedOut => self,
        }
    }

    pub(crate) fn setting(what: &'static str, reason: impl ToString) -> Self {
        let reason = reason.to_string();
        Self::Misuse(Misuse::Setting { what, reason })
    }
}
