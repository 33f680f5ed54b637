//! The storage engines. No other code knows which there are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use grantor_protocol::Policy;
use grantor_server::KeySettings;
use grantor_server::keyring::MasterKey;
use grantor_store::{Store, StoreError};
use grantor_store_sqlite::{Options, SqliteStore};
use grantor_types::Issuer;

use crate::command::check;
use crate::config::MasterKeySource;
use crate::master_key;
use crate::output::CommandError;

/// Where a development server writes down its issuer, in its folder.
pub(crate) const ISSUER_FILE: &str = "issuer";

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
#[derive(Debug)]
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

    /// The issuer of the server. A development server writes down its own.
    ///
    /// # Errors
    /// When the configuration cannot be used, or no server has been started in the folder.
    pub(crate) fn issuer(&self) -> Result<Issuer, CommandError> {
        if let Some(config) = &self.config {
            return Ok(check::usable(config)?.0.settings.issuer);
        }
        let path = self.data.join(ISSUER_FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            let context = format!("{} cannot be read; start `grantor dev` first", path.display());
            CommandError::caused_by(&context, &error)
        })?;
        Issuer::parse(text.trim()).map_err(|error| CommandError::caused_by("the issuer", &error))
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
