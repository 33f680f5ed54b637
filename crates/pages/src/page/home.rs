//! The landing page: what is this server?

use askama::Template;

use crate::link::{host_of, web_link};
use crate::page::{Page, PageError};
use crate::text::shown_line;
use crate::view::{Around, Badge, View};
use crate::{Locale, Theme};

/// The page at the root of the server. In development it also shows what there is to try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// The issuer identifier.
    pub issuer: String,
    /// The name of the person signed in with this browser.
    pub signed_in: Option<String>,
    /// The path of the account page, if the server has one.
    pub account_path: Option<String>,
    /// The addresses a developer looks for, such as the metadata documents and the key set.
    pub endpoints: Vec<Endpoint>,
    /// What a development server has to try. `None` in production.
    pub dev: Option<DevInfo>,
}

/// A named address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// The name: of the document, or the key under which the metadata has it.
    pub name: String,
    /// The address. A link when it is safe to follow, text otherwise.
    pub url: String,
}

/// The fixtures of a development server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevInfo {
    /// The people who can sign in.
    pub users: Vec<DevUser>,
    /// The registered apps.
    pub clients: Vec<DevClient>,
    /// Commands to try, ready to be copied.
    pub examples: Vec<CurlExample>,
    /// Every endpoint.
    pub endpoints: Vec<Endpoint>,
}

/// A person of the fixtures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevUser {
    /// What to type as name.
    pub username: String,
    /// What to type as password. It is shown: fixtures have no secrets.
    pub password: String,
    /// The person's name.
    pub name: String,
}

/// An app of the fixtures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevClient {
    /// The client identifier.
    pub client_id: String,
    /// The secret, of a confidential client.
    pub client_secret: Option<String>,
    /// The name of the app.
    pub name: String,
    /// Where its answers may be sent.
    pub redirect_uris: Vec<String>,
    /// The scopes it may ask for, separated by spaces.
    pub scope: String,
    /// The address that starts an authorization by hand.
    pub try_url: Option<String>,
}

/// A command to copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurlExample {
    /// What it shows.
    pub title: String,
    /// The command, with line breaks.
    pub command: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomeTemplate<'a> {
    v: View<'a>,
    page: &'a Home,
    title: Around,
    endpoints: Vec<ShownEndpoint<'a>>,
    dev: Option<ShownDev<'a>>,
}

struct ShownDev<'a> {
    info: &'a DevInfo,
    clients: Vec<ShownClient<'a>>,
    /// Each with the id of its element.
    examples: Vec<(String, &'a CurlExample)>,
    endpoints: Vec<ShownEndpoint<'a>>,
}

struct ShownClient<'a> {
    client: &'a DevClient,
    badge: Badge,
    try_link: Option<String>,
}

struct ShownEndpoint<'a> {
    name: &'a str,
    url: &'a str,
    link: Option<String>,
}

impl Page for Home {
    const MARKER: &'static str = "home-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let template = HomeTemplate {
            v,
            page: self,
            title: v.around("home-title", "host", shown_line(&host_of(&self.issuer))),
            endpoints: self
                .endpoints
                .iter()
                .map(|endpoint| shown_endpoint(endpoint, web_link(&endpoint.url)))
                .collect(),
            dev: self.dev.as_ref().map(shown_dev),
        };
        Ok(template.render()?)
    }
}

fn shown_dev(info: &DevInfo) -> ShownDev<'_> {
    ShownDev {
        info,
        clients: info.clients.iter().map(shown_client).collect(),
        examples: (0..)
            .map(|index: u32| format!("example-{index}"))
            .zip(&info.examples)
            .collect(),
        // Programs call these; what a browser would get there is an error.
        endpoints: info
            .endpoints
            .iter()
            .map(|endpoint| shown_endpoint(endpoint, None))
            .collect(),
    }
}

fn shown_client(client: &DevClient) -> ShownClient<'_> {
    ShownClient {
        client,
        badge: Badge::new(&client.name, None),
        try_link: client.try_url.as_deref().and_then(web_link),
    }
}

fn shown_endpoint(endpoint: &Endpoint, link: Option<String>) -> ShownEndpoint<'_> {
    ShownEndpoint {
        name: &endpoint.name,
        url: &endpoint.url,
        link,
    }
}
