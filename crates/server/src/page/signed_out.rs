//! `/signed-out`: the session has ended. Applications that want it are told by frames
//! ([OpenID Connect Front-Channel Logout 1.0](https://openid.net/specs/openid-connect-frontchannel-1_0.html)), then the
//! browser goes back to the one that asked.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use grantor_pages::{SignedOut, WayBack, field};
use grantor_protocol::logout::{LogoutRequest, frame_address};
use grantor_protocol::record::Client;
use grantor_types::{ClientId, SessionId, Timestamp};
use serde::{Deserialize, Serialize};

use super::sign_out;
use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::render::RedirectStatus;
use crate::{extract, interaction, render};

/// Where it is said.
pub(crate) const PATH: &str = "/signed-out";

const PURPOSE: &str = "signed out";

/// Most frames of a page. They are a courtesy that browsers often prevent; what has to arrive is sent by the back channel.
const MAX_FRAMES: usize = 50;

/// What the page has to do, carried by the browser.
#[derive(Serialize, Deserialize)]
struct Ended {
    session: SessionId,
    clients: Vec<ClientId>,
    /// The parameters of the request.
    parameters: String,
    started_at: Timestamp,
}

/// Sends the browser to where it is told that the session has ended: straight back to the application that asked, unless
/// others are to be told by frames first. `ended` is the session that has, with the clients that had joined it.
pub(super) fn show(
    app: &App,
    browser: &Browser,
    ended: Option<(SessionId, &[Arc<Client>])>,
    request: Option<&LogoutRequest>,
) -> Result<Response, Failure> {
    let path = app.path(PATH);
    let redirect = request.and_then(|request| request.redirect.as_ref());
    let location = match (ended, redirect) {
        (Some((session, clients)), _) if clients.iter().any(|client| has_frame(client)) => {
            let framed = clients.iter().filter(|client| has_frame(client));
            let ended = Ended {
                session,
                clients: framed.take(MAX_FRAMES).map(|client| client.id.clone()).collect(),
                parameters: request.map_or_else(String::new, |request| request.parameters().encode()),
                started_at: app.now(),
            };
            format!("{path}?interaction={}", interaction::seal(app, PURPOSE, &ended)?)
        }
        (Some(_) | None, Some(redirect)) => redirect.address(),
        (Some(_) | None, None) => path,
    };
    let status = RedirectStatus::AfterPost;
    Ok(render::see_other(app, browser, &location, status))
}

fn has_frame(client: &Client) -> bool {
    !client.disabled && client.metadata.frontchannel_logout_uri.is_some()
}

/// Shows the page.
pub(crate) async fn get(app: Arc<App>, mut browser: Browser, request: Request) -> Result<Response, Failure> {
    let (app, browser) = (&*app, &mut browser);
    let query = extract::query(request.uri())?;
    let mut page = SignedOut {
        sign_in_path: Some(app.path("/login")),
        ..SignedOut::default()
    };
    // One that is too old, or of another server, has nothing to do any more; the session has ended all the same.
    let ended = interaction::open::<Ended>(app, PURPOSE, query.value(field::INTERACTION))
        .filter(|ended| interaction::is_live(app, ended.started_at));
    if let Some(ended) = ended {
        for id in &ended.clients {
            let client = app.client(id).await?;
            page.frames.extend(
                client.and_then(|client| frame_address(&app.settings.issuer, &client, ended.session)),
            );
        }
        // A way back that was taken from the registration meanwhile is none; the session has ended all the same.
        let request = sign_out::reopen(app, browser, &ended.parameters, None).await;
        page.back = request
            .ok()
            .as_ref()
            .and_then(|request| way_back(browser, request));
    }
    let frames: Vec<&str> = page.frames.iter().map(String::as_str).collect();
    Ok(render::page_with_frames(app, browser, &page, &frames))
}

fn way_back(browser: &Browser, request: &LogoutRequest) -> Option<WayBack> {
    Some(WayBack {
        client_name: request
            .client
            .as_ref()?
            .shown_in(browser.locale.tag())
            .name
            .to_owned(),
        address: request.redirect.as_ref()?.address(),
    })
}
