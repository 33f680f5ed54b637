//! Every route, on one screen.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use grantor_protocol::Cause;
use http::header::{ACCEPT, ORIGIN};

use crate::app::App;
use crate::cors::{self, Cors};
use crate::endpoint::{authorize, health, introspect, metadata, revoke, token, userinfo};
use crate::metrics::RouteMetrics;
use crate::page::{self, account, account_choice, asset, callback, consent, home, login};
use crate::paths::{Endpoint, well_known};
use crate::{extract, render};

/// The server's routes over its state.
pub fn router(app: Arc<App>) -> Router {
    let paths = app.settings.paths.clone();
    let mut routes = Routes {
        router: Router::new(),
        app: Arc::clone(&app),
        base: app.settings.issuer.path().to_owned(),
    };

    routes.at(&paths.all(Endpoint::Authorize), "authorize", Cors::Nobody, |r| {
        get(r.run(authorize::get_or_post)).post(r.run(authorize::get_or_post))
    });
    routes.at(&paths.all(Endpoint::Token), "token", Cors::Registered, |r| {
        post(r.run(token::post))
    });
    routes.at(
        &paths.all(Endpoint::Introspect),
        "introspect",
        Cors::Registered,
        |r| post(r.run(introspect::post)),
    );
    routes.at(&paths.all(Endpoint::Revoke), "revoke", Cors::Registered, |r| {
        post(r.run(revoke::post))
    });
    routes.at(
        &paths.all(Endpoint::Userinfo),
        "userinfo",
        Cors::Registered,
        |r| get(r.run(userinfo::get_or_post)).post(r.run(userinfo::get_or_post)),
    );
    routes.at(&paths.all(Endpoint::Jwks), "jwks", Cors::Everybody, |r| {
        get(r.run(metadata::jwks))
    });
    routes.absolute(
        &well_known(&app.settings.issuer),
        "metadata",
        Cors::Everybody,
        |r| get(r.run(metadata::get)),
    );

    routes.at(&["/login"], "login", Cors::Nobody, |r| {
        get(r.run(login::get)).post(r.run(login::post))
    });
    routes.at(&["/select-account"], "select-account", Cors::Nobody, |r| {
        get(r.run(account_choice::get)).post(r.run(account_choice::post))
    });
    routes.at(&["/consent"], "consent", Cors::Nobody, |r| {
        get(r.run(consent::get)).post(r.run(consent::post))
    });
    routes.at(&["/account"], "account", Cors::Nobody, |r| {
        get(r.run(account::get))
    });
    routes.at(&["/account/sign-out"], "account", Cors::Nobody, |r| {
        post(r.run(account::sign_out))
    });
    routes.at(&["/account/remove-access"], "account", Cors::Nobody, |r| {
        post(r.run(account::remove_access))
    });
    routes.at(&["/assets/{name}"], "asset", Cors::Nobody, |r| {
        get(r.run(asset::get))
    });
    routes.at(&["/"], "home", Cors::Nobody, |r| get(r.run(home::get)));
    if app.settings.dev.is_some() {
        routes.at(&["/callback"], "callback", Cors::Nobody, |r| {
            get(r.run(callback::get))
        });
    }

    routes.at(&["/health"], "health", Cors::Nobody, |r| {
        get(r.run(health::health))
    });
    routes.at(&["/ready"], "ready", Cors::Nobody, |r| get(r.run(health::ready)));
    routes.at(&["/metrics"], "metrics", Cors::Nobody, |r| {
        get(r.run(health::metrics))
    });

    let (not_found, not_allowed) = (Refusing(Cause::NotFound), Refusing(Cause::MethodNotAllowed));
    routes
        .router
        .method_not_allowed_fallback(move |State(app): State<Arc<App>>, request| {
            not_allowed.answer(app, request)
        })
        .fallback(move |State(app): State<Arc<App>>, request| not_found.answer(app, request))
        .with_state(app)
}

/// Collects routes below the path of the issuer.
struct Routes {
    router: Router<Arc<App>>,
    app: Arc<App>,
    base: String,
}

impl Routes {
    fn at(
        &mut self,
        paths: &[impl AsRef<str>],
        name: &'static str,
        cors: Cors,
        methods: impl Fn(&Route) -> MethodRouter<Arc<App>>,
    ) {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| format!("{}{}", self.base, path.as_ref()))
            .collect();
        self.absolute(&paths, name, cors, methods);
    }

    fn absolute(
        &mut self,
        paths: &[String],
        name: &'static str,
        cors: Cors,
        methods: impl Fn(&Route) -> MethodRouter<Arc<App>>,
    ) {
        let route = Route {
            metrics: self.app.metrics.route(name),
            cors,
        };
        for path in paths {
            let mut handlers = methods(&route);
            if cors != Cors::Nobody {
                handlers = handlers
                    .options(move |State(app): State<Arc<App>>, request| cors::preflight(app, cors, request));
            }
            self.router = std::mem::take(&mut self.router).route(path, handlers);
        }
    }
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

/// Answers what no handler takes: a page to browsers, JSON to programs.
#[derive(Clone, Copy)]
struct Refusing(Cause);

impl Refusing {
    async fn answer(self, app: Arc<App>, request: Request) -> Response {
        let wants_page = request
            .headers()
            .get(ACCEPT)
            .and_then(|value| value.to_str().ok());
        if !wants_page.is_some_and(|accept| accept.contains("text/html")) {
            return render::json_error(&app, self.0.into(), false);
        }
        let address = extract::address(&app, &request);
        page::with_browser(&app, request.headers(), address, async |_, _| Err(self.0.into())).await
    }
}
