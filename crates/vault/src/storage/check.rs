//! What every storage has to do, for those who write one.

use super::{Record, Storage};
use crate::compartment::RecordKey;
use crate::error::StorageError;

/// Holds a [`Storage`] against what the vault relies on. Call it from a test, with a storage that is empty; it leaves records
/// behind. What it cannot check is that writes survive a crash of the machine.
///
/// # Errors
/// A [`StorageError`] that names what does not hold.
pub async fn check_storage(storage: &dyn Storage) -> Result<(), StorageError> {
    holds(storage.keys(None).await?.is_empty(), "the storage is empty")?;
    let own = key("n", "o", "a")?;
    one_record(storage, &own).await?;
    neighbours(storage, &own).await?;
    race(storage, &own).await
}

/// Every guard, once met and once not.
async fn one_record(storage: &dyn Storage, own: &RecordKey) -> Result<(), StorageError> {
    let steps = [
        (None, None, true, "nothing in place of nothing"),
        (Some(1), Some(record(2, 1)), false, "no record to replace"),
        (None, Some(record(i64::MAX, 1)), true, "the first record"),
        (None, Some(record(2, 2)), false, "a second first record"),
        (None, None, false, "nothing where something is"),
        (Some(1), Some(record(2, 2)), false, "another revision"),
        (Some(1), None, false, "another revision, deleted"),
        (Some(i64::MAX), Some(record(0, 2)), true, "the next record"),
        (Some(0), None, true, "the record, deleted"),
        (Some(0), None, false, "deleted twice"),
        (
            None,
            Some(record(7, 3)),
            true,
            "a record in place of a deleted one",
        ),
    ];
    let mut there = None;
    for (expected, record, is_done, what) in steps {
        holds(
            storage.replace(own, expected, record.clone()).await? == is_done,
            what,
        )?;
        if is_done {
            there = record;
        }
        holds(storage.load(own).await? == there, what)?;
    }
    Ok(())
}

/// Keys that are near each other are not the same, and the record without names is like any other.
async fn neighbours(storage: &dyn Storage, own: &RecordKey) -> Result<(), StorageError> {
    let others = [
        key("", "", "")?,
        key("n", "o", "A")?,
        key("n", "p", "a")?,
        key("m", "o", "a")?,
        key("n", "o", "a'; --%_\u{1F511}")?,
    ];
    for other in &others {
        let is_done = storage.replace(other, None, Some(record(1, 9))).await?;
        holds(is_done, "a record beside others")?;
    }
    let mut all = storage.keys(None).await?;
    all.sort();
    let mut expected = others.to_vec();
    expected.push(own.clone());
    expected.sort();
    holds(all == expected, "the keys of all records")?;
    let found = storage.keys(Some(own.compartment())).await?;
    let is_inside = found.iter().all(|key| key.compartment() == own.compartment());
    holds(found.len() == 3 && is_inside, "the keys of a compartment")?;
    holds(
        storage.replace(own, Some(7), None).await?,
        "a record deleted beside others",
    )?;
    for other in &others {
        holds(
            storage.load(other).await? == Some(record(1, 9)),
            "other records stay",
        )?;
    }
    Ok(())
}

/// Of many that write at once one wins each time.
async fn race(storage: &dyn Storage, key: &RecordKey) -> Result<(), StorageError> {
    let mut expected = None;
    for revision in 0..20 {
        let writers = (0..8).map(|writer| {
            let record = Record {
                revision,
                bytes: vec![writer],
            };
            storage.replace(key, expected, Some(record))
        });
        let won = futures_util::future::join_all(writers).await;
        let won = won.into_iter().collect::<Result<Vec<_>, _>>()?;
        let winners = won.iter().filter(|won| **won).count();
        holds(winners == 1, "of writers that expect the same revision one wins")?;
        expected = Some(revision);
    }
    Ok(())
}

fn key(namespace: &str, owner: &str, id: &str) -> Result<RecordKey, StorageError> {
    RecordKey::from_parts(namespace, owner, id).map_err(|error| StorageError::new("a key", error))
}

fn record(revision: i64, byte: u8) -> Record {
    Record {
        revision,
        bytes: vec![byte, 0, 255],
    }
}

fn holds(is_so: bool, what: &'static str) -> Result<(), StorageError> {
    match is_so {
        true => Ok(()),
        false => Err(StorageError::new(what, "this does not hold")),
    }
}
