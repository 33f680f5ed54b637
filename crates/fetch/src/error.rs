//! Why there is no answer.

/// Why a request was not made, or brought no answer. No variant holds the URL or what was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The scheme is not `https`, and the guard makes no exception for the origin.
    #[error("only https URLs are fetched")]
    NotHttps,
    /// The URL holds a user name or password, or no host.
    #[error("the URL holds user information or no host")]
    UrlRefused,
    /// The host is, or resolves only to, addresses that are not public: private, shared, link-local, loopback,
    /// multicast, reserved or documentation.
    #[error("the host is not at a public address")]
    AddressRefused,
    /// The name does not resolve.
    #[error("the host name does not resolve")]
    Unresolvable,
    /// The answer was not complete within the time limit.
    #[error("the answer took too long")]
    TooSlow,
    /// The body is larger than the limit.
    #[error("the answer is too large")]
    TooLarge,
    /// No connection, or no TLS: nothing of the request was sent. With what the HTTP client says of it.
    #[error("no connection: {0}")]
    NotConnected(String),
    /// The connection broke, or the answer is none; with what the HTTP client says of it.
    #[error("the request failed: {0}")]
    Transport(String),
    /// A trust anchor is no PEM certificate, or the TLS client cannot be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Setup(String),
}
