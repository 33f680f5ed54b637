//! How a client shows who it is ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)).

use grantor_fetch::Request;
use grantor_jose::{SigningKey, Type, hmac, random};
use grantor_types::{ClientId, MacAlgorithm, Secret, Timestamp};
use http::header::{ACCEPT, HeaderValue};
use serde_json::json;
use url::Url;
use zeroize::Zeroizing;

use crate::Error;

/// How long an assertion lives, in seconds. It is sent at once.
const ASSERTION_LIFETIME: u64 = 60;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client authenticates with. Registered at the provider as `token_endpoint_auth_method`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `none`: a public client, on a user's device or in a browser.
    None,
    /// `client_secret_basic`: the secret in the header, form-encoded as RFC 6749 §2.3.1 has it.
    SecretBasic(Secret),
    /// `client_secret_post`: the secret in the form.
    SecretPost(Secret),
    /// `client_secret_jwt`: an assertion signed with the secret (OpenID Connect Core §9).
    SecretJwt(Secret, MacAlgorithm),
    /// `private_key_jwt`: an assertion signed with a key whose public half is registered (OpenID Connect Core §9).
    PrivateKeyJwt(SigningKey),
    /// `tls_client_auth`: the client certificate of the TLS connection, whose subject is registered (RFC 8705 §2.1). The
    /// certificate comes from [`client_certificate`](crate::ClientBuilder::client_certificate).
    TlsClientAuth,
    /// `self_signed_tls_client_auth`: the client certificate of the TLS connection, whose key is registered (RFC 8705 §2.2).
    /// The certificate comes from [`client_certificate`](crate::ClientBuilder::client_certificate).
    SelfSignedTlsClientAuth,
}

impl ClientAuthentication {
    /// `client_secret_basic`.
    pub fn basic(secret: &str) -> Self {
        Self::SecretBasic(Secret::new(secret))
    }

    /// `client_secret_post`.
    pub fn post(secret: &str) -> Self {
        Self::SecretPost(Secret::new(secret))
    }

    /// Whether it takes a client certificate.
    pub(crate) fn is_by_tls(&self) -> bool {
        match self {
            Self::TlsClientAuth | Self::SelfSignedTlsClientAuth => true,
            Self::None | Self::SecretBasic(_) | Self::SecretPost(_) => false,
            Self::SecretJwt(..) | Self::PrivateKeyJwt(_) => false,
        }
    }
}

/// The parameters of a request, in the order in which they were added. They are wiped from memory with it.
#[derive(Clone, Default)]
pub(crate) struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    pub(crate) fn grant(grant_type: grantor_types::GrantType) -> Self {
        Self::default().with("grant_type", grant_type.as_str())
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), Zeroizing::new(value.to_owned())));
        self
    }

    /// Names the client; a pushed request does so already, and "parameters MUST NOT be included more than once".
    fn of(mut self, client_id: &ClientId) -> Self {
        self.0.retain(|(name, _)| name != "client_id");
        self.with("client_id", client_id.as_str())
    }

    pub(crate) fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The scopes to ask for; none are left out rather than sent empty.
    pub(crate) fn scope(self, scope: &str) -> Self {
        self.with_some("scope", Some(scope).filter(|scope| !scope.is_empty()))
    }

    /// The parameter, unless it is there already.
    pub(crate) fn or(self, name: &str, value: &str) -> Self {
        match self.0.iter().any(|(own, _)| own == name) {
            true => self,
            false => self.with(name, value),
        }
    }

    /// These parameters and then the others.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// That nothing of what the client writes itself stands among what its caller adds.
    pub(crate) fn without(&self, own: &[&str]) -> Result<(), Error> {
        match self.0.iter().find(|(name, _)| own.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                let reason = format!("{name} is written by the client itself");
                Err(Error::setting("a parameter", reason))
            }
        }
    }

    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

/// Who authenticates, and for whose eyes.
pub(crate) struct Authenticator<'a> {
    pub(crate) client_id: &'a ClientId,
    pub(crate) authentication: &'a ClientAuthentication,
    /// The audience of assertions.
    pub(crate) audience: &'a str,
}

impl Authenticator<'_> {
    /// The request with the form and what shows who sends it.
    pub(crate) fn post(&self, url: &Url, form: Form, now: Timestamp) -> Result<Request, Error> {
        let id = self.client_id;
        let request = |form: &Form| {
            Request::post_form(url.clone(), &form.pairs())
                .header(ACCEPT, HeaderValue::from_static("application/json"))
        };
        let form = match self.authentication {
            // RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
            ClientAuthentication::SecretBasic(secret) => return Ok(request(&form).basic(id, secret)),
            // RFC 8705 §2: "For all requests to the authorization server utilizing mutual-TLS client authentication, the client
            // MUST include the client_id parameter".
            ClientAuthentication::None
            | ClientAuthentication::TlsClientAuth
            | ClientAuthentication::SelfSignedTlsClientAuth => form.of(id),
            ClientAuthentication::SecretPost(secret) => form.of(id).with("client_secret", secret.expose()),
            ClientAuthentication::SecretJwt(secret, algorithm) => {
                let assertion = hmac::sign(secret, *algorithm, Type::Jwt, &self.claims(now)?)?;
                self.asserted(form, &assertion)
            }
            ClientAuthentication::PrivateKeyJwt(key) => {
                let assertion = key.sign(Type::Jwt, &self.claims(now)?)?;
                self.asserted(form, &assertion)
            }
        };
        Ok(request(&form))
    }

    fn asserted(&self, form: Form, assertion: &str) -> Form {
        form.of(self.client_id)
            .with("client_assertion_type", ASSERTION_TYPE)
            .with("client_assertion", assertion)
    }

    /// OpenID Connect Core §9. The audience is the issuer: an assertion for a token endpoint could be carried on by a
    /// provider that names somebody else's endpoint as its own.
    fn claims(&self, now: Timestamp) -> Result<serde_json::Value, Error> {
        let id = self.client_id.as_str();
        let now = now.as_seconds();
        Ok(json!({
            "iss": id, "sub": id, "aud": self.audience, "jti": random::text()?,
            "iat": now, "exp": now.saturating_add(ASSERTION_LIFETIME),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use grantor_jose::{Expectation, KeySet, verify};
    use grantor_types::{Parameters, SigningAlgorithm};

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn sent(authentication: &ClientAuthentication) -> (Request, Parameters) {
        let client_id = ClientId::parse("a:b").unwrap();
        let authenticator = Authenticator {
            client_id: &client_id,
            authentication,
            audience: "https://as.example",
        };
        let url = "https://as.example/token".parse().unwrap();
        let form = Form::default().with("grant_type", "x");
        let request = authenticator.post(&url, form, NOW).unwrap();
        let form = Parameters::parse(request.body()).unwrap();
        assert_eq!(form.value("grant_type"), Some("x"));
        (request, form)
    }

    #[test]
    fn each_method_shows_itself_in_one_place() {
        let cases = [
            (ClientAuthentication::None, None, Some("a:b"), None),
            (ClientAuthentication::TlsClientAuth, None, Some("a:b"), None),
            (
                ClientAuthentication::SelfSignedTlsClientAuth,
                None,
                Some("a:b"),
                None,
            ),
            (
                ClientAuthentication::basic("p q%"),
                Some("Basic YSUzQWI6cCtxJTI1"),
                None,
                None,
            ),
            (
                ClientAuthentication::post("p q%"),
                None,
                Some("a:b"),
                Some("p q%"),
            ),
        ];
        for (method, header, id, secret) in cases {
            let (request, form) = sent(&method);
            let authorization = request.headers().get("authorization");
            assert_eq!(
                authorization.map(|value| value.to_str().unwrap()),
                header,
                "{method:?}"
            );
            assert_eq!(
                (form.value("client_id"), form.value("client_secret")),
                (id, secret)
            );
            assert_eq!(form.value("client_assertion"), None);
        }
    }

    #[test]
    fn assertions_are_for_the_issuer_alone_and_never_the_same() {
        let (key, _) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        let keys = KeySet::from_keys([key.verifying_key().unwrap()]);
        let expectation = Expectation::new(Type::ClientAuthentication, "a:b", "https://as.example", 1_000);
        let method = ClientAuthentication::PrivateKeyJwt(key);
        let jti = || {
            let (_, form) = sent(&method);
            assert_eq!(form.value("client_assertion_type"), Some(ASSERTION_TYPE));
            let assertion = form.value("client_assertion").unwrap();
            let claims = verify::<serde_json::Value>(assertion, &keys, &expectation)
                .unwrap()
                .into_claims();
            assert_eq!(
                (claims["sub"].as_str(), claims["exp"].as_u64()),
                (Some("a:b"), Some(1_060))
            );
            claims["jti"].to_string()
        };
        assert_ne!(jti(), jti());

        let secret = Secret::new("s".repeat(32));
        let (_, form) = sent(&ClientAuthentication::SecretJwt(
            secret.clone(),
            MacAlgorithm::Hs256,
        ));
        let assertion = form.value("client_assertion").unwrap();
        let read = hmac::verify::<serde_json::Value>(assertion, &secret, MacAlgorithm::ALL, &expectation);
        assert_eq!(read.unwrap().claims()["iss"], "a:b");
        assert_eq!(form.value("client_secret"), None);
    }

    #[test]
    fn a_secret_that_is_too_short_signs_nothing() {
        let authenticator = Authenticator {
            client_id: &ClientId::parse("app").unwrap(),
            authentication: &ClientAuthentication::SecretJwt(Secret::new("short"), MacAlgorithm::Hs256),
            audience: "https://as.example",
        };
        let url = "https://as.example/token".parse().unwrap();
        let refused = authenticator.post(&url, Form::default(), NOW).err();
        assert!(matches!(refused, Some(Error::Misuse(_))));
    }
}
