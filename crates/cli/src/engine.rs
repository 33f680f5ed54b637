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
use crate::config::{Config, MasterKeySource};
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

/// A server's configuration, read once for all that a command needs of it.
#[derive(Debug)]
pub(crate) enum Place<'a> {
    /// That of a production server.
    Configured(Box<Config>),
    /// The folder of a development server.
    Folder(&'a Path),
}

/// What it takes to make keys for a server.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) master: MasterKey,
    pub(crate) settings: KeySettings,
}

impl DatabaseArguments {
    /// Reads the configuration, if there is one.
    ///
    /// # Errors
    /// When it cannot be used.
    pub(crate) fn place(&self) -> Result<Place<'_>, CommandError> {
        match &self.config {
            Some(config) => Ok(Place::Configured(Box::new(check::usable(config)?.0))),
            None => Ok(Place::Folder(&self.data)),
        }
    }

    /// Opens the database beside a running server, for a command that needs nothing else.
    ///
    /// # Errors
    /// As [`place`](Self::place) and [`Place::open`].
    pub(crate) fn open(&self) -> Result<Arc<dyn Store>, CommandError> {
        self.place()?.open()
    }
}

impl Place<'_> {
    /// The master key of the server, and what its keys have to fit.
    ///
    /// # Errors
    /// When the master key cannot be used.
    pub(crate) fn keys(&self) -> Result<Keys, CommandError> {
        let (source, settings) = match self {
            Self::Configured(config) => (config.master_key.clone(), config.settings.keys.clone()),
            Self::Folder(data) => (
                MasterKeySource::File(data.join(master_key::FILE_NAME)),
                KeySettings::default(),
            ),
        };
        Ok(Keys {
            master: master_key::read(&source)?,
            settings,
        })
    }

    /// The issuer of the server. A development server writes down its own.
    ///
    /// # Errors
    /// When no server has been started in the folder.
    pub(crate) fn issuer(&self) -> Result<Issuer, CommandError> {
        let data = match self {
            Self::Configured(config) => return Ok(config.settings.issuer.clone()),
            Self::Folder(data) => data,
        };
        let path = data.join(ISSUER_FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            let context = format!("{} cannot be read; start `grantor dev` first", path.display());
            CommandError::caused_by(&context, &error)
        })?;
        Issuer::parse(text.trim()).map_err(|error| CommandError::caused_by("the issuer", &error))
    }

    /// What the operator decided; the defaults for a development server.
    pub(crate) fn policy(&self) -> Policy {
        match self {
            Self::Configured(config) => config.settings.policy.clone(),
            Self::Folder(_) => Policy::default(),
        }
    }

    /// Opens the database beside a running server.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn open(&self) -> Result<Arc<dyn Store>, CommandError> {
        let path = match self {
            Self::Configured(config) => config.database.clone(),
            Self::Folder(data) => data.join("grantor.db"),
        };
        if matches!(self, Self::Folder(_)) && !path.exists() {
            return Err(CommandError::usage(format!(
                "there is no database at {}; start `grantor dev` first, or name the server with --config or --data",
                path.display()
            )));
        }
        Ok(open(&path)?)
    }
}
