//! Brings a database to this release: numbered steps, forward only, each applied once.

use grantor_store::StoreError;
use rusqlite::{Connection, OptionalExtension};
use thiserror::Error;

/// One step.
#[derive(Clone, Copy, Debug)]
struct Migration {
    version: u32,
    name: &'static str,
    sql: &'static str,
}

/// Every step, in order. One that was released is never edited: what it made is there.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "records",
        sql: include_str!("../migrations/0001_records.sql"),
    },
    Migration {
        version: 2,
        name: "flows",
        sql: include_str!("../migrations/0002_flows.sql"),
    },
    Migration {
        version: 3,
        name: "openid",
        sql: include_str!("../migrations/0003_openid.sql"),
    },
];

/// Why a database is not opened.
#[derive(Debug, Error)]
enum Refusal {
    #[error(
        "it was written by a newer release (schema {found}, this release knows {known}): start that release, or one \
         that is newer still"
    )]
    Newer { found: u32, known: u32 },
    #[error(
        "its migration {version} ({name}) is not the one of this release: it comes from an unreleased build"
    )]
    Other { version: u32, name: &'static str },
    #[error("it is not a Grantor database: it has tables of another program")]
    Foreign,
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Applies what is missing. Several processes may do so at once: the first does it, the others wait and find it done.
pub(crate) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    migrate_to(connection, MIGRATIONS).map_err(|refusal| StoreError::new("preparing the database", refusal))
}

fn migrate_to(connection: &Connection, migrations: &[Migration]) -> Result<(), Refusal> {
    // Asked first without the right to write, which a busy server might hold for a while.
    if missing(connection, migrations)?.is_empty() {
        return Ok(());
    }
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let outcome = apply_missing(connection, migrations);
    let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.execute_batch(end)?;
    outcome
}

fn apply_missing(connection: &Connection, migrations: &[Migration]) -> Result<(), Refusal> {
    let missing = missing(connection, migrations)?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (
            version INTEGER NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL,
            applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
        ) STRICT",
    )?;
    for migration in missing {
        connection.execute_batch(migration.sql)?;
        connection.execute(
            "INSERT INTO migrations (version, name, checksum) VALUES (?1, ?2, ?3)",
            (migration.version, migration.name, checksum(migration.sql)),
        )?;
    }
    Ok(())
}

/// The steps that were not applied. Refuses a database whose applied steps are not ours.
fn missing<'a>(connection: &Connection, migrations: &'a [Migration]) -> Result<Vec<&'a Migration>, Refusal> {
    let tables = "SELECT count(*), count(*) FILTER (WHERE name = 'migrations') FROM sqlite_schema WHERE type = 'table'";
    let (all, ours): (u32, u32) = connection.query_row(tables, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match (all, ours) {
        (0, _) => return Ok(migrations.iter().collect()),
        (_, 0) => return Err(Refusal::Foreign),
        (_, _) => {}
    }
    let found: u32 = connection.query_row("SELECT coalesce(max(version), 0) FROM migrations", [], |row| {
        row.get(0)
    })?;
    let known = migrations
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0);
    if found > known {
        return Err(Refusal::Newer { found, known });
    }
    let mut missing = Vec::new();
    for migration in migrations {
        let applied = "SELECT checksum FROM migrations WHERE version = ?1";
        let applied: Option<String> = connection
            .query_row(applied, [migration.version], |row| row.get(0))
            .optional()?;
        match applied {
            None => missing.push(migration),
            Some(applied) if applied == checksum(migration.sql) => {}
            Some(_) => {
                return Err(Refusal::Other {
                    version: migration.version,
                    name: migration.name,
                });
            }
        }
    }
    Ok(missing)
}

/// Tells an edited step from the released one (FNV-1a, 64 bits): against mistakes, not against attackers.
fn checksum(sql: &str) -> String {
    let hash = sql.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use grantor_protocol::record::{ActiveGrant, AttemptKey, GrantState, RefreshState};
    use grantor_types::{GrantId, Timestamp};
    use rusqlite::Connection;

    use crate::read;

    use super::{MIGRATIONS, Migration, migrate_to};

    const NEXT: Migration = Migration {
        version: 99,
        name: "next",
        sql: "CREATE TABLE next (id INTEGER PRIMARY KEY) STRICT",
    };

    fn fails_with(connection: &Connection, migrations: &[Migration], words: &str) {
        let refusal = migrate_to(connection, migrations).unwrap_err().to_string();
        assert!(refusal.contains(words), "{refusal}");
    }

    #[test]
    fn steps_are_applied_once_and_in_order() {
        let connection = Connection::open_in_memory().unwrap();
        migrate_to(&connection, MIGRATIONS).unwrap();
        migrate_to(&connection, MIGRATIONS).unwrap();
        let both = [MIGRATIONS, &[NEXT]].concat();
        migrate_to(&connection, &both).unwrap();
        migrate_to(&connection, &both).unwrap();
        connection.execute("INSERT INTO next VALUES (1)", []).unwrap();
    }

    /// What the first release wrote is there after each later step, and new columns are empty.
    #[test]
    fn rows_of_the_first_release_stay() {
        let connection = Connection::open_in_memory().unwrap();
        let [first, ..] = MIGRATIONS else { panic!() };
        migrate_to(&connection, std::slice::from_ref(first)).unwrap();
        connection
            .execute_batch(
                "INSERT INTO grants (id, client, user, scope, resources, auth_time, authentication_methods, code, salt,
                    created_at, expires_at, look_at, state, generation, rotated_at)
                VALUES (zeroblob(16), 'app', zeroblob(16), 'openid', '[]', 5, '[\"pwd\"]', zeroblob(32),
                    zeroblob(16), 6, 7, 7, 'active', 3, 6);
                INSERT INTO login_attempts VALUES (zeroblob(32), 2, 9);",
            )
            .unwrap();
        migrate_to(&connection, MIGRATIONS).unwrap();
        let grant = read::grant::by_id(&connection, GrantId::from_bytes([0; 16]))
            .unwrap()
            .unwrap();
        let refresh = RefreshState {
            generation: 3,
            rotated_at: Timestamp::from_milliseconds(6),
        };
        assert_eq!(
            grant.state,
            GrantState::Active(ActiveGrant {
                refresh: Some(refresh)
            })
        );
        assert_eq!(
            (grant.scope.to_string().as_str(), grant.dpop_key),
            ("openid", None)
        );
        let key = AttemptKey::from_bytes([0; 32]);
        assert_eq!(
            read::login_attempts::under(&connection, &[key]).unwrap()[0].count,
            2
        );
    }

    #[test]
    fn a_newer_database_is_refused_by_name() {
        let connection = Connection::open_in_memory().unwrap();
        migrate_to(&connection, &[MIGRATIONS, &[NEXT]].concat()).unwrap();
        fails_with(
            &connection,
            MIGRATIONS,
            "written by a newer release (schema 99, this release knows 3)",
        );
    }

    #[test]
    fn an_edited_step_is_refused() {
        let connection = Connection::open_in_memory().unwrap();
        migrate_to(&connection, &[NEXT]).unwrap();
        let edited = Migration {
            sql: "CREATE TABLE other (id INTEGER PRIMARY KEY)",
            ..NEXT
        };
        fails_with(
            &connection,
            &[edited],
            "migration 99 (next) is not the one of this release",
        );
    }

    #[test]
    fn another_programs_database_is_refused() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE recipes (id INTEGER)")
            .unwrap();
        fails_with(&connection, MIGRATIONS, "not a Grantor database");
    }

    #[test]
    fn a_step_that_fails_leaves_nothing() {
        let connection = Connection::open_in_memory().unwrap();
        let broken = Migration {
            sql: "CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);",
            ..NEXT
        };
        fails_with(&connection, &[broken], "already exists");
        migrate_to(&connection, MIGRATIONS).unwrap();
    }
}
