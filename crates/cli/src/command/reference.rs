//! `grantor reference`: what `cargo xtask gen` writes into `docs/reference`.

mod commands;

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use grantor_protocol::Cause;

use crate::config;
use crate::output::{CommandError, print_json, say};

/// Print a generated reference.
#[derive(Debug, Args)]
pub(crate) struct Reference {
    /// Which one.
    subject: Subject,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Subject {
    AdminApi,
    Commands,
    Errors,
    Metrics,
    Routes,
    Settings,
}

impl Reference {
    pub(crate) fn run(self) -> Result<(), CommandError> {
        let text = match self.subject {
            Subject::AdminApi => return print_json(&admin_api()),
            Subject::Commands => commands::page(),
            Subject::Errors => errors(),
            Subject::Metrics => metrics(),
            Subject::Routes => routes(),
            Subject::Settings => settings(),
        };
        say!("{}", text.trim_end());
        Ok(())
    }
}

/// As a server at an example address serves it.
fn admin_api() -> serde_json::Value {
    let issuer = "https://id.example.com";
    grantor_server::admin::openapi::document(issuer, &format!("{issuer}/oauth/token"))
}

fn errors() -> String {
    let mut text = "# Errors\n\nEvery reason for which Grantor refuses a request. The id is in the log and on error pages.\n\n\
                    | id | `error` | status | section | what it says |\n|---|---|---|---|---|\n"
        .to_owned();
    for cause in Cause::ALL {
        let code = cause.code();
        let _infallible = writeln!(
            text,
            "| `{}` | `{}` | {} | {} | {} |",
            cause.id(),
            code.as_str(),
            code.status(),
            code.specification(),
            cause.description(),
        );
    }
    text
}

fn metrics() -> String {
    let mut text = "# Metrics\n\nWhat `/metrics` tells, in the text format of Prometheus.\n\n\
                    | metric | kind | what it says |\n|---|---|---|\n"
        .to_owned();
    for metric in grantor_server::Metrics::new().described() {
        let _infallible = writeln!(text, "| `{}` | {} | {} |", metric.name, metric.kind, metric.help);
    }
    text
}

fn routes() -> String {
    let mut text =
        "# Routes\n\nEvery path of a server with all path families on and no overrides, below the path of \
                    the issuer.\n\n| path | methods | route | CORS |\n|---|---|---|---|\n"
            .to_owned();
    for route in grantor_server::routes() {
        let _infallible = writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            route.path, route.methods, route.name, route.cors
        );
    }
    text
}

fn settings() -> String {
    let mut text =
        "# Settings\n\nEvery setting of `grantor serve --config FILE` (TOML). An environment variable goes \
                    before the file: `server.issuer` is `GRANTOR_SERVER_ISSUER`.\n"
            .to_owned();
    let mut section = String::new();
    for row in config::reference() {
        let (name, key) = row.path.split_once('.').unwrap_or(("", &row.path));
        if name != section {
            name.clone_into(&mut section);
            let _infallible = write!(
                text,
                "\n## [{name}]\n\n| setting | value | default | |\n|---|---|---|---|\n"
            );
        }
        let default = if row.default.is_empty() {
            String::new()
        } else {
            format!("`{}`", row.default)
        };
        let _infallible = writeln!(
            text,
            "| `{key}` | {} | {default} | {} |",
            row.kind, row.documentation
        );
    }
    text
}
