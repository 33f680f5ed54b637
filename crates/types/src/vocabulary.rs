//! The closed lists of the protocol. Each is declared once; discovery, registration checks, metric labels and
//! documentation are derived from `ALL`.

use serde::{Deserialize, Serialize};

/// Declares an enum whose variants have one wire name each, with `ALL`, `as_str`, `from_name` and serde by that name.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every value, in the order metadata lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value with this wire name, compared exactly.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == name)
            }

            /// The value with this wire name in whatever case, where a specification says that case does not matter.
            pub fn from_name_ignoring_case(name: &str) -> Option<Self> {
                let is_named = |value: &Self| value.as_str().eq_ignore_ascii_case(name);
                Self::ALL.iter().copied().find(is_named)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;

words! {
    /// A grant type of the token endpoint ([RFC 6749 §4](https://www.rfc-editor.org/rfc/rfc6749#section-4)).
    GrantType {
        /// RFC 6749 4.1.
        AuthorizationCode = "authorization_code",
        /// RFC 6749 4.4.
        ClientCredentials = "client_credentials",
        /// RFC 6749 6.
        RefreshToken = "refresh_token",
        /// RFC 8628 3.4.
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
        /// RFC 7523 2.1.
        JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer",
        /// RFC 8693 2.1.
        TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange",
    }
}

words! {
    /// How a client authenticates ([RFC 7591 §2](https://www.rfc-editor.org/rfc/rfc7591#section-2)).
    ClientAuthMethod {
        /// The secret in the `Authorization` header, RFC 6749 2.3.1.
        ClientSecretBasic = "client_secret_basic",
        /// The secret in the form, RFC 6749 2.3.1.
        ClientSecretPost = "client_secret_post",
        /// An assertion signed with the secret, OpenID Connect Core 9.
        ClientSecretJwt = "client_secret_jwt",
        /// An assertion signed with a private key, OpenID Connect Core 9.
        PrivateKeyJwt = "private_key_jwt",
        /// A public client, RFC 6749 2.1.
        None = "none",
    }
}

words! {
    /// A response type of the authorization endpoint. OAuth 2.1 has one.
    ResponseType {
        /// RFC 6749 4.1.1.
        Code = "code",
    }
}

words! {
    /// How the authorization response travels back (OAuth 2.0 Multiple Response Types 2.1, Form Post Response Mode).
    ResponseMode {
        /// In the query of the redirect URI; the default for `code`.
        Query = "query",
        /// In the fragment of the redirect URI.
        Fragment = "fragment",
        /// In a form that the browser posts to the redirect URI.
        FormPost = "form_post",
    }
}

words! {
    /// A value of the `prompt` parameter (OpenID Connect Core 3.1.2.1).
    Prompt {
        /// Ask nothing.
        None = "none",
        /// Log in again.
        Login = "login",
        /// Ask for consent again.
        Consent = "consent",
        /// Choose an account.
        SelectAccount = "select_account",
        /// Make an account (Initiating User Registration via OpenID Connect 1.0, 4).
        Create = "create",
    }
}

words! {
    /// A value of the `display` parameter (OpenID Connect Core 3.1.2.1).
    Display {
        /// A full page.
        Page = "page",
        /// A popup window.
        Popup = "popup",
        /// A touch device.
        Touch = "touch",
        /// A feature phone.
        Wap = "wap",
    }
}

words! {
    /// The HTTP authentication scheme that an access token is presented with.
    AccessTokenScheme {
        /// RFC 6750 2.1.
        Bearer = "Bearer",
        /// RFC 9449 7.1.
        Dpop = "DPoP",
    }
}

words! {
    /// How an access token is presented: `token_type` of the token response (RFC 6749 7.1).
    TokenType {
        /// By whoever holds it, RFC 6750.
        Bearer = "Bearer",
        /// With a proof of possession of a key, RFC 9449 5.
        Dpop = "DPoP",
        /// Not at all: what was issued is no access token, RFC 8693 2.2.1.
        NotApplicable = "N_A",
    }
}

words! {
    /// What kind of token a token exchange takes or gives ([RFC 8693 §3](https://www.rfc-editor.org/rfc/rfc8693#section-3)).
    TokenTypeUri {
        /// An access token of ours.
        AccessToken = "urn:ietf:params:oauth:token-type:access_token",
        /// A refresh token of ours.
        RefreshToken = "urn:ietf:params:oauth:token-type:refresh_token",
        /// An ID token of ours.
        IdToken = "urn:ietf:params:oauth:token-type:id_token",
        /// A JWT: an access token of ours in that form, or an assertion of a trusted issuer.
        Jwt = "urn:ietf:params:oauth:token-type:jwt",
    }
}

words! {
    /// The form of an access token.
    TokenFormat {
        /// A JWT that resource servers check themselves, RFC 9068.
        Jwt = "jwt",
        /// Sealed claims that only introspection reads.
        Opaque = "opaque",
    }
}

words! {
    /// What kind of software a client is (OpenID Connect Dynamic Client Registration 2).
    ApplicationType {
        /// Runs on a server or in a browser.
        Web = "web",
        /// Runs on the user's device.
        Native = "native",
    }
}

words! {
    /// Who may register clients (RFC 7591 3).
    RegistrationMode {
        /// Nobody but the administrator.
        Closed = "closed",
        /// Whoever has an initial access token.
        InitialAccessToken = "initial_access_token",
        /// Everybody.
        Open = "open",
    }
}

words! {
    /// The rules that clients are held to.
    Profile {
        /// OAuth 2.1: PKCE for everybody.
        Oauth21 = "oauth21",
        /// OpenID Connect Core: a client that authenticates may do without PKCE, if its registration asks for that.
        Oidc = "oidc",
    }
}

words! {
    /// A code challenge method ([RFC 7636 §4.2](https://www.rfc-editor.org/rfc/rfc7636#section-4.2)). `plain` is
    /// absent: RFC 9700 2.1.1 wants a method that does not expose the verifier.
    CodeChallengeMethod {
        /// SHA-256 of the verifier.
        S256 = "S256",
    }
}

words! {
    /// How the key of an encrypted token is brought to its recipient: `alg` of a JWE ([RFC 7518 §4.1]). RSA1_5 is
    /// absent on purpose: RFC 8725 3.2 advises against it.
    ///
    /// [RFC 7518 §4.1]: https://www.rfc-editor.org/rfc/rfc7518#section-4.1
    KeyManagementAlgorithm {
        /// The key encrypted with RSAES OAEP over SHA-256, RFC 7518 4.3.
        RsaOaep256 = "RSA-OAEP-256",
        /// The key agreed upon by ephemeral-static Diffie-Hellman, used as it is, RFC 7518 4.6.
        EcdhEs = "ECDH-ES",
    }
}

words! {
    /// What an encrypted token is encrypted with: `enc` of a JWE ([RFC 7518 §5.1]).
    ///
    /// [RFC 7518 §5.1]: https://www.rfc-editor.org/rfc/rfc7518#section-5.1
    ContentEncryptionAlgorithm {
        /// AES-GCM with a key of 128 bits, RFC 7518 5.3.
        A128Gcm = "A128GCM",
        /// AES-GCM with a key of 256 bits, RFC 7518 5.3.
        A256Gcm = "A256GCM",
    }
}

words! {
    /// How a client signs with the secret that it shares with the server ([RFC 7518 §3.2]). It is kept apart from
    /// [`SigningAlgorithm`](crate::SigningAlgorithm), so that a public key can never be taken for such a secret.
    ///
    /// [RFC 7518 §3.2]: https://www.rfc-editor.org/rfc/rfc7518#section-3.2
    MacAlgorithm {
        /// HMAC with SHA-256.
        Hs256 = "HS256",
        /// HMAC with SHA-384.
        Hs384 = "HS384",
        /// HMAC with SHA-512.
        Hs512 = "HS512",
    }
}

words! {
    /// Whether a user has one identifier for all clients (OpenID Connect Core 8).
    SubjectType {
        /// The same `sub` for every client.
        Public = "public",
        /// A `sub` for each sector, so that clients cannot compare notes.
        Pairwise = "pairwise",
    }
}

// "If not specified, the default is public" is what every registration without the member means.
#[allow(clippy::derivable_impls, reason = "the macro makes the enum")]
impl Default for SubjectType {
    fn default() -> Self {
        Self::Public
    }
}

impl ClientAuthMethod {
    /// How a client with a secret may authenticate, unless its registration says otherwise.
    pub const BY_SECRET: [Self; 2] = [Self::ClientSecretBasic, Self::ClientSecretPost];

    /// Whether a client that authenticates so has a secret.
    pub const fn uses_secret(self) -> bool {
        match self {
            Self::ClientSecretBasic | Self::ClientSecretPost | Self::ClientSecretJwt => true,
            Self::PrivateKeyJwt | Self::None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ClientAuthMethod;

    #[test]
    fn the_methods_by_secret_are_those_that_say_so() {
        for method in ClientAuthMethod::ALL {
            let says_so = method.as_str().starts_with("client_secret_");
            assert_eq!(method.uses_secret(), says_so, "{method}");
        }
    }
}
