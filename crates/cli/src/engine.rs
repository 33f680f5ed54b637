//! The storage engines. No other code knows which there are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use grantor_protocol::Policy;
use grantor_server::KeySettings;
use grantor_server::keyring::MasterKey;
use grantor_store::{Store, StoreError};
use grantor_store_sqlite::{Options, SqliteStore};

use crate::command::check;
use crate::config::MasterKeySource;
use crate::master_key;
use crate::output::CommandError;

/// Rows that a command reads at a time.
pub(crate) const PAGE: usize = 500;

/// Opens the engine for a database path.
///
/// # Errors
/// When the database cannot be opened or migrated.
pub(crate) fn open(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let context = || format!("the folder {} cannot be made", folder.display());
        std::fs::create_dir_all(folder).map_err(|error| StoreError::new(context(), error))?;
    }
    Ok(Arc::new(SqliteStore::open(path, Options::default())?))
}

/// Where a command finds the database: the configuration of a production server, or the folder of a development one.
#[derive(Debug, clap::Args)]
pub(crate) struct DatabaseArguments {
    /// The configuration file of the server.
    #[arg(long)]
    config: Option<PathBuf>,
    /// The folder of a development server.
    #[arg(long, default_value = ".grantor", conflicts_with = "config")]
    data: PathBuf,
}

/// What it takes to make keys for a server.
pub(crate) struct Keys {
    pub(crate) master: MasterKey,
    pub(crate) policy: Policy,
    pub(crate) settings: KeySettings,
}

impl DatabaseArguments {
    /// The master key of the server, and what its keys have to fit.
    ///
    /// # Errors
    /// When the configuration or the master key cannot be used.
    pub(crate) fn keys(&self) -> Result<Keys, CommandError> {
        let Some(config) = &self.config else {
            return Ok(Keys {
                master: master_key::read(&MasterKeySource::File(self.data.join(master_key::FILE_NAME)))?,
                policy: Policy::default(),
                settings: KeySettings::default(),
            });
        };
        let (config, _) = check::usable(config)?;
        Ok(Keys {
            master: master_key::read(&config.master_key)?,
            policy: config.settings.policy,
            settings: config.settings.keys,
        })
    }

    /// What the operator decided; the defaults for a development server.
    ///
    /// # Errors
    /// When the configuration cannot be used.
    pub(crate) fn policy(&self) -> Result<Policy, CommandError> {
        match &self.config {
            Some(config) => Ok(check::usable(config)?.0.settings.policy),
            None => Ok(Policy::default()),
        }
    }

    /// Opens the database beside a running server.
    ///
    /// # Errors
    /// When there is none, or the configuration cannot be used.
    pub(crate) fn open(&self) -> Result<Arc<dyn Store>, CommandError> {
        let path = match &self.config {
            Some(config) => check::usable(config)?.0.database,
            None => self.data.join("grantor.db"),
        };
        if self.config.is_none() && !path.exists() {
            return Err(CommandError::usage(format!(
                "there is no database at {}; start `grantor dev` first, or name the server with --config or --data",
                path.display()
            )));
        }
        Ok(open(&path)?)
    }
}
