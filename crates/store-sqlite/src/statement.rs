//! Runs prepared statements, kept by their text on each connection, and says in errors which table it was.

use grantor_store::StoreError;
use rusqlite::{Connection, Params};

use crate::column::Columns;

/// The row that a statement finds, if there is one.
pub(crate) fn one<T>(
    connection: &Connection,
    (table, sql): (&'static str, &str),
    parameters: impl Params,
    read: impl FnOnce(&mut Columns<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let failed = |error| StoreError::new(format!("reading table {table}"), error);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(parameters).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else {
        return Ok(None);
    };
    read(&mut Columns::new(row, table)).map(Some)
}

/// Every row that a statement finds.
pub(crate) fn many<T>(
    connection: &Connection,
    (table, sql): (&'static str, &str),
    parameters: impl Params,
    read: impl Fn(&mut Columns<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let failed = |error| StoreError::new(format!("reading table {table}"), error);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(parameters).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(read(&mut Columns::new(row, table))?);
    }
    Ok(found)
}

/// Runs a statement that writes and says how many rows it touched.
pub(crate) fn execute(
    connection: &Connection,
    (table, sql): (&'static str, &str),
    parameters: impl Params,
) -> Result<usize, StoreError> {
    let failed = |error| StoreError::new(format!("writing table {table}"), error);
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    statement.execute(parameters).map_err(failed)
}
