//! How connections are opened.

use std::path::{Path, PathBuf};
use std::time::Duration;

use grantor_store::StoreError;
use rusqlite::{Connection, ErrorCode, OpenFlags};

/// Settings of the engine. The defaults suit a server that shares its machine.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long a commit waits for another process that writes to the same file.
    pub busy_timeout: Duration,
    /// Memory for pages of each connection, in KiB. Connections are one writer and one for each reading thread.
    pub cache_kib: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(10),
            cache_kib: 2 * 1024,
        }
    }
}

/// Where the database is and how it is opened.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    pub(crate) path: PathBuf,
    pub(crate) options: Options,
}

/// More statements than the engine has: none is ever prepared twice.
const STATEMENTS: usize = 96;

impl Location {
    /// Opens the connection that writes, and makes the file when there is none.
    pub(crate) fn writer(&self) -> Result<Connection, StoreError> {
        make_private(&self.path).map_err(|error| self.failed(error))?;
        let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        self.switch_to_wal(&connection)?;
        let settings = "
            -- A commit is on the disk before it is answered.
            PRAGMA synchronous = FULL;
            -- What a savepoint needs to go back stays in memory.
            PRAGMA temp_store = MEMORY;
            -- A log that grew beyond this many bytes shrinks back to it when it is started afresh. Up to here its file
            -- stays as long as it is: writing over it is cheaper than making it longer.
            PRAGMA journal_size_limit = 134217728;";
        connection
            .execute_batch(settings)
            .map_err(|error| self.failed(error))?;
        Ok(connection)
    }

    /// Opens a connection that copies the log into the file.
    pub(crate) fn copier(&self) -> Result<Connection, StoreError> {
        self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a connection that only reads.
    pub(crate) fn reader(&self) -> Result<Connection, StoreError> {
        self.connect(OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    /// The error of a database that cannot be opened.
    pub(crate) fn failed(&self, error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
        StoreError::new(format!("opening the database {}", self.path.display()), error)
    }

    fn connect(&self, access: OpenFlags) -> Result<Connection, StoreError> {
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(&self.path, flags).map_err(|error| self.failed(error))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let cache = -i64::from(self.options.cache_kib);
        connection
            .busy_timeout(self.options.busy_timeout)
            .and_then(|()| connection.pragma_update(None, "cache_size", cache))
            .and_then(|()| connection.pragma_update(None, "trusted_schema", false))
            .map_err(|error| self.failed(error))?;
        Ok(connection)
    }

    /// Readers never wait for the writer in a write-ahead log. The switch wants the file for itself and does not wait
    /// for it, so when another process is about to make the same switch, let it, then look again.
    fn switch_to_wal(&self, connection: &Connection) -> Result<(), StoreError> {
        const ATTEMPTS: u32 = 100;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            match connection.pragma_update(None, "journal_mode", "WAL") {
                Ok(()) => return Ok(()),
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                    last = Some(error)
                }
                Err(error) => return Err(self.failed(error)),
            }
            // This does wait, until the other has let go.
            connection
                .execute_batch("BEGIN IMMEDIATE; ROLLBACK")
                .map_err(|error| self.failed(error))?;
        }
        Err(last.map_or_else(
            || StoreError::broken_row("opening the database: no attempt was made"),
            |error| self.failed(error),
        ))
    }
}

/// Makes the file when there is none, for its owner alone: it holds password hashes. SQLite gives the log beside it the
/// same permissions.
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
