//! Columns as types. What the schema does not promise is a broken row, never a panic.

use std::fmt::Write as _;

use grantor_store::StoreError;
use grantor_types::{ClientId, Timestamp};
use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads the columns of one row from left to right. The first is the key.
pub(crate) struct Columns<'r> {
    row: &'r Row<'r>,
    table: &'static str,
    next: usize,
}

impl<'r> Columns<'r> {
    /// The row, from its first column on.
    pub(crate) fn new(row: &'r Row<'r>, table: &'static str) -> Self {
        Self { row, table, next: 0 }
    }

    /// The next column through `read`; broken when that gives nothing.
    fn read<T>(&mut self, read: impl FnOnce(ValueRef<'r>) -> Option<T>) -> Result<T, StoreError> {
        let value = self.row.get_ref(self.next).unwrap_or(ValueRef::Null);
        let column = self.next;
        self.next += 1;
        read(value).ok_or_else(|| self.broken(column))
    }

    /// `None` for null, else the next column through `read`.
    pub(crate) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match self.row.get_ref(self.next) {
            Ok(ValueRef::Null) => {
                self.next += 1;
                Ok(None)
            }
            Ok(_) | Err(_) => read(self).map(Some),
        }
    }

    /// A text that `parse` understands.
    pub(crate) fn parsed<T, E>(&mut self, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<T, StoreError> {
        self.read(|value| parse(value.as_str().ok()?).ok())
    }

    /// A name that `known` knows.
    pub(crate) fn named<T>(&mut self, known: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        self.read(|value| known(value.as_str().ok()?))
    }

    /// Any text.
    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.read(|value| Some(value.as_str().ok()?.to_owned()))
    }

    /// A client id.
    pub(crate) fn client(&mut self) -> Result<ClientId, StoreError> {
        self.parsed(ClientId::parse)
    }

    /// Bytes of a fixed number.
    pub(crate) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        self.read(|value| value.as_blob().ok()?.try_into().ok())
    }

    /// Any bytes.
    pub(crate) fn blob(&mut self) -> Result<Vec<u8>, StoreError> {
        self.read(|value| Some(value.as_blob().ok()?.to_vec()))
    }

    /// A number that is not negative.
    pub(crate) fn number(&mut self) -> Result<u64, StoreError> {
        self.read(|value| u64::try_from(value.as_i64().ok()?).ok())
    }

    /// A small number that is not negative.
    pub(crate) fn small(&mut self) -> Result<u32, StoreError> {
        self.read(|value| u32::try_from(value.as_i64().ok()?).ok())
    }

    /// An instant.
    pub(crate) fn time(&mut self) -> Result<Timestamp, StoreError> {
        self.number().map(Timestamp::from_milliseconds)
    }

    /// A JSON document.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        self.parsed(|text| serde_json::from_str(text))
    }

    /// The error of a row whose columns do not fit together.
    pub(crate) fn inconsistent(&self, what: &str) -> StoreError {
        StoreError::broken_row(format!("table {}, key {}: {what}", self.table, self.key()))
    }

    fn broken(&self, column: usize) -> StoreError {
        let name = self.row.as_ref().column_name(column).unwrap_or("?");
        self.inconsistent(&format!("column {name} holds something else than it should"))
    }

    fn key(&self) -> String {
        match self.row.get_ref(0) {
            Ok(ValueRef::Text(text)) => String::from_utf8_lossy(text).into_owned(),
            Ok(ValueRef::Integer(number)) => number.to_string(),
            Ok(ValueRef::Blob(bytes)) => bytes.iter().fold(String::from("x"), |mut hex, byte| {
                // Writing to a string cannot fail.
                let _ = write!(hex, "{byte:02x}");
                hex
            }),
            Ok(ValueRef::Real(_) | ValueRef::Null) | Err(_) => "unreadable".into(),
        }
    }
}

/// A number as SQLite keeps it: signed. What lies beyond, in time or count, is the end of it.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// An instant as SQLite keeps it.
pub(crate) fn time(value: Timestamp) -> i64 {
    number(value.as_milliseconds())
}

/// A document as JSON.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::new("writing a document as JSON", error))
}
