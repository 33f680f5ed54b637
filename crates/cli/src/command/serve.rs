//! `grantor serve`.

use std::path::PathBuf;

use axum::Router;
use clap::Args;
use grantor_pages::Theme;
use grantor_server::Parts;

use super::check;
use crate::launch::{self, Listening};
use crate::output::CommandError;
use crate::{engine, master_key};

/// Start a production server.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The configuration file. `grantor check` validates it.
    #[arg(long, default_value = "grantor.toml")]
    config: PathBuf,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<(), CommandError> {
        let (config, report) = check::usable(&self.config)?;
        launch::start_log(config.log_format, &config.log_filter)?;
        for danger in &report.dangers {
            tracing::warn!(danger, "a dangerous setting is on");
        }
        let master_key = master_key::read(&config.master_key)?;
        let (listener, address) = launch::bind(config.listen).await?;
        let store = engine::open(&config.database)?;
        let listening = Listening {
            listener,
            tls: config.tls.clone(),
            limits: config.settings.limits,
        };
        let mut parts = Parts::new(config.settings, store, master_key);
        if let Some(folder) = &config.theme {
            parts.theme =
                Theme::load(folder).map_err(|error| CommandError::caused_by("pages.theme", &error))?;
        }
        let app = launch::open(parts).await?;
        let issuer = app.settings().issuer.to_string();
        launch::run(app, Router::new(), listening, || {
            tracing::info!(issuer, %address, "serving");
        })
        .await
    }
}
