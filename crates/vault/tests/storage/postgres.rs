//! The storage in a PostgreSQL database, each test with a server of its own.

use std::error::Error as _;
use std::sync::Arc;

use futures_util::future::join_all;
use grantor_test_postgres::{PASSWORD, Postgres};
use grantor_vault::{PostgresStorage, Record, RecordKey, Storage as _, StorageError, check_storage};
use rustls::{ClientConfig, RootCertStore};

fn key() -> RecordKey {
    RecordKey::from_parts("n", "o", "a").unwrap()
}

fn record() -> Record {
    Record {
        revision: 3,
        bytes: vec![1, 2, 3],
    }
}

fn told(result: Result<PostgresStorage, StorageError>) -> String {
    result.unwrap_err().source().unwrap().to_string()
}

/// Says something to the database beside the vault.
async fn say(postgres: &Postgres, statements: &str) {
    let (client, connection) = tokio_postgres::connect(&postgres.url(), tokio_postgres::NoTls)
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(statements).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}

/// TLS that trusts this certificate alone.
fn trusting(certificate: Vec<u8>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.into()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

#[tokio::test]
async fn postgres() {
    let postgres = Postgres::start();
    // Both are settings that would break what the vault relies on.
    say(
        &postgres,
        "ALTER DATABASE postgres SET default_transaction_isolation = 'serializable';
         ALTER DATABASE postgres SET synchronous_commit = off",
    )
    .await;
    let storage = PostgresStorage::open(&postgres.url()).await.unwrap();
    check_storage(&storage).await.unwrap();
}

#[tokio::test]
async fn of_many_that_open_a_new_database_one_makes_the_tables() {
    let postgres = Postgres::start();
    let url = postgres.url();
    let opened = join_all((0..8).map(|_| PostgresStorage::open(&url))).await;
    let storages: Vec<_> = opened.into_iter().map(Result::unwrap).collect();
    assert!(storages[0].replace(&key(), None, Some(record())).await.unwrap());
    for storage in &storages {
        assert_eq!(storage.load(&key()).await.unwrap(), Some(record()));
    }
    // Of those that write at once, by connections that are not each other's, one wins.
    let place = key();
    let next = |revision| Record { revision, ..record() };
    let writers = storages.iter().zip(10..);
    let writes = writers.map(|(storage, revision)| storage.replace(&place, Some(3), Some(next(revision))));
    let won = join_all(writes).await.into_iter().map(Result::unwrap);
    assert_eq!(won.filter(|won| *won).count(), 1);
}

#[tokio::test]
async fn records_are_there_when_the_database_comes_back() {
    let mut postgres = Postgres::start();
    let storage = PostgresStorage::open(&postgres.url()).await.unwrap();
    assert!(storage.replace(&key(), None, Some(record())).await.unwrap());
    postgres.stop();
    let error = storage.load(&key()).await.unwrap_err();
    assert!(
        error.source().unwrap().to_string().contains("is it running"),
        "{error:?}"
    );
    postgres.restart();
    assert_eq!(storage.load(&key()).await.unwrap(), Some(record()));
    assert!(storage.replace(&key(), Some(3), None).await.unwrap());
}

#[tokio::test]
async fn certificates_are_checked() {
    let postgres = Postgres::start();
    let url = postgres.network_url(PASSWORD, "sslmode=require");
    let tls = trusting(postgres.certificate());
    let storage = PostgresStorage::open_with_tls(&url, tls.clone()).await.unwrap();
    assert!(storage.keys(None).await.unwrap().is_empty());
    // The name in it is another.
    let by_address = url.replace("localhost", "127.0.0.1");
    for result in [
        PostgresStorage::open(&url).await,
        PostgresStorage::open_with_tls(&by_address, tls).await,
    ] {
        let told = told(result);
        assert!(told.contains("TLS") && told.contains("certificate"), "{told}");
    }
}

#[tokio::test]
async fn nothing_that_is_printed_holds_the_password() {
    let mut postgres = Postgres::start();
    let url = postgres.network_url(PASSWORD, "sslmode=disable");
    let storage = PostgresStorage::open(&url).await.unwrap();
    postgres.stop();
    let error = storage.load(&key()).await.unwrap_err();
    let printed = format!("{storage:?} {error:?} {error} {}", error.source().unwrap());
    assert!(!printed.contains(PASSWORD), "{printed}");
}

#[tokio::test]
async fn what_is_wrong_is_said_with_what_to_do() {
    let postgres = Postgres::start();
    say(
        &postgres,
        "CREATE ROLE nobody LOGIN;
         CREATE SCHEMA foreign_one; CREATE TABLE foreign_one.grantor_vault_records (theirs text)",
    )
    .await;
    // It stands alone: it is no part of a transaction.
    say(
        &postgres,
        "CREATE DATABASE old ENCODING 'LATIN1' TEMPLATE template0",
    )
    .await;
    let url = postgres.url();
    let rows = [
        (
            postgres.network_url("wrong password", ""),
            "check the user and the password",
        ),
        (url.replace("/postgres", "/none"), "create the database first"),
        (url.replace("/postgres", "/old"), "ENCODING 'UTF8'"),
        (url.replace("grantor@", "nobody@"), "let the user make tables"),
        (
            format!("{url}?options=-csearch_path%3Dforeign_one"),
            "the table is not a vault's",
        ),
        (
            format!("{url}?options=-csearch_path%3Dmissing"),
            "create the schema",
        ),
        (
            format!("{url}?options=-cdefault_transaction_read_only%3Don"),
            "this is a replica",
        ),
        ("postgresql://u:wrong%20password@/v".into(), "names no host"),
    ];
    for (url, expected) in rows {
        let told = told(PostgresStorage::open(&url).await);
        assert!(told.contains(expected), "{url}: {told}");
        assert!(!told.contains("wrong password"), "{told}");
    }
    // Nothing was changed by any of them.
    say(
        &postgres,
        "DROP TABLE foreign_one.grantor_vault_records; DROP SCHEMA foreign_one; DROP ROLE nobody",
    )
    .await;
}

#[tokio::test]
async fn who_may_not_make_tables_uses_those_that_are_there() {
    let postgres = Postgres::start();
    let url = postgres.url();
    drop(PostgresStorage::open(&url).await.unwrap());
    say(
        &postgres,
        "CREATE ROLE app LOGIN; GRANT SELECT ON grantor_vault_form TO app;
         GRANT SELECT, INSERT, UPDATE, DELETE ON grantor_vault_records TO app",
    )
    .await;
    let url = url.replace("grantor@", "app@");
    check_storage(&PostgresStorage::open(&url).await.unwrap())
        .await
        .unwrap();
}

#[tokio::test]
async fn tables_of_a_newer_release_are_left_alone() {
    let postgres = Postgres::start();
    let url = postgres.url();
    drop(PostgresStorage::open(&url).await.unwrap());
    say(&postgres, "UPDATE grantor_vault_form SET form = 2").await;
    assert!(told(PostgresStorage::open(&url).await).contains("newer release"));
    for other in ["(1), (1)", "(-1)"] {
        let statements =
            format!("TRUNCATE grantor_vault_form; INSERT INTO grantor_vault_form VALUES {other}");
        say(&postgres, &statements).await;
        assert!(told(PostgresStorage::open(&url).await).contains("is not a vault's"));
    }
}
