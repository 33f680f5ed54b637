//! The rules of OAuth 2.1 and OpenID Connect as pure functions.
