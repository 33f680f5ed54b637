//! The storage in one file.

use grantor_vault::{FileStorage, Record, RecordKey, Storage as _, check_storage};

#[tokio::test]
async fn file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    check_storage(&FileStorage::open(&path).await.unwrap())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_file_keeps_records_and_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    let key = RecordKey::from_parts("n", "o", "a").unwrap();
    let record = Record {
        revision: 3,
        bytes: vec![1, 2, 3],
    };
    let storage = FileStorage::open(&path).await.unwrap();
    assert!(storage.replace(&key, None, Some(record.clone())).await.unwrap());
    assert!(!format!("{storage:?}").contains("[1, 2, 3]"));
    let beside = FileStorage::open(&path).await.unwrap();
    assert_eq!(beside.load(&key).await.unwrap(), Some(record.clone()));
    drop((storage, beside));
    let again = FileStorage::open(&path).await.unwrap();
    assert_eq!(again.load(&key).await.unwrap(), Some(record));
    #[cfg(unix)]
    for file in std::fs::read_dir(folder.path()).unwrap() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn who_opens_a_file_does_not_wait_for_who_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    drop(FileStorage::open(&path).await.unwrap());
    let writer = rusqlite::Connection::open(&path).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let storage = FileStorage::open(&path).await.unwrap();
    assert!(storage.keys(None).await.unwrap().is_empty());
    writer.execute_batch("ROLLBACK").unwrap();
}

#[tokio::test]
async fn files_of_others_and_of_the_future_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let message = |error: grantor_vault::StorageError| {
        use std::error::Error as _;
        error.source().unwrap().to_string()
    };
    let foreign = folder.path().join("foreign.db");
    let other = rusqlite::Connection::open(&foreign).unwrap();
    other.execute_batch("CREATE TABLE theirs (x)").unwrap();
    let before = std::fs::read(&foreign).unwrap();
    let error = FileStorage::open(&foreign).await.unwrap_err();
    assert!(message(error).contains("another program"));
    assert_eq!(std::fs::read(&foreign).unwrap(), before);

    let newer = folder.path().join("newer.db");
    drop(FileStorage::open(&newer).await.unwrap());
    let connection = rusqlite::Connection::open(&newer).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    let error = FileStorage::open(&newer).await.unwrap_err();
    assert!(message(error).contains("newer release"));

    let broken = folder.path().join("broken.db");
    std::fs::write(
        &broken,
        "this is no database, and long enough to be looked at".repeat(20),
    )
    .unwrap();
    assert!(FileStorage::open(&broken).await.is_err());
}
