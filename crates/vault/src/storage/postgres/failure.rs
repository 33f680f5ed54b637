//! What went wrong at the database, in one line, and what to do about it.

use std::error::Error;

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// A failure as it is told.
#[derive(Debug)]
pub(super) struct Failure(String);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failure {}

impl From<&str> for Failure {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        let remedy = match error.as_db_error() {
            Some(refusal) => remedy(refusal.code()),
            None => unreachable_or_not(&error),
        };
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self(match remedy {
            Some(remedy) => format!("{text}; {remedy}"),
            None => text,
        })
    }
}

impl From<PoolError> for Failure {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            PoolError::Timeout(_) => {
                "no connection came about in time; is it overloaded, or out of reach?".into()
            }
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                Self(format!("no connection came about: {error}"))
            }
        }
    }
}

/// What to do when the database itself refuses.
fn remedy(code: &SqlState) -> Option<&'static str> {
    let rows = [
        (
            SqlState::INVALID_PASSWORD,
            "check the user and the password in the URL",
        ),
        (
            SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
            "check the user in the URL and pg_hba.conf",
        ),
        (SqlState::INVALID_CATALOG_NAME, "create the database first"),
        (
            SqlState::INSUFFICIENT_PRIVILEGE,
            "let the user make tables in the schema (GRANT CREATE, USAGE ON SCHEMA), or give it those of the vault",
        ),
        (
            SqlState::INVALID_SCHEMA_NAME,
            "create the schema that search_path names, and let the user make tables in it",
        ),
        (
            SqlState::DUPLICATE_TABLE,
            "the table is not a vault's: choose another schema by options=-csearch_path%3D… in the URL",
        ),
        (
            SqlState::READ_ONLY_SQL_TRANSACTION,
            "this is a replica: name the primary, or add target_session_attrs=read-write to the URL",
        ),
        (
            SqlState::TOO_MANY_CONNECTIONS,
            "raise max_connections; each process holds up to four",
        ),
        (
            SqlState::QUERY_CANCELED,
            "somebody may hold a lock on the table, or the database is overloaded",
        ),
    ];
    let found = rows.into_iter().find(|(refused, _)| refused == code);
    found.map(|(_, remedy)| remedy)
}

/// What to do when there is no talking to it.
fn unreachable_or_not(error: &tokio_postgres::Error) -> Option<&'static str> {
    let text = error.to_string();
    if text.contains("TLS") {
        return Some(
            "the certificate has to be valid for the host in the URL and signed by an authority of the system or in SSL_CERT_FILE; \
             sslmode=disable goes without TLS",
        );
    }
    text.contains("connecting")
        .then_some("is it running, and are host and port in the URL right?")
}
