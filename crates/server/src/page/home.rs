//! `/`: what this server is; in development also what there is to try.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{CurlExample, DevClient, DevInfo, DevUser, Endpoint as NamedUrl, Home};
use grantor_protocol::record::Client;
use grantor_types::GrantType;
use http::StatusCode;

use super::{account, device_try};
use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::paths::Endpoint;
use crate::render;
use crate::settings::Dev;

/// A verifier that everybody knows, for trying the flow by hand on a development server.
pub(crate) const DEV_CODE_VERIFIER: &str = "try-it-by-hand-with-a-verifier-that-everyone-knows";
/// Its S256 challenge.
const DEV_CODE_CHALLENGE: &str = "F4zbGrfav7awpndotBnOefnUWW3l08R_vLZBIsdijK0";

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, browser: Browser, _: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &browser);
    let issuer = &app.settings.issuer;
    let page = Home {
        issuer: issuer.as_str().to_owned(),
        signed_in: browser
            .login
            .as_ref()
            .map(|login| account::display_name(&login.user)),
        account_path: Some(app.path("/account")),
        endpoints: vec![
            named(
                "OpenID Connect discovery",
                format!("{issuer}/.well-known/openid-configuration"),
            ),
            named(
                "OAuth metadata",
                format!("{issuer}/.well-known/oauth-authorization-server"),
            ),
            named(
                "Keys (JWKS)",
                issuer.url(app.settings.paths.canonical(Endpoint::Jwks)),
            ),
        ],
        dev: match &app.settings.dev {
            Some(dev) => Some(dev_info(app, dev).await?),
            None => None,
        },
    };
    Ok(render::page(app, browser, StatusCode::OK, &page, &[]))
}

fn named(name: &str, url: String) -> NamedUrl {
    NamedUrl {
        name: name.to_owned(),
        url,
    }
}

async fn dev_info(app: &App, dev: &Dev) -> Result<DevInfo, Failure> {
    let mut users = Vec::new();
    for (username, password) in &dev.users {
        let user = app.store.store().user_by_username(username).await?;
        let name = user.map_or_else(|| username.clone(), |user| account::display_name(&user));
        users.push(DevUser {
            username: username.clone(),
            password: password.clone(),
            name,
        });
    }
    let clients = app.store.store().clients(None, 100).await?.items;
    Ok(DevInfo {
        users,
        examples: examples(app),
        endpoints: Endpoint::ALL
            .into_iter()
            .map(|endpoint| {
                named(
                    endpoint.name(),
                    app.settings.issuer.url(app.settings.paths.canonical(endpoint)),
                )
            })
            .collect(),
        clients: clients
            .iter()
            .map(|client| dev_client(app, dev, client))
            .collect(),
    })
}

fn dev_client(app: &App, dev: &Dev, client: &Client) -> DevClient {
    let secret = dev.secrets.iter().find(|(id, _)| id == client.id.as_str());
    DevClient {
        client_id: client.id.to_string(),
        client_secret: secret.map(|(_, secret)| secret.clone()),
        name: client.name.clone(),
        redirect_uris: client
            .redirect_uris
            .iter()
            .map(|uri| uri.as_str().to_owned())
            .collect(),
        scope: client.scope.to_string(),
        try_url: try_url(app, client).or_else(|| device_try::url(app, client)),
    }
}

/// An authorization request that ends on our own `/callback`, for clients that registered it.
pub(crate) fn try_url(app: &App, client: &Client) -> Option<String> {
    let callback = app.settings.issuer.url("/callback");
    let usable = client.may_use(GrantType::AuthorizationCode)
        && client.redirect_uris.iter().any(|uri| uri.as_str() == callback);
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", client.id.as_str())
        .append_pair("redirect_uri", &callback)
        .append_pair("scope", &client.scope.to_string())
        .append_pair("state", "by-hand")
        .append_pair("code_challenge", DEV_CODE_CHALLENGE)
        .append_pair("code_challenge_method", "S256")
        .finish();
    usable.then(|| {
        format!(
            "{}?{query}",
            app.settings
                .issuer
                .url(app.settings.paths.canonical(Endpoint::Authorize))
        )
    })
}

fn examples(app: &App) -> Vec<CurlExample> {
    let url = |endpoint| app.settings.issuer.url(app.settings.paths.canonical(endpoint));
    vec![
        CurlExample {
            title: "A token for a service (client credentials)".to_owned(),
            command: format!(
                "curl -u service:service-secret \\\n  -d grant_type=client_credentials -d scope=read \\\n  {}",
                url(Endpoint::Token)
            ),
        },
        CurlExample {
            title: "What a token says (introspection)".to_owned(),
            command: format!(
                "curl -u backend:backend-secret -d token=TOKEN \\\n  {}",
                url(Endpoint::Introspect)
            ),
        },
        CurlExample {
            title: "The sample API with that token".to_owned(),
            command: format!(
                "curl -H 'Authorization: Bearer TOKEN' \\\n  {}",
                app.settings.issuer.url("/api/test")
            ),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::{DEV_CODE_CHALLENGE, DEV_CODE_VERIFIER};
    use grantor_types::CodeChallenge;

    #[test]
    fn the_challenge_is_the_verifiers() {
        let digest = grantor_jose::digest::sha256(DEV_CODE_VERIFIER.as_bytes());
        assert_eq!(
            CodeChallenge::parse(DEV_CODE_CHALLENGE),
            Ok(CodeChallenge::from_digest(digest))
        );
    }
}
