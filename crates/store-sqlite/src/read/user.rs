//! Users.

use grantor_protocol::record::User;
use grantor_store::{Page, StoreError, username_key};
use grantor_types::UserId;
use rusqlite::Connection;

use super::{one_more_than, page};
use crate::column::Columns;
use crate::statement::{many, one};

const TABLE: &str = "users";

/// A user by id.
pub(crate) fn by_id(connection: &Connection, id: UserId) -> Result<Option<User>, StoreError> {
    let sql = "SELECT id, document FROM users WHERE id = ?1";
    one(connection, (TABLE, sql), [id.as_bytes()], document)
}

/// A user by login name.
pub(crate) fn by_username(connection: &Connection, username: &str) -> Result<Option<User>, StoreError> {
    let sql = "SELECT id, document FROM users WHERE username_key = ?1";
    one(connection, (TABLE, sql), [username_key(username)], document)
}

/// Users after an id.
pub(crate) fn list(
    connection: &Connection,
    after: Option<UserId>,
    limit: usize,
) -> Result<Page<User>, StoreError> {
    let sql = "SELECT id, document FROM users WHERE id > ?1 ORDER BY id LIMIT ?2";
    // Before the first id comes the empty blob.
    let after = after.as_ref().map_or(&[][..], |id| id.as_bytes());
    let users = many(connection, (TABLE, sql), (after, one_more_than(limit)), document)?;
    Ok(page(users, limit))
}

fn document(columns: &mut Columns<'_>) -> Result<User, StoreError> {
    let id = columns.bytes().map(UserId::from_bytes)?;
    let user: User = columns.json()?;
    if user.id == id {
        Ok(user)
    } else {
        Err(columns.inconsistent("the document is that of another user"))
    }
}
