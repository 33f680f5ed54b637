use grantor_protocol::record::{KeyPurpose, StoredKey};
use grantor_protocol::token::RefreshToken;
use grantor_protocol::{Change, Policy};
use grantor_types::{GrantId, Seconds, SecretBytes, SigningAlgorithm, Timestamp};

use super::{Keyring, KeyringError, MasterKey, RotationTimes, due, missing, rotate};
use crate::settings::KeySettings;

fn settings() -> KeySettings {
    KeySettings {
        algorithms: vec![SigningAlgorithm::Es256],
        ..KeySettings::default()
    }
}

fn apply(stored: &mut Vec<StoredKey>, changes: Vec<Change>) {
    for change in changes {
        let Change::PutKey(key) = change else {
            panic!("{change:?}")
        };
        stored.retain(|old| old.id != key.id);
        stored.push(key);
    }
}

#[test]
fn a_new_key_is_published_before_it_signs_and_the_old_one_after() {
    let master = MasterKey::new(&SecretBytes::new([1; 32])).unwrap();
    let (start, es256) = (
        Timestamp::from_seconds(1_000_000),
        KeyPurpose::Signing(SigningAlgorithm::Es256),
    );
    let mut stored = Vec::new();
    let first = missing(&master, &settings(), &stored, start).unwrap();
    apply(&mut stored, first);
    assert!(missing(&master, &settings(), &stored, start).unwrap().is_empty());
    let kid = |stored: &[StoredKey], now: Timestamp| {
        let ring = Keyring::open(&master, stored.to_vec(), now).unwrap();
        (
            ring.signing(SigningAlgorithm::Es256).unwrap().kid().to_owned(),
            ring.verification().len(),
        )
    };
    let (first, published) = kid(&stored, start);
    assert_eq!(published, 1);

    assert!(due(&settings(), &stored, start.plus(Seconds::days(89))).is_empty());
    let late = start.plus(Seconds::days(90));
    assert!(due(&settings(), &stored, late).contains(&es256));

    let times = RotationTimes {
        now: late,
        use_from: late.plus(Seconds(3600)),
    };
    let rotated = rotate(&master, &Policy::default(), &stored, &[es256], times).unwrap();
    apply(&mut stored, rotated);
    assert!(!due(&settings(), &stored, late).contains(&es256));
    assert_eq!(kid(&stored, late), (first.clone(), 2));
    let (second, published) = kid(&stored, times.use_from);
    assert_ne!(second, first);
    assert_eq!(published, 2);
    assert_eq!(kid(&stored, times.use_from.plus(Seconds::days(2))), (second, 1));
}

#[test]
fn a_key_that_was_replaced_while_it_waited_never_signs() {
    let master = MasterKey::new(&SecretBytes::new([1; 32])).unwrap();
    let (start, es256) = (
        Timestamp::from_seconds(1_000_000),
        KeyPurpose::Signing(SigningAlgorithm::Es256),
    );
    let mut stored = Vec::new();
    let first_keys = missing(&master, &settings(), &stored, start).unwrap();
    apply(&mut stored, first_keys);
    let later = |seconds| start.plus(Seconds(seconds));
    for (now, use_from) in [(later(10), later(3610)), (later(20), later(20))] {
        let times = RotationTimes { now, use_from };
        let changes = rotate(&master, &Policy::default(), &stored, &[es256], times).unwrap();
        apply(&mut stored, changes);
    }
    let newest = stored
        .iter()
        .max_by_key(|key| (key.purpose == es256, key.created_at));
    let newest = newest.unwrap().id.clone();
    for now in [later(20), later(3620), later(86_000)] {
        let ring = Keyring::open(&master, stored.clone(), now).unwrap();
        assert_eq!(ring.signing(SigningAlgorithm::Es256).unwrap().kid(), newest);
    }
}

#[test]
fn another_master_key_opens_nothing() {
    let master = MasterKey::new(&SecretBytes::new([1; 32])).unwrap();
    let now = Timestamp::from_seconds(1);
    let mut stored = Vec::new();
    let first = missing(&master, &settings(), &stored, now).unwrap();
    apply(&mut stored, first);
    let other = MasterKey::new(&SecretBytes::new([2; 32])).unwrap();
    assert!(matches!(
        Keyring::open(&other, stored, now),
        Err(KeyringError::Unwrap { .. })
    ));
}

/// The nodes of a cluster learn of a new key one after the other. What one of them derives, all have to know.
#[test]
fn a_derivation_key_waits_for_its_time_too() {
    let master = MasterKey::new(&SecretBytes::new([1; 32])).unwrap();
    let now = Timestamp::from_seconds(1_000_000);
    let mut stored = Vec::new();
    let first = missing(&master, &settings(), &stored, now).unwrap();
    apply(&mut stored, first);
    let token = RefreshToken {
        grant: GrantId::from_bytes([1; 16]),
        generation: 0,
        salt: [2; 16],
    };
    let derived = |stored: &[StoredKey], now: Timestamp| {
        let ring = Keyring::open(&master, stored.to_vec(), now).unwrap();
        (ring.derivation().derive(&token).unwrap(), ring.forms().len())
    };
    let before = derived(&stored, now);
    let times = RotationTimes {
        now,
        use_from: now.plus(Seconds(3600)),
    };
    let rotated = rotate(
        &master,
        &Policy::default(),
        &stored,
        &[KeyPurpose::Derivation],
        times,
    )
    .unwrap();
    apply(&mut stored, rotated);
    assert_eq!(derived(&stored, now), (before.0.clone(), 2));
    assert_ne!(derived(&stored, times.use_from).0, before.0);
}
