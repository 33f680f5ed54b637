//! `grantor dev`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use grantor_fetch::Guard;
use grantor_server::{Dev as DevSettings, Parts, PathFamily, Paths, Settings};
use grantor_types::{GrantType, Issuer, RedirectUri, RegistrationMode};

use super::apply;
use super::login::DEFAULT_ISSUER;
use crate::config::LogFormat;
use crate::declaration::Declaration;
use crate::launch::{self, Listening};
use crate::output::{CommandError, say};
use crate::{engine, master_key, sample_api};

/// The callback page at the default address, as the fixtures have it.
const DEFAULT_CALLBACK: &str = "http://localhost:8080/callback";

/// Start a development server on this machine, with users and clients to try.
#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// Address and port to listen on; port 0 is any that is free.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The issuer; http://localhost with the port when absent.
    #[arg(long)]
    issuer: Option<String>,
    /// The folder that everything is kept in.
    #[arg(long, default_value = ".grantor")]
    data: PathBuf,
    /// Forget everything and begin anew.
    #[arg(long)]
    fresh: bool,
    /// Least level of log lines: error, warn, info, debug.
    #[arg(long, default_value = "info")]
    log: String,
}

impl Dev {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        launch::start_log(LogFormat::Text, &self.log)?;
        if !self.listen.ip().is_loopback() {
            tracing::warn!(
                "everybody who reaches {} can log in with passwords that are printed below",
                self.listen
            );
        }
        // The address first: who has it may be a server on the very folder that is to be forgotten.
        let (listener, address) = launch::bind(self.listen).await?;
        if self.fresh {
            self.forget()?;
        }
        let store = engine::open(&self.data.join("grantor.db"))?;
        let master_key = master_key::read_or_make(&self.data.join(master_key::FILE_NAME))?;
        let mut fixtures =
            Declaration::fixtures().map_err(|error| CommandError::caused_by("the fixtures", &error))?;
        let settings = self.settings(&fixtures, address)?;
        add_own_callback(&mut fixtures, &settings.issuer);
        let written = std::fs::write(self.data.join(engine::ISSUER_FILE), settings.issuer.as_str());
        written.map_err(|error| CommandError::caused_by("the issuer cannot be written down", &error))?;
        apply::apply(&*store, &fixtures, &master_key).await?;
        let listening = Listening {
            listener,
            tls: None,
            limits: settings.limits,
        };
        let api = sample_api::router(&settings.issuer)?;
        let banner = banner(&settings, &fixtures);
        let app = launch::open(Parts::new(settings, store, master_key)).await?;
        launch::run(app, api, listening, || say!("{banner}")).await
    }

    fn settings(&self, fixtures: &Declaration, address: SocketAddr) -> Result<Settings, CommandError> {
        let issuer = self
            .issuer
            .clone()
            .unwrap_or_else(|| format!("http://localhost:{}", address.port()));
        let issuer = Issuer::parse(&issuer)
            .map_err(|error| CommandError::usage(format!("{issuer} cannot be the issuer: {error}")))?;
        let mut settings = Settings::new(issuer);
        settings.outgoing = Guard::new().danger_allow_loopback();
        settings.paths = Paths::new(&PathFamily::ALL, std::collections::BTreeMap::new());
        // Sample clients ask about tokens and revoke them without a secret; here they may.
        settings.policy.danger_anonymous_introspection = true;
        settings.policy.danger_anonymous_revocation = true;
        for setting in ["danger_anonymous_introspection", "danger_anonymous_revocation"] {
            tracing::warn!(setting, "on, as always in development; off in production");
        }
        settings.policy.self_registration = true;
        let registration = &mut settings.policy.registration;
        registration.mode = RegistrationMode::Open;
        // What there is to try is there for clients that register themselves as well.
        registration.allowed_scope = fixtures.scopes.iter().map(|scope| scope.name.clone()).collect();
        registration.allowed_grant_types.push(GrantType::DeviceCode);
        settings.dev = Some(DevSettings {
            users: fixtures
                .users
                .iter()
                .filter_map(|user| Some((user.username.clone(), user.password.clone()?)))
                .collect(),
            secrets: fixtures
                .clients
                .iter()
                .filter_map(|client| Some((client.id.to_string(), client.secret.clone()?)))
                .collect(),
        });
        Ok(settings)
    }

    fn forget(&self) -> Result<(), CommandError> {
        for name in [
            "grantor.db",
            "grantor.db-wal",
            "grantor.db-shm",
            engine::ISSUER_FILE,
            master_key::FILE_NAME,
        ] {
            let path = self.data.join(name);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    let context = format!("{} cannot be removed", path.display());
                    return Err(CommandError::caused_by(&context, &error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }
}

/// Lets the fixture clients that can be tried by hand come back to this server's own callback page, whatever its port.
fn add_own_callback(fixtures: &mut Declaration, issuer: &Issuer) {
    // An issuer whose callback is no redirect URI has nothing to try by hand.
    let Ok(callback) = RedirectUri::parse(&issuer.url("/callback")) else {
        return;
    };
    for client in &mut fixtures.clients {
        let uris = &mut client.redirect_uris;
        if uris.iter().any(|uri| uri.as_str() == DEFAULT_CALLBACK) && !uris.contains(&callback) {
            uris.push(callback.clone());
        }
    }
}

fn banner(settings: &Settings, fixtures: &Declaration) -> String {
    let issuer = &settings.issuer;
    let users: Vec<String> = fixtures
        .users
        .iter()
        .map(|user| {
            format!(
                "{} / {}",
                user.username,
                user.password.as_deref().unwrap_or("(no password)")
            )
        })
        .collect();
    let clients: Vec<String> = fixtures
        .clients
        .iter()
        .map(|client| client.id.to_string())
        .collect();
    let elsewhere = match issuer.as_str() == DEFAULT_ISSUER {
        true => String::new(),
        false => format!(" --issuer {issuer}"),
    };
    format!(
        "
  Grantor, development server. Not for production: the passwords below are public.

  Issuer     {issuer}
  Metadata   {issuer}/.well-known/openid-configuration
  Pages      {issuer}/            what there is to try, with links that start a login
             {issuer}/account     sessions and applications with access
  Sample API {issuer}/api/test
  Users      {}
  Clients    {}
             their secrets are on the page; most are <id>-secret

  Try        curl -u service:service-secret -d grant_type=client_credentials -d scope=read \\
               {issuer}/oauth/token

  Sign in    grantor login{elsewhere}
             grantor token --header | curl -H @- {issuer}/api/test

  Administer {issuer}/admin/v1, described by {issuer}/admin/v1/openapi.json;
             `grantor admin token` prints an access token for it

  Stop with Ctrl-C. Everything is kept until `grantor dev --fresh`.
",
        users.join(", "),
        clients.join(", "),
    )
}
