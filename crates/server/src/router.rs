//! Every route, on one screen.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post, put};
use grantor_protocol::Cause;
use grantor_types::Issuer;
use http::header::{ACCEPT, ORIGIN};

use crate::admin;
use crate::app::{App, Failure};
use crate::browser::Browser;
use crate::cors::{self, Cors};
use crate::endpoint::{
    authorize, device_authorization, health, introspect, logout, metadata, openapi, par,
    personal_access_tokens, register, revoke, token, userinfo,
};
use crate::metrics::RouteMetrics;
use crate::page::{
    self, account, account_choice, asset, callback, consent, device, device_try, home, login, password,
    profile, sign_out, sign_up, signed_out,
};
use crate::paths::{Endpoint, PathFamily, Paths, well_known};
use crate::render;

/// The server's routes over its state.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for row in table(&app.settings.issuer, &app.settings.paths) {
        let is_there = match row.only {
            Only::Everywhere => true,
            Only::InDevelopment => app.settings.dev.is_some(),
            Only::Administered => app.settings.administration,
            Only::SelfRegistration => app.settings.policy.self_registration,
        };
        if !is_there {
            continue;
        }
        let route = Route {
            metrics: app.metrics.route(row.name),
            cors: row.cors,
        };
        for path in &row.paths {
            router = router.route(path, handlers(&row, &route));
        }
    }
    // A script that calls what is not there should read so, and not just that its request failed.
    let not_found = Refusing(Cause::NotFound, Cors::Registered);
    let not_allowed = Refusing(Cause::MethodNotAllowed, Cors::Nobody);
    router
        .method_not_allowed_fallback(move |State(app): State<Arc<App>>, request| {
            not_allowed.answer(app, request)
        })
        .fallback(move |State(app): State<Arc<App>>, request| not_found.answer(app, request))
        .with_state(app)
}

/// Every route: its name in metrics, its paths, who may read it from a script, its methods, its handlers.
#[rustfmt::skip]
fn table(issuer: &Issuer, paths: &Paths) -> Vec<Row> {
    use Cors::{Everybody, Nobody, Registered};
    let at = |path: &str| vec![format!("{}{path}", issuer.path())];
    let of = |endpoint| -> Vec<String> { paths.all(endpoint).iter().map(|path| format!("{}{path}", issuer.path())).collect() };
    let below = |endpoint, rest: &str| -> Vec<String> { of(endpoint).into_iter().map(|path| path + rest).collect() };
    let administration = administration(&at).into_iter().map(|row| row.only(Only::Administered));
    let protocol = vec![
        row("authorize",      of(Endpoint::Authorize),     Nobody,     "GET, POST", |r| get(r.page(authorize::get_or_post)).post(r.page(authorize::get_or_post))),
        row("token",          of(Endpoint::Token),         Registered, "POST",      |r| post(r.run(token::post))),
        row("device-code",    of(Endpoint::DeviceAuthorization), Registered, "POST",    |r| post(r.run(device_authorization::post))),
        row("introspect",     of(Endpoint::Introspect),    Registered, "POST",      |r| post(r.run(introspect::post))),
        row("revoke",         of(Endpoint::Revoke),        Registered, "POST",      |r| post(r.run(revoke::post))),
        row("userinfo",       of(Endpoint::Userinfo),      Registered, "GET, POST", |r| get(r.run(userinfo::get_or_post)).post(r.run(userinfo::get_or_post))),
        row("logout",         of(Endpoint::Logout),        Nobody,     "GET, POST", |r| get(r.page(logout::get)).post(r.page(logout::post))),
        row("par",            of(Endpoint::Par),           Registered, "POST",      |r| post(r.run(par::post))),
        row("personal-access-tokens", of(Endpoint::PersonalAccessTokens), Registered, "GET, POST", |r| get(r.run(personal_access_tokens::get_or_post)).post(r.run(personal_access_tokens::get_or_post))),
        row("personal-access-token",  below(Endpoint::PersonalAccessTokens, "/{id}"), Registered, "DELETE", |r| delete(r.run(personal_access_tokens::delete))),
        row("register",       of(Endpoint::Register),      Everybody,  "POST",      |r| post(r.run(register::post))),
        row("registration",   below(Endpoint::Register, "/{client_id}"), Everybody, "GET, PUT, DELETE", |r| get(r.run(register::manage)).put(r.run(register::manage)).delete(r.run(register::manage))),
        row("jwks",           of(Endpoint::Jwks),          Everybody,  "GET",       |r| get(r.run(metadata::jwks))),
        row("metadata",       well_known(issuer),          Everybody,  "GET",       |r| get(r.run(metadata::get))),
        row("openapi",        at("/openapi.json"),         Everybody,  "GET",       |r| get(r.run(openapi::get))),
        row("login",          at("/login"),                Nobody,     "GET, POST", |r| get(r.page(login::get)).post(r.page(login::post))),
        row("sign-up",        at(sign_up::PATH),           Nobody,     "GET, POST", |r| get(r.page(sign_up::get)).post(r.page(sign_up::post))).only(Only::SelfRegistration),
        row("select-account", at("/select-account"),       Nobody,     "GET, POST", |r| get(r.page(account_choice::get)).post(r.page(account_choice::post))),
        row("consent",        at("/consent"),              Nobody,     "GET, POST", |r| get(r.page(consent::get)).post(r.page(consent::post))),
        row("device",         at(device::PATH),            Nobody,     "GET, POST", |r| get(r.page(device::get)).post(r.page(device::post))),
        row("device-confirm", at("/device/confirm"),       Nobody,     "GET, POST", |r| get(r.page(device::confirm)).post(r.page(device::decide))),
        row("logout-confirm", at(sign_out::PATH),          Nobody,     "GET, POST", |r| get(r.page(sign_out::get)).post(r.page(sign_out::post))),
        row("signed-out",     at(signed_out::PATH),        Nobody,     "GET",       |r| get(r.page(signed_out::get))),
        row("account",        at("/account"),              Nobody,     "GET",       |r| get(r.page(account::get))),
        row("sign-out",       at("/account/sign-out"),     Nobody,     "POST",      |r| post(r.page(account::sign_out))),
        row("sign-out-everywhere", at("/account/sign-out-everywhere"), Nobody, "POST", |r| post(r.page(account::sign_out_everywhere))),
        row("remove-access",  at("/account/remove-access"), Nobody,    "POST",      |r| post(r.page(account::remove_access))),
        row("account-profile", at(profile::PATH),          Nobody,     "GET, POST", |r| get(r.page(profile::get)).post(r.page(profile::post))),
        row("account-password", at(password::PATH),        Nobody,     "GET, POST", |r| get(r.page(password::get)).post(r.page(password::post))),
        row("account-tokens", at("/account/personal-access-tokens"), Nobody, "GET, POST", |r| get(r.page(page::personal_access_tokens::get)).post(r.page(page::personal_access_tokens::create))),
        row("account-token-delete", at("/account/personal-access-tokens/delete"), Nobody, "POST", |r| post(r.page(page::personal_access_tokens::delete))),
        row("asset",          at("/assets/{name}"),        Nobody,     "GET",       |r| get(r.run(asset::get))),
        row("home",           at("/"),                     Nobody,     "GET",       |r| get(r.page(home::get))),
        row("health",         at("/health"),               Nobody,     "GET",       |r| get(r.run(health::health))),
        row("ready",          at("/ready"),                Nobody,     "GET",       |r| get(r.run(health::ready))),
        row("metrics",        at("/metrics"),              Nobody,     "GET",       |r| get(r.run(health::metrics))),
        row("callback",       at("/callback"),             Nobody,     "GET",       |r| get(r.page(callback::get))).only(Only::InDevelopment),
        row("device-try",     at(device_try::PATH),        Nobody,     "GET",       |r| get(r.page(device_try::get))).only(Only::InDevelopment),
    ];
    protocol.into_iter().chain(administration).collect()
}

/// The administration API. What each path and method does, `admin::Action` says.
#[rustfmt::skip]
fn administration(at: &dyn Fn(&str) -> Vec<String>) -> Vec<Row> {
    use Cors::Nobody;
    vec![
        row("admin-openapi",  at("/admin/v1/openapi.json"), Nobody,    "GET",       |r| get(r.run(admin::document))),
        row("admin-clients",  at("/admin/v1/clients"),     Nobody,     "GET, POST", |r| get(r.run(admin::serve)).post(r.run(admin::serve))),
        row("admin-client",   at("/admin/v1/clients/{client_id}"), Nobody, "GET, PUT, DELETE", |r| get(r.run(admin::serve)).put(r.run(admin::serve)).delete(r.run(admin::serve))),
        row("admin-client-secrets", at("/admin/v1/clients/{client_id}/secrets"), Nobody, "POST", |r| post(r.run(admin::serve))),
        row("admin-users",    at("/admin/v1/users"),       Nobody,     "GET, POST", |r| get(r.run(admin::serve)).post(r.run(admin::serve))),
        row("admin-user",     at("/admin/v1/users/{user_id}"), Nobody, "GET, PUT",  |r| get(r.run(admin::serve)).put(r.run(admin::serve))),
        row("admin-password", at("/admin/v1/users/{user_id}/password"), Nobody, "PUT", |r| put(r.run(admin::serve))),
        row("admin-user-sessions", at("/admin/v1/users/{user_id}/sessions"), Nobody, "GET, DELETE", |r| get(r.run(admin::serve)).delete(r.run(admin::serve))),
        row("admin-user-tokens", at("/admin/v1/users/{user_id}/personal-access-tokens"), Nobody, "GET, DELETE", |r| get(r.run(admin::serve)).delete(r.run(admin::serve))),
        row("admin-user-token", at("/admin/v1/users/{user_id}/personal-access-tokens/{token_id}"), Nobody, "DELETE", |r| delete(r.run(admin::serve))),
        row("admin-tokens",   at("/admin/v1/users/{user_id}/tokens"), Nobody, "DELETE", |r| delete(r.run(admin::serve))),
        row("admin-session",  at("/admin/v1/sessions/{session_id}"), Nobody, "GET, DELETE", |r| get(r.run(admin::serve)).delete(r.run(admin::serve))),
        row("admin-grants",   at("/admin/v1/grants"),      Nobody,     "GET",       |r| get(r.run(admin::serve))),
        row("admin-grants-revoke", at("/admin/v1/grants/revoke"), Nobody, "POST",   |r| post(r.run(admin::serve))),
        row("admin-grant",    at("/admin/v1/grants/{grant_id}"), Nobody, "GET, DELETE", |r| get(r.run(admin::serve)).delete(r.run(admin::serve))),
        row("admin-scopes",   at("/admin/v1/scopes"),      Nobody,     "GET, POST", |r| get(r.run(admin::serve)).post(r.run(admin::serve))),
        row("admin-scope",    at("/admin/v1/scopes/{name}"), Nobody,   "GET, PUT, DELETE", |r| get(r.run(admin::serve)).put(r.run(admin::serve)).delete(r.run(admin::serve))),
        row("admin-resources", at("/admin/v1/resources"),  Nobody,     "GET, POST", |r| get(r.run(admin::serve)).post(r.run(admin::serve))),
        row("admin-resource", at("/admin/v1/resources/{resource}"), Nobody, "GET, PUT, DELETE", |r| get(r.run(admin::serve)).put(r.run(admin::serve)).delete(r.run(admin::serve))),
        row("admin-trusted-issuers", at("/admin/v1/trusted-issuers"), Nobody, "GET, POST", |r| get(r.run(admin::serve)).post(r.run(admin::serve))),
        row("admin-trusted-issuer", at("/admin/v1/trusted-issuers/{issuer}"), Nobody, "GET, PUT, DELETE", |r| get(r.run(admin::serve)).put(r.run(admin::serve)).delete(r.run(admin::serve))),
        row("admin-keys",     at("/admin/v1/keys"),        Nobody,     "GET",       |r| get(r.run(admin::serve))),
        row("admin-keys-rotate", at("/admin/v1/keys/rotate"), Nobody,  "POST",      |r| post(r.run(admin::serve))),
    ]
}

/// A line of the table.
struct Row {
    name: &'static str,
    paths: Vec<String>,
    cors: Cors,
    methods: &'static str,
    handlers: fn(&Route) -> MethodRouter<Arc<App>>,
    only: Only,
}

/// Which servers have a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Only {
    Everywhere,
    InDevelopment,
    /// Where the administration API is on.
    Administered,
    /// Where people may make accounts.
    SelfRegistration,
}

fn row(
    name: &'static str,
    paths: Vec<String>,
    cors: Cors,
    methods: &'static str,
    handlers: fn(&Route) -> MethodRouter<Arc<App>>,
) -> Row {
    Row {
        name,
        paths,
        cors,
        methods,
        handlers,
        only: Only::Everywhere,
    }
}

impl Row {
    fn only(self, only: Only) -> Self {
        Self { only, ..self }
    }
}

fn handlers(row: &Row, route: &Route) -> MethodRouter<Arc<App>> {
    let handlers = (row.handlers)(route);
    match row.cors {
        Cors::Nobody => handlers,
        cors @ (Cors::Everybody | Cors::Registered) => {
            let refusing = Refusing(Cause::MethodNotAllowed, cors);
            handlers
                .options(move |State(app): State<Arc<App>>, request| cors::preflight(app, cors, request))
                .fallback(move |State(app): State<Arc<App>>, request| refusing.answer(app, request))
        }
    }
}

/// A route as the reference shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteReference {
    /// The path, below that of the issuer.
    pub path: String,
    /// The methods, separated by commas.
    pub methods: &'static str,
    /// The name in metrics.
    pub name: &'static str,
    /// Who may read the answers from a script.
    pub cors: &'static str,
}

/// Every route of a server with all path families on.
pub fn routes() -> Vec<RouteReference> {
    let Ok(issuer) = Issuer::parse("https://localhost") else {
        return Vec::new();
    };
    let paths = Paths::new(&PathFamily::ALL, std::collections::BTreeMap::new());
    let reference = |row: Row| {
        let (methods, name) = (row.methods, row.name);
        let cors = match (row.cors, row.only) {
            (_, Only::InDevelopment) => "nobody (development only)",
            (Cors::Nobody, _) => "nobody",
            (Cors::Everybody, _) => "everybody",
            (Cors::Registered, _) => "registered origins",
        };
        row.paths.into_iter().map(move |path| RouteReference {
            path,
            methods,
            name,
            cors,
        })
    };
    table(&issuer, &paths).into_iter().flat_map(reference).collect()
}

/// What every handler of a route gets around it: its metrics, and who may read its answers.
#[derive(Clone)]
struct Route {
    metrics: RouteMetrics,
    cors: Cors,
}

impl Route {
    fn run<F, Fut>(&self, handler: F) -> impl Handler<(State<Arc<App>>, Request), Arc<App>> + use<F, Fut>
    where
        F: Fn(Arc<App>, Request) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Response> + Send + 'static,
    {
        let route = self.clone();
        Wrapped { route, handler }
    }

    /// A handler whose refusals are shown on a page.
    fn page<F, Fut>(&self, handler: F) -> impl Handler<(State<Arc<App>>, Request), Arc<App>> + use<F, Fut>
    where
        F: Fn(Arc<App>, Browser, Request) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Response, Failure>> + Send + 'static,
    {
        self.run(move |app, request| page::show(app, request, handler.clone()))
    }
}

/// A handler with its route around it.
#[derive(Clone)]
struct Wrapped<F> {
    route: Route,
    handler: F,
}

impl<F, Fut> Handler<(State<Arc<App>>, Request), Arc<App>> for Wrapped<F>
where
    F: Fn(Arc<App>, Request) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Response> + Send + 'static,
{
    type Future = std::pin::Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, app: Arc<App>) -> Self::Future {
        Box::pin(async move {
            let started = Instant::now();
            let origin = request.headers().get(ORIGIN).cloned();
            let mut response = (self.handler)(Arc::clone(&app), request).await;
            cors::allow(&app, self.route.cors, origin, response.headers_mut()).await;
            self.route.metrics.observe(started.elapsed(), response.status());
            response
        })
    }
}

/// Answers what no handler takes: a page to browsers, JSON to programs and to the scripts that may read it.
#[derive(Clone, Copy)]
struct Refusing(Cause, Cors);

impl Refusing {
    async fn answer(self, app: Arc<App>, request: Request) -> Response {
        let wants_page = request
            .headers()
            .get(ACCEPT)
            .and_then(|value| value.to_str().ok());
        if request.uri().path().starts_with(&app.path(admin::BASE)) {
            return render::problem(&app, &self.0.into());
        }
        if !wants_page.is_some_and(|accept| accept.contains("text/html")) {
            let origin = request.headers().get(ORIGIN).cloned();
            let mut response = render::json_error(&app, self.0.into(), false);
            cors::allow(&app, self.1, origin, response.headers_mut()).await;
            return response;
        }
        page::show(app, request, |_, _, _| std::future::ready(Err(self.0.into()))).await
    }
}
