//! `grantor token device`: the client's side of the device authorization grant, RFC 8628.

use std::time::Duration;

use clap::Args;
use grantor_fetch::{Fetch, Guard, GuardedFetch, Limits, Request, Response};
use grantor_server::well_known;
use grantor_types::{ClientId, GrantType, Issuer, Scope};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::Url;

use crate::argument::text;
use crate::output::{CommandError, print_json};
use crate::user_code;

/// Get tokens as a device without a browser does: show a code, wait until somebody has answered, print what came.
#[derive(Debug, Args)]
pub(crate) struct Device {
    /// The server.
    #[arg(long, value_name = "URL", default_value = "http://localhost:8080", value_parser = text::<Issuer>)]
    issuer: Issuer,
    /// The client that the device is.
    #[arg(long, value_name = "CLIENT_ID", value_parser = text::<ClientId>)]
    client: ClientId,
    /// The environment variable that holds the secret of a client that has one.
    #[arg(long, value_name = "NAME")]
    secret_variable: Option<String>,
    /// What to ask for; everything that the client may ask for when absent.
    #[arg(long, value_parser = text::<Scope>)]
    scope: Option<Scope>,
}

/// What is needed of the metadata (RFC 8414 2 and RFC 8628 4).
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    token_endpoint: Url,
    device_authorization_endpoint: Option<Url>,
}

/// RFC 8628 3.2.
#[derive(Deserialize)]
struct Codes {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    interval: Option<u64>,
}

/// RFC 6749 5.2.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl Device {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let guard = Guard::new()
            .danger_allow_loopback()
            .allow_origin(&url(self.issuer.as_str())?);
        let fetch = GuardedFetch::new(guard).map_err(failed("the HTTP client"))?;
        let metadata = self.metadata(&fetch).await?;
        let endpoint = metadata.device_authorization_endpoint.ok_or_else(|| {
            CommandError::new("the server has no device_authorization_endpoint: it does not know devices")
        })?;
        let mut form = self.credentials()?;
        let scope = self.scope.as_ref().map(ToString::to_string);
        form.extend(scope.map(|scope| ("scope", scope)));
        let codes: Codes = match post(&fetch, endpoint, &form).await? {
            Ok(answer) => read(&answer)?,
            Err(refusal) => return Err(refused(&refusal)),
        };
        let complete = codes.verification_uri_complete.as_deref();
        user_code::show(&codes.verification_uri, complete, &codes.user_code);
        eprintln!("Waiting for the answer; Ctrl-C ends it.");
        let tokens = self.wait(&fetch, &metadata.token_endpoint, &codes).await?;
        print_json(&tokens)
    }

    /// "The "issuer" value returned MUST be identical to the authorization server's issuer identifier value" (RFC 8414
    /// 3.3).
    async fn metadata(&self, fetch: &GuardedFetch) -> Result<Metadata, CommandError> {
        let addresses = well_known(&self.issuer);
        let path = addresses.first().map_or("", String::as_str);
        let address = url(&format!("{}{path}", self.issuer.origin()))?;
        let answer = fetch
            .get(&address, Limits::default())
            .await
            .map_err(failed("the metadata of the server"))?;
        if !answer.status.is_success() {
            let status = answer.status.as_u16();
            return Err(CommandError::new(format!("{address} answers with {status}")));
        }
        let metadata: Metadata = read(&answer)?;
        if metadata.issuer != self.issuer.as_str() {
            let found = metadata.issuer;
            return Err(CommandError::new(format!(
                "the server calls itself {found}: name that with --issuer"
            )));
        }
        Ok(metadata)
    }

    fn credentials(&self) -> Result<Vec<(&'static str, String)>, CommandError> {
        let mut form = vec![("client_id", self.client.to_string())];
        if let Some(name) = &self.secret_variable {
            let secret = std::env::var(name)
                .map_err(|_| CommandError::usage(format!("the environment variable {name} is not set")))?;
            form.push(("client_secret", secret));
        }
        Ok(form)
    }

    /// Asks until there is an answer.
    async fn wait(
        &self,
        fetch: &GuardedFetch,
        endpoint: &Url,
        codes: &Codes,
    ) -> Result<Map<String, Value>, CommandError> {
        let mut form = self.credentials()?;
        form.push(("grant_type", GrantType::DeviceCode.to_string()));
        form.push(("device_code", codes.device_code.clone()));
        // "If no value is provided, clients MUST use 5 as the default." (RFC 8628 3.2)
        let mut interval = codes.interval.unwrap_or(5);
        loop {
            tokio::time::sleep(Duration::from_secs(interval)).await;
            match post(fetch, endpoint.clone(), &form).await? {
                Ok(answer) => return read(&answer),
                Err(refusal) => match refusal.error.as_str() {
                    "authorization_pending" => {}
                    // "the interval MUST be increased by 5 seconds for this and all subsequent requests" (3.5)
                    "slow_down" => interval = interval.saturating_add(5),
                    _ => return Err(refused(&refusal)),
                },
            }
        }
    }
}

async fn post(
    fetch: &GuardedFetch,
    endpoint: Url,
    form: &[(&'static str, String)],
) -> Result<Result<Response, Refusal>, CommandError> {
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let request = Request::post_form(endpoint, &pairs);
    let answer = fetch.send(request).await.map_err(failed("asking the server"))?;
    if answer.status.is_success() {
        Ok(Ok(answer))
    } else {
        read(&answer).map(Err)
    }
}

fn read<T: DeserializeOwned>(answer: &Response) -> Result<T, CommandError> {
    serde_json::from_slice(&answer.body).map_err(|error| {
        let status = answer.status.as_u16();
        CommandError::caused_by(
            &format!("the answer of the server ({status}) cannot be read"),
            &error,
        )
    })
}

fn refused(refusal: &Refusal) -> CommandError {
    let Refusal {
        error,
        error_description,
    } = refusal;
    CommandError::new(format!("{error}: {error_description}"))
}

fn failed<E: std::error::Error>(context: &'static str) -> impl Fn(E) -> CommandError {
    move |error| CommandError::caused_by(context, &error)
}

fn url(text: &str) -> Result<Url, CommandError> {
    Url::parse(text).map_err(|error| CommandError::caused_by(text, &error))
}
