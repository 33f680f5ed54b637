//! Records in one SQLite file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params, params_from_iter};

use super::{Record, Storage};
use crate::compartment::{Compartment, RecordKey};
use crate::error::StorageError;

/// Says whose file it is (`PRAGMA application_id`): "GvLt".
const APPLICATION_ID: i32 = 0x4776_4c74;
/// The form of the table.
const FORM: i32 = 1;
/// How long a write waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const SWITCH_ATTEMPTS: u32 = 100;

/// Keeps records in one file (SQLite), which many processes of one machine may share. A write is on the disk before it
/// is answered.
///
/// The file is made for its owner alone. Its contents are sealed, but names of namespaces, owners and ids are not. Do not
/// put it on a network share: the locks that it relies on do not hold there.
#[derive(Clone, Debug)]
pub struct FileStorage(Arc<Mutex<Connection>>);

impl FileStorage {
    /// Opens the file, and makes it when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when it cannot be opened, or belongs to another program or a newer release.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StorageError> {
        let path = path.as_ref().to_owned();
        let connection = blocking("opening the file", move || connect(&path)).await?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    async fn run<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StorageError> {
        let connection = self.0.clone();
        blocking(what, move || {
            // Every statement stands alone, so a panic leaves nothing half done.
            work(&connection.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await
    }
}

#[async_trait]
impl Storage for FileStorage {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StorageError> {
        let key = key.clone();
        self.run("reading a record", move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT revision, bytes FROM records WHERE namespace = ?1 AND owner = ?2 AND id = ?3",
            )?;
            let record = statement
                .query_row(key.parts(), |row| {
                    Ok(Record {
                        revision: row.get(0)?,
                        bytes: row.get(1)?,
                    })
                })
                .optional()?;
            Ok(record)
        })
        .await
    }

    async fn keys(&self, compartment: Option<&Compartment>) -> Result<Vec<RecordKey>, StorageError> {
        let wanted = compartment.map(|wanted| [wanted.namespace().to_owned(), wanted.owner().to_owned()]);
        self.run("listing records", move |connection| {
            let mut statement = connection.prepare_cached(match &wanted {
                Some(_) => "SELECT namespace, owner, id FROM records WHERE namespace = ?1 AND owner = ?2",
                None => "SELECT namespace, owner, id FROM records",
            })?;
            let mut rows = statement.query(params_from_iter(wanted.iter().flatten()))?;
            let mut keys = Vec::new();
            while let Some(row) = rows.next()? {
                let [namespace, owner, id]: [String; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
                keys.push(RecordKey::from_parts(&namespace, &owner, &id)?);
            }
            Ok(keys)
        })
        .await
    }

    async fn replace(
        &self,
        key: &RecordKey,
        expected: Option<i64>,
        record: Option<Record>,
    ) -> Result<bool, StorageError> {
        let key = key.clone();
        self.run("writing a record", move |connection| {
            let [namespace, owner, id] = key.parts();
            let changed = match (expected, record) {
                (None, Some(Record { revision, bytes })) => connection
                    .prepare_cached(
                        "INSERT INTO records (namespace, owner, id, revision, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
                         ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![namespace, owner, id, revision, bytes])?,
                (Some(expected), Some(Record { revision, bytes })) => connection
                    .prepare_cached(
                        "UPDATE records SET revision = ?5, bytes = ?6
                         WHERE namespace = ?1 AND owner = ?2 AND id = ?3 AND revision = ?4",
                    )?
                    .execute(params![namespace, owner, id, expected, revision, bytes])?,
                (Some(expected), None) => connection
                    .prepare_cached(
                        "DELETE FROM records
                         WHERE namespace = ?1 AND owner = ?2 AND id = ?3 AND revision = ?4",
                    )?
                    .execute(params![namespace, owner, id, expected])?,
                (None, None) => {
                    let mut statement = connection.prepare_cached(
                        "SELECT 1 FROM records WHERE namespace = ?1 AND owner = ?2 AND id = ?3",
                    )?;
                    usize::from(!statement.exists(key.parts())?)
                }
            };
            Ok(changed == 1)
        })
        .await
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The file is on a disk, which takes its time, so that a thread is set aside for it.
async fn blocking<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, StorageError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(|error| StorageError::new(what, error)),
        Err(interrupted) => Err(StorageError::new(what, interrupted)),
    }
}

fn connect(path: &PathBuf) -> Result<Connection, Failure> {
    make_private(path)?;
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // In one transaction, or another process could make its tables between two looks.
    connection.execute_batch("BEGIN")?;
    let is_ours = check_owner(&connection)?;
    connection.execute_batch("COMMIT")?;
    switch_to_wal(&connection)?;
    // A write is on the disk before it is answered, and what was deleted is overwritten.
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")?;
    if is_ours {
        // Writing waits for others who write; who only opens the file need not.
        return Ok(connection);
    }
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE;
         CREATE TABLE IF NOT EXISTS records (
             namespace TEXT NOT NULL,
             owner TEXT NOT NULL,
             id TEXT NOT NULL,
             revision INTEGER NOT NULL,
             bytes BLOB NOT NULL,
             PRIMARY KEY (namespace, owner, id)
         ) STRICT, WITHOUT ROWID;
         PRAGMA application_id = {APPLICATION_ID};
         PRAGMA user_version = {FORM};
         COMMIT;"
    ))?;
    Ok(connection)
}

/// Refuses what another program or a newer release wrote, before anything is changed in it. Says whether it is a vault
/// already; else it is empty.
fn check_owner(connection: &Connection) -> Result<bool, Failure> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let (application, form) = (number("application_id")?, number("user_version")?);
    let is_empty = !connection.prepare("SELECT 1 FROM sqlite_schema")?.exists([])?;
    if application == APPLICATION_ID && form > FORM {
        return Err("it was written by a newer release".into());
    }
    if application != APPLICATION_ID && !is_empty {
        return Err("it is not a vault: it has tables of another program".into());
    }
    Ok(application == APPLICATION_ID)
}

/// The switch wants the file for itself and does not wait for it, so when another process is about to make the same
/// switch, let it, then look again.
fn switch_to_wal(connection: &Connection) -> Result<(), Failure> {
    for _ in 0..SWITCH_ATTEMPTS {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Ok(()) => return Ok(()),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err("other processes keep it busy".into())
}

/// Makes the file when there is none, for its owner alone. SQLite gives the log beside it the same permissions.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}
