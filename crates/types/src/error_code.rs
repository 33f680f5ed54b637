//! What a client reads when something is refused: one table of codes, HTTP statuses and the sections they come from.

/// An error code on the wire. Each has its text, its HTTP status and its specification in one place; no status code
/// is written anywhere else in Grantor.
///
/// A few codes share their text (`invalid_request`) and differ in status, where HTTP itself has a more precise one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The user or the server denied the request.
    AccessDenied,
    /// The user must choose an account, and `prompt=none` forbids asking.
    AccountSelectionRequired,
    /// Nobody has answered the device yet.
    AuthorizationPending,
    /// The user must consent, and `prompt=none` forbids asking.
    ConsentRequired,
    /// The user denied the device: what the token endpoint says of it.
    DeviceDenied,
    /// The device code has expired.
    ExpiredToken,
    /// The token lacks a scope.
    InsufficientScope,
    /// The user must do something, and `prompt=none` forbids asking.
    InteractionRequired,
    /// Client authentication failed.
    InvalidClient,
    /// A member of a registration is wrong.
    InvalidClientMetadata,
    /// The DPoP proof is missing, wrong or used.
    InvalidDpopProof,
    /// The code or refresh token is wrong, used, expired, revoked or another client's.
    InvalidGrant,
    /// A redirect URI of a registration is wrong.
    InvalidRedirectUri,
    /// The request is malformed.
    InvalidRequest,
    /// The request object is wrong.
    InvalidRequestObject,
    /// The reference to a pushed request is wrong, used or too old.
    InvalidRequestUri,
    /// A scope is unknown or not this client's.
    InvalidScope,
    /// The software statement of a registration is wrong.
    InvalidSoftwareStatement,
    /// The resource indicator is malformed or not this client's.
    InvalidTarget,
    /// The access token is wrong, expired or revoked.
    InvalidToken,
    /// The user must log in, and `prompt=none` forbids asking.
    LoginRequired,
    /// The HTTP method is not one of this endpoint.
    MethodNotAllowed,
    /// There is nothing at this path.
    NotFound,
    /// The body or a header is larger than the server reads.
    PayloadTooLarge,
    /// Registration by parameter is not supported.
    RegistrationNotSupported,
    /// The server failed.
    ServerError,
    /// The device asks too often.
    SlowDown,
    /// The server is overloaded or not ready.
    TemporarilyUnavailable,
    /// Too many attempts.
    TooManyRequests,
    /// Nobody whom this server believes stands behind the software statement.
    UnapprovedSoftwareStatement,
    /// The client may not use this grant or endpoint.
    UnauthorizedClient,
    /// The authentication that the client insists on is not possible.
    UnmetAuthenticationRequirements,
    /// No `Authorization` header, or one that does not name a token.
    Unauthenticated,
    /// The grant type is unknown.
    UnsupportedGrantType,
    /// The body is not of the content type that the endpoint reads.
    UnsupportedMediaType,
    /// The response type is unknown.
    UnsupportedResponseType,
    /// The token type cannot be revoked here.
    UnsupportedTokenType,
    /// The DPoP proof needs a nonce of the server.
    UseDpopNonce,
}

/// One row of the table: text, HTTP status, specification.
struct Row(&'static str, u16, &'static str);

impl ErrorCode {
    /// Every code, alphabetically.
    pub const ALL: [ErrorCode; 38] = [
        Self::AccessDenied,
        Self::AccountSelectionRequired,
        Self::AuthorizationPending,
        Self::ConsentRequired,
        Self::DeviceDenied,
        Self::ExpiredToken,
        Self::InsufficientScope,
        Self::InteractionRequired,
        Self::InvalidClient,
        Self::InvalidClientMetadata,
        Self::InvalidDpopProof,
        Self::InvalidGrant,
        Self::InvalidRedirectUri,
        Self::InvalidRequest,
        Self::InvalidRequestObject,
        Self::InvalidRequestUri,
        Self::InvalidScope,
        Self::InvalidSoftwareStatement,
        Self::InvalidTarget,
        Self::InvalidToken,
        Self::LoginRequired,
        Self::MethodNotAllowed,
        Self::NotFound,
        Self::PayloadTooLarge,
        Self::RegistrationNotSupported,
        Self::ServerError,
        Self::SlowDown,
        Self::TemporarilyUnavailable,
        Self::TooManyRequests,
        Self::UnapprovedSoftwareStatement,
        Self::UnauthorizedClient,
        Self::UnmetAuthenticationRequirements,
        Self::Unauthenticated,
        Self::UnsupportedGrantType,
        Self::UnsupportedMediaType,
        Self::UnsupportedResponseType,
        Self::UnsupportedTokenType,
        Self::UseDpopNonce,
    ];

    #[rustfmt::skip]
    const fn row(self) -> Row {
        match self {
            Self::AccessDenied             => Row("access_denied",              403, "RFC 6749 4.1.2.1"),
            Self::AccountSelectionRequired => Row("account_selection_required", 400, "OIDC Core 3.1.2.6"),
            Self::AuthorizationPending     => Row("authorization_pending",      400, "RFC 8628 3.5"),
            Self::ConsentRequired          => Row("consent_required",           400, "OIDC Core 3.1.2.6"),
            Self::DeviceDenied             => Row("access_denied",              400, "RFC 8628 3.5"),
            Self::ExpiredToken             => Row("expired_token",              400, "RFC 8628 3.5"),
            Self::InsufficientScope        => Row("insufficient_scope",         403, "RFC 6750 3.1"),
            Self::InteractionRequired      => Row("interaction_required",       400, "OIDC Core 3.1.2.6"),
            Self::InvalidClient            => Row("invalid_client",             401, "RFC 6749 5.2"),
            Self::InvalidClientMetadata    => Row("invalid_client_metadata",    400, "RFC 7591 3.2.2"),
            Self::InvalidDpopProof         => Row("invalid_dpop_proof",         400, "RFC 9449 5"),
            Self::InvalidGrant             => Row("invalid_grant",              400, "RFC 6749 5.2"),
            Self::InvalidRedirectUri       => Row("invalid_redirect_uri",       400, "RFC 7591 3.2.2"),
            Self::InvalidRequest           => Row("invalid_request",            400, "RFC 6749 5.2"),
            Self::InvalidRequestObject     => Row("invalid_request_object",     400, "RFC 9101 7"),
            Self::InvalidRequestUri        => Row("invalid_request_uri",        400, "RFC 9101 7"),
            Self::InvalidScope             => Row("invalid_scope",              400, "RFC 6749 5.2"),
            Self::InvalidSoftwareStatement => Row("invalid_software_statement", 400, "RFC 7591 3.2.2"),
            Self::InvalidTarget            => Row("invalid_target",             400, "RFC 8707 2"),
            Self::InvalidToken             => Row("invalid_token",              401, "RFC 6750 3.1"),
            Self::LoginRequired            => Row("login_required",             400, "OIDC Core 3.1.2.6"),
            Self::MethodNotAllowed         => Row("invalid_request",            405, "RFC 9110 15.5.6"),
            Self::NotFound                 => Row("not_found",                  404, "RFC 9110 15.5.5"),
            Self::PayloadTooLarge          => Row("invalid_request",            413, "RFC 9110 15.5.14"),
            Self::RegistrationNotSupported => Row("registration_not_supported", 400, "OIDC Core 3.1.2.6"),
            Self::ServerError              => Row("server_error",               500, "RFC 6749 4.1.2.1"),
            Self::SlowDown                 => Row("slow_down",                  400, "RFC 8628 3.5"),
            Self::TemporarilyUnavailable   => Row("temporarily_unavailable",    503, "RFC 6749 4.1.2.1"),
            Self::TooManyRequests          => Row("temporarily_unavailable",    429, "RFC 6585 4"),
            Self::UnapprovedSoftwareStatement => Row("unapproved_software_statement", 400, "RFC 7591 3.2.2"),
            Self::UnauthorizedClient       => Row("unauthorized_client",        400, "RFC 6749 5.2"),
            Self::UnmetAuthenticationRequirements => Row("unmet_authentication_requirements", 400, "OIDC Unmet Authentication Requirements 2"),
            Self::Unauthenticated          => Row("invalid_token",              401, "RFC 6750 3.1"),
            Self::UnsupportedGrantType     => Row("unsupported_grant_type",     400, "RFC 6749 5.2"),
            Self::UnsupportedMediaType     => Row("invalid_request",            415, "RFC 9110 15.5.16"),
            Self::UnsupportedResponseType  => Row("unsupported_response_type",  400, "RFC 6749 4.1.2.1"),
            Self::UnsupportedTokenType     => Row("unsupported_token_type",     400, "RFC 7009 2.2.1"),
            Self::UseDpopNonce             => Row("use_dpop_nonce",             400, "RFC 9449 8"),
        }
    }

    /// The `error` member.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status of an answer that is not a redirect.
    pub const fn status(self) -> u16 {
        self.row().1
    }

    /// The specification and section that define the code.
    pub const fn specification(self) -> &'static str {
        self.row().2
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;

    #[test]
    fn every_code_is_in_the_character_set_of_rfc_6749() {
        for code in ErrorCode::ALL {
            assert!(
                code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{code:?}"
            );
            assert!((400..=599).contains(&code.status()), "{code:?}");
        }
    }
}
