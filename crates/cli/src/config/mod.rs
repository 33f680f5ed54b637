//! The configuration file of `grantor serve`: read section by section, every problem reported at once.

mod admin;
mod client_assertions;
mod database;
mod device;
mod dpop;
mod keys;
mod limits;
mod log;
mod login;
mod logout;
mod outgoing;
mod paths;
mod reader;
mod registration;
mod server;
mod tokens;
mod users;
mod value;

use std::net::SocketAddr;
use std::path::PathBuf;

use grantor_server::Settings;
use grantor_types::Issuer;
use toml::Table;

pub(crate) use self::log::LogFormat;
use self::reader::Section;
pub(crate) use self::reader::{Environment, Problem, Report, Row, Setting};

/// A configuration that can be used.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    pub(crate) listen: SocketAddr,
    pub(crate) tls: Option<TlsFiles>,
    pub(crate) database: PathBuf,
    pub(crate) master_key: MasterKeySource,
    pub(crate) theme: Option<PathBuf>,
    pub(crate) log_format: LogFormat,
    pub(crate) log_filter: String,
}

/// The files that the server's own TLS needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) private_key: PathBuf,
    pub(crate) minimum: TlsMinimum,
}

/// The oldest version of TLS that the listener speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsMinimum {
    Tls12,
    Tls13,
}

/// Where the master key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MasterKeySource {
    /// In a file, as base64url or hex of 32 or more bytes.
    File(PathBuf),
    /// In an environment variable of this name.
    Environment(String),
}

/// Reads a configuration. `None` when there is a problem; the report has them all.
pub(crate) fn read(text: &str, environment: Environment<'_>) -> (Option<Config>, Report) {
    let mut report = Report::default();
    let table = match toml::from_str::<Table>(text) {
        Ok(table) => table,
        Err(error) => {
            report.problems.push(Problem {
                path: "file".to_owned(),
                message: error.to_string(),
            });
            return (None, report);
        }
    };
    let config = sections(table, &mut report, environment);
    (config.filter(|_| report.problems.is_empty()), report)
}

/// Every setting there is, with its default and its documentation.
pub(crate) fn reference() -> Vec<Row> {
    let mut report = Report::default();
    let _incomplete = sections(Table::new(), &mut report, &|_| None);
    report.rows
}

fn sections(table: Table, report: &mut Report, environment: Environment<'_>) -> Option<Config> {
    let mut root = Section::root(table, report, environment);
    let server = root.section("server", server::read);
    // Sections are read whether the ones before them were right or not, so that every problem is found.
    let placeholder = Issuer::parse("http://localhost").ok()?;
    let mut settings = Settings::new(server.issuer.clone().unwrap_or(placeholder));
    settings.trusted_proxies = server.trusted_proxies;
    settings.metrics_from = server.metrics_from;
    settings.policy.profile = server.profile;
    let database = root.section("database", database::read);
    let master_key = root.section("keys", |section| keys::read(section, &mut settings.keys));
    let algorithms = settings.keys.algorithms.clone();
    root.section("tokens", |section| {
        tokens::read(section, &mut settings.policy, &algorithms)
    });
    root.section("client_assertions", |section| {
        client_assertions::read(section, &mut settings.policy.client_assertions);
    });
    root.section("dpop", |section| dpop::read(section, &mut settings.policy.dpop));
    root.section("device", |section| device::read(section, &mut settings.policy));
    root.section("registration", |section| {
        registration::read(section, &mut settings.policy.registration);
    });
    root.section("users", |section| users::read(section, &mut settings.policy));
    root.section("login", |section| login::read(section, &mut settings));
    root.section("logout", |section| logout::read(section, &mut settings.policy));
    settings.paths = root.section("paths", paths::read);
    settings.outgoing = root.section("outgoing", outgoing::read);
    root.section("limits", |section| limits::read(section, &mut settings.limits));
    settings.administration = root.section("admin", |section| admin::read(section, settings.administration));
    let theme = root.section("pages", |section| {
        section.optional(
            "theme",
            "A folder with a stylesheet, a logo or messages in place of ours.",
        )
    });
    let (log_format, log_filter) = root.section("log", log::read);
    root.finish();
    server.issuer?;
    Some(Config {
        settings,
        listen: server.listen,
        tls: server.tls,
        database,
        master_key,
        theme,
        log_format,
        log_filter,
    })
}

#[cfg(test)]
mod tests;
