//! Users.

use grantor_protocol::Expect;
use grantor_protocol::record::User;
use grantor_store::username_key;
use rusqlite::Connection;

use super::{Changed, require};
use crate::column::{json, number};
use crate::statement::execute;

const TABLE: &str = "users";

/// Inserts or replaces a user where `expect` holds and the login name is nobody else's.
pub(super) fn put(connection: &Connection, user: &User, expect: Expect) -> Changed {
    let (id, name) = (user.id.as_bytes(), username_key(&user.username));
    let (revision, document) = (number(user.revision.0), json(user)?);
    // Both statements pass over a row whose id or login name is taken: no row is touched.
    let rows = match expect {
        Expect::Absent => {
            let sql = "INSERT INTO users (id, username_key, revision, document) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT DO NOTHING";
            execute(connection, (TABLE, sql), (id, name, revision, document))
        }
        Expect::Revision(expected) => {
            let sql = "UPDATE OR IGNORE users SET username_key = ?2, revision = ?3, document = ?4
                WHERE id = ?1 AND revision = ?5";
            let expected = number(expected.0);
            execute(connection, (TABLE, sql), (id, name, revision, document, expected))
        }
    }?;
    require(rows)
}
