//! Records in a PostgreSQL database.

mod connect;
mod failure;
mod schema;

use std::time::Duration;

use async_trait::async_trait;
use deadpool_postgres::{Object, Pool};
use rustls::ClientConfig;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use self::failure::Failure;
use super::{Record, Storage};
use crate::compartment::{Compartment, RecordKey};
use crate::error::StorageError;

/// How long anything may take: to get a connection, to make one, to run a statement.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Keeps records in a table of a PostgreSQL database, for processes on many machines.
///
/// The first to open it makes the tables `grantor_vault_form` and `grantor_vault_records` in the schema that the connection
/// is in (`search_path`), so several vaults are several schemas. Their contents are sealed, but names of namespaces, owners and
/// ids are not. A process holds four connections at most, and makes new ones when the database comes back. A write is on
/// its disk before it is answered, also where the database has `synchronous_commit` off.
///
/// ```no_run
/// # async fn example(master_key: grantor_vault::MasterKey) -> Result<(), Box<dyn std::error::Error>> {
/// use grantor_vault::{CredentialManager, PostgresStorage};
///
/// let storage = PostgresStorage::open("postgresql://vault:password@db.example.com/vault?sslmode=require").await?;
/// let manager = CredentialManager::builder(storage, master_key).open().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresStorage(Pool);

impl PostgresStorage {
    /// Opens the vault in the database that the URL names, and makes its tables when there are none.
    ///
    /// `sslmode=require` in the URL asks for TLS and checks the certificate and its name, against the certificate authorities of
    /// the system or those in the file that the environment variable `SSL_CERT_FILE` names. `sslmode=disable` goes without. When
    /// the URL does not say, it is required but for sockets and this machine.
    ///
    /// A pooler in between (PgBouncer) has to be in session mode.
    ///
    /// # Errors
    /// [`StorageError`] that says what to do: the URL cannot be read, the database cannot be reached or refuses the user, is not
    /// in UTF-8, holds tables of these names that are not a vault's, or was written by a newer release.
    pub async fn open(url: &str) -> Result<Self, StorageError> {
        Self::opened(connect::pool(url, None)).await
    }

    /// The same with TLS as the caller wants it: other certificate authorities, a certificate of the client.
    ///
    /// ```no_run
    /// # async fn example(tls: rustls::ClientConfig) -> Result<(), grantor_vault::StorageError> {
    /// let storage = grantor_vault::PostgresStorage::open_with_tls("postgresql://vault@db.example.com/vault", tls).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_with_tls(url: &str, tls: ClientConfig) -> Result<Self, StorageError> {
        Self::opened(connect::pool(url, Some(tls))).await
    }

    async fn opened(pool: Result<Pool, Failure>) -> Result<Self, StorageError> {
        let opening = async {
            let storage = Self(pool?);
            let mut connection = storage.connection().await?;
            schema::prepare(&mut connection).await?;
            Ok(storage)
        };
        opening.await.map_err(told("opening the database"))
    }

    async fn connection(&self) -> Result<Object, Failure> {
        Ok(self.0.get().await?)
    }

    /// Runs one statement. Those that write stand alone, so each is a transaction.
    async fn run(&self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, Failure> {
        let connection = self.connection().await?;
        // It is not prepared: that would be another way there and back, for each of many connections.
        let running = connection.query_typed(statement, values);
        match tokio::time::timeout(TIMEOUT, running).await {
            Ok(rows) => Ok(rows?),
            Err(_) => Err("the database did not answer in time".into()),
        }
    }

    async fn found(&self, key: &RecordKey) -> Result<Option<Record>, Failure> {
        let statement = "SELECT revision, bytes FROM grantor_vault_records
                         WHERE namespace = $1 AND owner = $2 AND id = $3";
        let rows = self.run(statement, &values(&key.parts())).await?;
        let record = |row: &Row| {
            Ok(Record {
                revision: row.try_get(0)?,
                bytes: row.try_get(1)?,
            })
        };
        rows.first().map(record).transpose()
    }

    async fn listed(&self, compartment: Option<&Compartment>) -> Result<Vec<RecordKey>, Failure> {
        let rows = match compartment {
            Some(wanted) => {
                let statement = "SELECT namespace, owner, id FROM grantor_vault_records
                                 WHERE namespace = $1 AND owner = $2";
                let place = [wanted.namespace(), wanted.owner()];
                self.run(statement, &values(&place)).await?
            }
            None => {
                let statement = "SELECT namespace, owner, id FROM grantor_vault_records";
                self.run(statement, &[]).await?
            }
        };
        let key = |row: &Row| {
            let key = RecordKey::from_parts(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            key.map_err(|error| format!("a record has no name of a vault's: {error}").into())
        };
        rows.iter().map(key).collect()
    }

    /// Of two that change a row at once, the second waits for the first and then finds another revision.
    async fn replaced(
        &self,
        key: &RecordKey,
        expected: Option<&i64>,
        record: Option<&Record>,
    ) -> Result<bool, Failure> {
        let parts = key.parts();
        let mut values = values(&parts);
        values.extend(expected.map(|expected| (expected as _, Type::INT8)));
        if let Some(Record { revision, bytes }) = record {
            values.extend([(revision as _, Type::INT8), (bytes as _, Type::BYTEA)]);
        }
        let statement = match (expected, record) {
            (None, Some(_)) => {
                "INSERT INTO grantor_vault_records (namespace, owner, id, revision, bytes)
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING 1"
            }
            (Some(_), Some(_)) => {
                "UPDATE grantor_vault_records SET revision = $5, bytes = $6
                 WHERE namespace = $1 AND owner = $2 AND id = $3 AND revision = $4 RETURNING 1"
            }
            (Some(_), None) => {
                "DELETE FROM grantor_vault_records
                 WHERE namespace = $1 AND owner = $2 AND id = $3 AND revision = $4 RETURNING 1"
            }
            (None, None) => {
                "SELECT 1 WHERE NOT EXISTS (
                     SELECT FROM grantor_vault_records WHERE namespace = $1 AND owner = $2 AND id = $3)"
            }
        };
        Ok(self.run(statement, &values).await?.len() == 1)
    }
}

#[async_trait]
impl Storage for PostgresStorage {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StorageError> {
        self.found(key).await.map_err(told("reading a record"))
    }

    async fn keys(&self, compartment: Option<&Compartment>) -> Result<Vec<RecordKey>, StorageError> {
        self.listed(compartment).await.map_err(told("listing records"))
    }

    async fn replace(
        &self,
        key: &RecordKey,
        expected: Option<i64>,
        record: Option<Record>,
    ) -> Result<bool, StorageError> {
        let replacing = self.replaced(key, expected.as_ref(), record.as_ref());
        replacing.await.map_err(told("writing a record"))
    }
}

impl std::fmt::Debug for PostgresStorage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStorage").finish_non_exhaustive()
    }
}

/// A value of a statement with its type.
type Value<'a> = (&'a (dyn ToSql + Sync), Type);

fn told(what: &'static str) -> impl FnOnce(Failure) -> StorageError {
    move |failure| StorageError::new(what, failure)
}

fn values<'a>(parts: &'a [&'a str]) -> Vec<Value<'a>> {
    parts.iter().map(|part| (part as _, Type::TEXT)).collect()
}
