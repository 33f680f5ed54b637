//! The file: made, opened, refused, closed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod rows;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Barrier};

use grantor_store::{GrantFilter, Store};
use grantor_store_sqlite::{Options, SqliteStore};
use rows::{create, grant_id, key, open, rotate};
use rusqlite::Connection;

/// Many who find no file all get the same one.
#[tokio::test]
async fn many_open_a_new_file_at_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let start = Arc::new(Barrier::new(8));
        let openers: Vec<_> = (0..8)
            .map(|_| {
                let (path, start) = (folder.path().to_owned(), Arc::clone(&start));
                std::thread::spawn(move || {
                    start.wait();
                    open(&path)
                })
            })
            .collect();
        let stores: Vec<SqliteStore> = openers.into_iter().map(|opener| opener.join().unwrap()).collect();
        for (number, store) in (0..).zip(&stores) {
            store.commit(vec![create(number)]).await.unwrap();
        }
        for store in &stores {
            let grants = store.grants(&GrantFilter::default(), 100).await.unwrap();
            assert_eq!(grants.items.len(), 8);
        }
    }
}

/// A commit that nobody waits for any more is still made, even when the store goes at once.
#[tokio::test]
async fn closing_finishes_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    for number in 0..300 {
        tokio::select! {
            biased;
            outcome = store.commit(vec![create(number)]) => outcome.unwrap(),
            () = std::future::ready(()) => {}
        }
    }
    drop(store);
    assert!(
        !folder.path().join("grantor.db-wal").exists(),
        "the last to close folds the log into the file"
    );
    let store = open(folder.path());
    let grants = store.grants(&GrantFilter::default(), 1_000).await.unwrap();
    assert_eq!(grants.items.len(), 300);
}

/// A database of a newer release is refused in words that say what to do, and stays as it is.
#[tokio::test]
async fn a_newer_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let path = folder.path().join("grantor.db");
    let newer = "INSERT INTO migrations (version, name, checksum) VALUES (99, 'future', '')";
    Connection::open(&path).unwrap().execute(newer, []).unwrap();
    let refusal = SqliteStore::open(&path, Options::default()).unwrap_err();
    let cause = refusal.source.unwrap().to_string();
    assert!(
        cause.contains("newer release (schema 99, this release knows"),
        "{cause}"
    );
}

/// What is no database, or somebody else's, is refused.
#[test]
fn other_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (text, foreign) = (folder.path().join("text"), folder.path().join("foreign"));
    std::fs::write(&text, "no database, but long enough to look like one".repeat(100)).unwrap();
    Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE recipes (id INTEGER)")
        .unwrap();
    for path in [&text, &foreign, &folder.path().join("no such folder/grantor.db")] {
        assert!(
            SqliteStore::open(path, Options::default()).is_err(),
            "{}",
            path.display()
        );
    }
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("no database"));
}

/// The file and the log beside it are the owner's alone.
#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.commit(vec![create(1)]).await.unwrap();
    for name in ["grantor.db", "grantor.db-wal"] {
        let permissions = std::fs::metadata(folder.path().join(name)).unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, 0o600, "{name}");
    }
}

/// The log does not grow without end, though nobody closes the store and a reader looks in all the time.
#[tokio::test]
async fn the_log_is_started_afresh() {
    const SIZE: usize = 2 << 20;
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut written = 0;
    while starts(folder.path()) < 2 {
        assert!(written < 1_000, "2 GiB went into one log");
        let fill = u8::try_from(written % 251).unwrap();
        store
            .commit(vec![key(written % 3, vec![fill; SIZE])])
            .await
            .unwrap();
        store.event_position().await.unwrap();
        written += 1;
    }
    let last = u8::try_from((written - 1) % 251).unwrap();
    let keys = store.keys().await.unwrap();
    assert!(keys.iter().any(|key| key.wrapped == vec![last; SIZE]));
}

/// How often the log was started afresh: it counts that itself, at the 12th byte of its head.
fn starts(folder: &Path) -> u32 {
    let mut head = [0; 16];
    File::open(folder.join("grantor.db-wal"))
        .and_then(|mut log| log.read_exact(&mut head))
        .map_or(0, |()| {
            u32::from_be_bytes([head[12], head[13], head[14], head[15]])
        })
}

/// One job that fails hard fails alone, though it shares its transaction with others.
#[tokio::test]
async fn a_hard_failure_hits_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let trap = "CREATE TRIGGER trap BEFORE INSERT ON keys WHEN new.id = 'key-13'
        BEGIN SELECT RAISE(ROLLBACK, 'a disk that fails'); END";
    Connection::open(folder.path().join("grantor.db"))
        .unwrap()
        .execute_batch(trap)
        .unwrap();
    let commits =
        (0..40).map(|number| store.commit(vec![create(number), key(number, vec![1]), rotate(number, 0)]));
    let outcomes = futures(commits).await;
    for (number, outcome) in (0..).zip(outcomes) {
        assert_eq!(outcome, number != 13, "{number}");
        assert_eq!(
            store.grant(grant_id(number)).await.unwrap().is_some(),
            number != 13
        );
    }
    assert_eq!(store.keys().await.unwrap().len(), 39);
}

/// Polls all at once, so that they wait together, and tells which succeeded.
async fn futures<T, E>(commits: impl Iterator<Item = impl Future<Output = Result<T, E>>>) -> Vec<bool> {
    let mut commits: Vec<_> = commits.map(|commit| (Box::pin(commit), None)).collect();
    std::future::poll_fn(move |context| {
        let mut waiting = false;
        for (commit, outcome) in &mut commits {
            if outcome.is_none() {
                match commit.as_mut().poll(context) {
                    std::task::Poll::Ready(answer) => *outcome = Some(answer.is_ok()),
                    std::task::Poll::Pending => waiting = true,
                }
            }
        }
        if waiting {
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(commits.iter().filter_map(|(_, outcome)| *outcome).collect())
    })
    .await
}
