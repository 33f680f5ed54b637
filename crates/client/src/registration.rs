//! Registering oneself ([RFC 7591](https://www.rfc-editor.org/rfc/rfc7591)).

use grantor_fetch::{Request, authorization};
use grantor_types::Secret;
use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use serde_json::{Map, Value};

use crate::answer::{Effect, lost, object, without_answer};
use crate::tokens::text;
use crate::{ClientAuthentication, ClientBuilder, Endpoint, Error, InvalidAnswer, ProviderMetadata};

/// What a provider has registered.
///
/// ```no_run
/// # async fn example(provider: &grantor_client::ProviderMetadata) -> Result<(), grantor_client::Error> {
/// use grantor_client::{Client, RegisteredClient};
///
/// let wanted = serde_json::json!({ "client_name": "My app", "redirect_uris": ["https://app.example/callback"] });
/// let builder = Client::builder(provider.issuer(), "not-known-yet");
/// let registered: RegisteredClient = builder.register(provider, &wanted, None).await?;
/// let client = Client::builder(provider.issuer(), &registered.client_id).authentication(registered.authentication());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RegisteredClient {
    /// The identifier that was given.
    pub client_id: String,
    /// The secret, for those who have one.
    pub client_secret: Option<Secret>,
    /// Where the registration can be read and changed, and with what (RFC 7592).
    pub management: Option<(String, Secret)>,
    /// The registration as the provider has it, which need not be what was asked for. Without its secrets.
    pub metadata: Map<String, Value>,
}

impl RegisteredClient {
    /// How the client authenticates by its secret or certificate, as it was registered: `None` for a public client and for one
    /// with a key, which only the caller has.
    pub fn authentication(&self) -> ClientAuthentication {
        let method = self
            .metadata
            .get("token_endpoint_auth_method")
            .and_then(Value::as_str);
        match (&self.client_secret, method) {
            (_, Some("tls_client_auth")) => ClientAuthentication::TlsClientAuth,
            (_, Some("self_signed_tls_client_auth")) => ClientAuthentication::SelfSignedTlsClientAuth,
            (Some(secret), Some("client_secret_post")) => ClientAuthentication::SecretPost(secret.clone()),
            (Some(secret), None | Some("client_secret_basic")) => {
                ClientAuthentication::SecretBasic(secret.clone())
            }
            (Some(_) | None, _) => ClientAuthentication::None,
        }
    }
}

/// Shows the identifier only.
impl std::fmt::Debug for RegisteredClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegisteredClient({})", self.client_id)
    }
}

impl ClientBuilder {
    /// Registers a client with these members of RFC 7591 §2 (`redirect_uris`, `client_name`, …). `initial_access_token` is
    /// for providers that want one. The builder's own client id does not matter here; build the client with the one that
    /// comes back.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), grantor_client::Error> {
    /// use grantor_client::Client;
    ///
    /// let wanted = serde_json::json!({ "redirect_uris": ["https://app.example/callback"] });
    /// let builder = Client::builder("https://as.example", "unregistered");
    /// let metadata = builder.clone().discover().await?.metadata().clone();
    /// let registered = builder.register(&metadata, &wanted, None).await?;
    /// let client = Client::builder("https://as.example", &registered.client_id)
    ///     .authentication(registered.authentication())
    ///     .redirect_uri("https://app.example/callback")
    ///     .build(metadata)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`] when the answer is lost: there may be a client now whose id nobody knows. Others as the
    /// variants say.
    pub async fn register(
        &self,
        provider: &ProviderMetadata,
        wanted: &Value,
        initial_access_token: Option<&Secret>,
    ) -> Result<RegisteredClient, Error> {
        let url = provider.url(Endpoint::Registration)?.clone();
        let json = HeaderValue::from_static("application/json");
        let mut request = Request::post(url, json.clone(), wanted.to_string())
            .header(ACCEPT, json)
            .limits(self.limits);
        if let Some(token) = initial_access_token {
            let value = authorization("Bearer", token.expose());
            let value = value.map_err(|error| Error::setting("the initial access token", error))?;
            request = request.header(AUTHORIZATION, value);
        }
        let sent = self.fetching()?.send(request).await;
        let response = sent.map_err(|error| without_answer(error, Effect::Consuming))?;
        // A success that cannot be read has made a client all the same.
        read(object(&response, Effect::Consuming)?).map_err(|answer| lost(answer, Effect::Consuming))
    }
}

fn read(mut members: Map<String, Value>) -> Result<RegisteredClient, InvalidAnswer> {
    let mut text = |name| text(&mut members, name);
    let client_id = text("client_id")?.ok_or(InvalidAnswer::Member("client_id"))?;
    let client_secret = text("client_secret")?.map(Secret::new);
    let token = text("registration_access_token")?.map(Secret::new);
    let management = text("registration_client_uri")?.zip(token);
    Ok(RegisteredClient {
        client_id,
        client_secret,
        management,
        metadata: members,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Script, response};
    use crate::{Client, Trouble};
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn what_was_registered() {
        let read = |value: Value| read(value.as_object().unwrap().clone());
        assert_eq!(read(json!({})).err(), Some(InvalidAnswer::Member("client_id")));
        for name in [
            "client_id",
            "client_secret",
            "registration_access_token",
            "registration_client_uri",
        ] {
            let mut answer = json!({"client_id": "a"});
            answer[name] = json!(7);
            assert_eq!(read(answer).err(), Some(InvalidAnswer::Member(name)));
        }
        let cases = [
            (json!({"client_id": "a"}), "None"),
            (json!({"client_id": "a", "client_secret": "s"}), "SecretBasic"),
            (
                json!({"client_id": "a", "client_secret": "s", "token_endpoint_auth_method": "client_secret_post"}),
                "SecretPost",
            ),
            (
                json!({"client_id": "a", "token_endpoint_auth_method": "tls_client_auth"}),
                "TlsClientAuth",
            ),
            (
                json!({"client_id": "a", "token_endpoint_auth_method": "self_signed_tls_client_auth"}),
                "SelfSignedTlsClientAuth",
            ),
            (
                json!({"client_id": "a", "client_secret": "s", "token_endpoint_auth_method": "private_key_jwt"}),
                "None",
            ),
        ];
        for (answer, method) in cases {
            let registered = read(answer.clone()).unwrap();
            assert!(
                format!("{:?}", registered.authentication()).starts_with(method),
                "{answer}"
            );
            assert!(!registered.metadata.contains_key("client_secret"));
        }
    }
    #[tokio::test]
    async fn a_success_that_names_no_client_may_have_made_one() {
        let provider = ProviderMetadata::new("https://as.example")
            .and_then(|m| m.endpoint(Endpoint::Registration, "https://as.example/register"))
            .unwrap();
        for (body, wrong) in [
            ("{}", InvalidAnswer::Member("client_id")),
            (r#"{"client_id":""}"#, InvalidAnswer::Member("client_id")),
            ("[]", InvalidAnswer::Json),
        ] {
            let script = Script::of(vec![response(201, "application/json", body)]);
            let builder = Client::builder("https://as.example", "unregistered").fetch(Arc::new(script));
            let lost = builder.register(&provider, &json!({}), None).await.unwrap_err();
            let Error::OutcomeUnknown(lost) = lost else {
                panic!("{body}: {lost:?}")
            };
            assert_eq!(lost.trouble, Trouble::Answer(wrong), "{body}");
        }
    }
}
