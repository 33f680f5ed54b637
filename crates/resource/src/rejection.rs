//! Refusing a request: the reason, the status, the challenge
//! ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)) and the body.

use std::sync::Arc;

use bytes::Bytes;
use grantor_fetch::Unavailable;
use grantor_jose::VerifyError;
use grantor_jose::dpop::ProofError;
use grantor_types::{AccessTokenScheme, ErrorCode, Scope, Seconds};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{Response, StatusCode};

/// Why a request is refused: one variant per reason. For the log; the caller reads an [`ErrorCode`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// No bearer token.
    #[error("no access token was presented")]
    NoToken,
    /// A token in the query of the URL, with or without another in the header.
    #[error("access tokens are not accepted in the URL")]
    TokenInQuery,
    /// More than one `Authorization` header.
    #[error("the Authorization header is repeated")]
    RepeatedHeader,
    /// `Bearer`, but no token of the right form after it.
    #[error("the Authorization header does not hold one bearer token")]
    MalformedHeader,
    /// The JWT did not pass.
    #[error(transparent)]
    Invalid(#[from] VerifyError),
    /// An opaque token, and no introspection is set up.
    #[error("the token is not a JWT")]
    NotJwt,
    /// The authorization server says that the token is not active.
    #[error("the token is not active")]
    Inactive,
    /// The introspection response is of another kind of token, another issuer or another audience.
    #[error("the token is not an access token for this resource server")]
    NotForUs,
    /// `sub`, `client_id`, `exp` or `scope` is missing or not what it must be.
    #[error("the token lacks a claim that RFC 9068 requires")]
    MissingClaim,
    /// The token is bound to a key, and presented without a proof of it; or bound in a way that is not known here.
    #[error("the token is bound to a key and is no bearer token")]
    SenderConstrained,
    /// A proof is there, but the token is bound to another key, or to none.
    #[error("the token is not bound to the key of the DPoP proof")]
    NotBoundToKey,
    /// The `DPoP` scheme without a `DPoP` header.
    #[error("the DPoP proof is missing")]
    ProofMissing,
    /// More than one `DPoP` header.
    #[error("the DPoP header is repeated")]
    RepeatedProof,
    /// The proof did not pass.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The proof was used before.
    #[error("the DPoP proof was used before")]
    ProofReplayed,
    /// The proof has no nonce of ours, or an old one. The answer has a new one.
    #[error("the DPoP proof needs the nonce of this answer")]
    NonceRequired,
    /// The token lacks a scope. Holds what would do: all of them, or for [`Require::any_of`](crate::Require::any_of)
    /// any one.
    #[error("the token does not allow this")]
    InsufficientScope(Scope),
    /// The token is the client's own, and a user's is needed.
    #[error("this needs a token that a user granted")]
    UserRequired,
    /// The token is a user's, and the client's own is needed.
    #[error("this needs a client's own token")]
    ClientRequired,
    /// The keys or the introspection endpoint cannot be reached, so nothing can be said about the token.
    #[error("the authorization server cannot be reached to check the token")]
    Unavailable {
        /// When to try again.
        retry_after: Seconds,
    },
    /// An extractor or a guard is used without the layer. A mistake in the program.
    #[error("the authentication layer is missing on this route")]
    LayerMissing,
}

impl From<Unavailable> for Cause {
    fn from(Unavailable { retry_after }: Unavailable) -> Self {
        Self::Unavailable { retry_after }
    }
}

impl Cause {
    /// What the caller reads.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NoToken => ErrorCode::Unauthenticated,
            Self::TokenInQuery | Self::RepeatedHeader | Self::MalformedHeader => ErrorCode::InvalidRequest,
            Self::Invalid(_)
            | Self::NotJwt
            | Self::Inactive
            | Self::NotForUs
            | Self::MissingClaim
            | Self::SenderConstrained
            | Self::NotBoundToKey => ErrorCode::InvalidToken,
            Self::ProofMissing | Self::RepeatedProof | Self::Proof(_) | Self::ProofReplayed => {
                ErrorCode::InvalidDpopProof
            }
            Self::NonceRequired => ErrorCode::UseDpopNonce,
            Self::InsufficientScope(_) | Self::UserRequired | Self::ClientRequired => {
                ErrorCode::InsufficientScope
            }
            Self::Unavailable { .. } => ErrorCode::TemporarilyUnavailable,
            Self::LayerMissing => ErrorCode::ServerError,
        }
    }
}

/// A refused request, ready to be answered. Responses carry it in their extensions too, for the log.
#[derive(Clone, Debug)]
pub struct Rejection {
    cause: Cause,
    challenge: Arc<Challenge>,
    /// For the client's next proof.
    nonce: Option<String>,
}

/// The parameters that every challenge of one resource server has.
#[derive(Debug, Default)]
pub(crate) struct Challenge {
    pub(crate) realm: String,
    pub(crate) resource_metadata: Option<String>,
    /// The algorithms of proofs, separated by spaces; absent where no proofs are taken.
    pub(crate) proof_algorithms: Option<String>,
}

impl Rejection {
    pub(crate) fn new(cause: Cause, challenge: Arc<Challenge>) -> Self {
        Self {
            cause,
            challenge,
            nonce: None,
        }
    }

    pub(crate) fn with_nonce(self, nonce: Option<String>) -> Self {
        Self { nonce, ..self }
    }

    /// Why.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        // RFC 9449 §7.1 wants 401 from a resource; the code's own status is that of the token endpoint.
        let code = match self.is_about_proof() {
            true => ErrorCode::InvalidToken,
            false => self.cause.code(),
        };
        StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The answer: status, challenge, and the error as JSON.
    pub fn response<B: From<Bytes>>(&self) -> Response<B> {
        let code = self.cause.code();
        let body = serde_json::json!({"error": code.as_str(), "error_description": self.cause.to_string()});
        let mut response = Response::new(B::from(body.to_string().into()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for scheme in self.schemes() {
            if let Some(challenge) = self.challenge(*scheme, code) {
                headers.append(WWW_AUTHENTICATE, challenge);
            }
        }
        if let Some(nonce) = self
            .nonce
            .as_deref()
            .and_then(|nonce| HeaderValue::from_str(nonce).ok())
        {
            headers.insert("dpop-nonce", nonce);
        }
        if let Cause::Unavailable { retry_after } = self.cause {
            headers.insert(RETRY_AFTER, retry_after.0.into());
        }
        response.extensions_mut().insert(self.clone());
        response
    }

    /// RFC 6750 §3: "If the protected resource request does not include authentication credentials or does not
    /// contain an access token that enables access to the protected resource, the resource server MUST include the
    /// HTTP 'WWW-Authenticate' response header field". What is our own failure is no such case.
    fn schemes(&self) -> &'static [AccessTokenScheme] {
        let takes_proofs = self.challenge.proof_algorithms.is_some();
        if matches!(self.cause, Cause::Unavailable { .. } | Cause::LayerMissing) {
            &[]
        } else if self.is_about_proof() || takes_proofs && self.is_about_key() {
            &[AccessTokenScheme::Dpop]
        } else if takes_proofs && self.cause == Cause::NoToken {
            AccessTokenScheme::ALL
        } else {
            &[AccessTokenScheme::Bearer]
        }
    }

    fn is_about_proof(&self) -> bool {
        matches!(
            self.cause.code(),
            ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce
        )
    }

    fn is_about_key(&self) -> bool {
        matches!(self.cause, Cause::SenderConstrained | Cause::NotBoundToKey)
    }

    fn challenge(&self, scheme: AccessTokenScheme, code: ErrorCode) -> Option<HeaderValue> {
        // "This scheme MUST be followed by one or more auth-param values", so the realm is always there.
        let mut text = format!("{scheme} realm=\"{}\"", self.challenge.realm);
        if let (AccessTokenScheme::Dpop, Some(algorithms)) = (scheme, &self.challenge.proof_algorithms) {
            text += &format!(", algs=\"{algorithms}\"");
        }
        // RFC 6750 §3.1: "If the request lacks any authentication information […], the resource server SHOULD NOT
        // include an error code or other error information."
        if self.cause != Cause::NoToken {
            text += &format!(
                ", error=\"{}\", error_description=\"{}\"",
                code.as_str(),
                self.cause
            );
        }
        if let Cause::InsufficientScope(scope) = &self.cause {
            text += &format!(", scope=\"{scope}\"");
        }
        if let Some(url) = &self.challenge.resource_metadata {
            text += &format!(", resource_metadata=\"{url}\"");
        }
        // All parts are printable ASCII without quotes; were they not, an answer without challenge is still a refusal.
        HeaderValue::from_str(&text).ok()
    }
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.cause.fmt(f)
    }
}

impl std::error::Error for Rejection {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges() {
        let parameters = || {
            Arc::new(Challenge {
                realm: "api".into(),
                resource_metadata: None,
                proof_algorithms: None,
            })
        };
        let scope = Scope::parse("write read").unwrap();
        let cases = [
            (Cause::NoToken, 401, Some(r#"Bearer realm="api""#)),
            (
                Cause::TokenInQuery,
                400,
                Some(
                    "Bearer realm=\"api\", error=\"invalid_request\", \
                     error_description=\"access tokens are not accepted in the URL\"",
                ),
            ),
            (
                Cause::Invalid(VerifyError::Expired),
                401,
                Some(
                    r#"Bearer realm="api", error="invalid_token", error_description="the token has expired""#,
                ),
            ),
            (
                Cause::InsufficientScope(scope),
                403,
                Some(
                    "Bearer realm=\"api\", error=\"insufficient_scope\", \
                     error_description=\"the token does not allow this\", scope=\"read write\"",
                ),
            ),
            (
                Cause::Unavailable {
                    retry_after: Seconds(2),
                },
                503,
                None,
            ),
            (Cause::LayerMissing, 500, None),
        ];
        for (cause, status, challenge) in cases {
            let response: Response<Bytes> = Rejection::new(cause.clone(), parameters()).response();
            assert_eq!(response.status(), status, "{cause}");
            let found = response
                .headers()
                .get(WWW_AUTHENTICATE)
                .map(|value| value.to_str().unwrap());
            assert_eq!(found, challenge);
            assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
            assert_eq!(response.extensions().get::<Rejection>().unwrap().cause(), &cause);
        }
    }

    #[test]
    fn the_challenge_points_to_the_metadata() {
        let url = "https://api.example/.well-known/oauth-protected-resource";
        let parameters = Arc::new(Challenge {
            realm: "api".into(),
            resource_metadata: Some(url.to_owned()),
            proof_algorithms: None,
        });
        let response: Response<Bytes> = Rejection::new(Cause::NoToken, parameters).response();
        let challenge = response.headers()[WWW_AUTHENTICATE].to_str().unwrap();
        assert_eq!(
            challenge,
            format!("Bearer realm=\"api\", resource_metadata=\"{url}\"")
        );
    }

    #[test]
    fn the_body_says_the_same() {
        let rejection = Rejection::new(
            Cause::Unavailable {
                retry_after: Seconds(2),
            },
            Arc::new(Challenge::default()),
        );
        let response: Response<Bytes> = rejection.response();
        assert_eq!(response.headers()[RETRY_AFTER], "2");
        let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(body["error"], "temporarily_unavailable");
        assert_eq!(body["error_description"], rejection.to_string());
    }
}
