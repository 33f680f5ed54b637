use std::collections::HashSet;

use grantor_types::Secret;

use super::*;
use crate::compartment::Compartment;
use crate::credential::Credential;
use crate::state::State;

fn master(byte: u8) -> MasterKey {
    let mut bytes = [byte; 32];
    bytes[0] = !byte;
    MasterKey::from_bytes(SecretBytes::new(bytes)).unwrap()
}

async fn ring() -> KeyRing {
    KeyRing::make(&master(1), Timestamp::from_seconds(1))
        .await
        .unwrap()
}

fn key(namespace: &str, owner: &str, id: &str) -> RecordKey {
    RecordKey::new(Compartment::new(namespace, owner).unwrap(), id).unwrap()
}

fn content() -> Content {
    let at = Timestamp::from_seconds(1);
    Content {
        generation: 1,
        state: State::ACTIVE,
        stored_at: at,
        renewed_at: at,
        credential: Credential::builder(Secret::new("access-token")).build().unwrap(),
    }
}

#[tokio::test]
async fn a_record_opens_in_its_place_and_revision_only() {
    let ring = ring().await;
    let own = key("n", "o", "id");
    let record = ring.seal(&own, 7, &content()).unwrap();
    let (version, opened) = ring.open_record(&own, &record).unwrap();
    assert_eq!(
        (version, opened.credential.access_token().expose()),
        (1, "access-token")
    );
    // The last two are the same letters, cut elsewhere.
    for other in [
        key("m", "o", "id"),
        key("n", "p", "id"),
        key("n", "o", "ie"),
        key("no", "i", "d"),
        key("n", "oi", "d"),
    ] {
        assert!(matches!(
            ring.open_record(&other, &record),
            Err(VaultError::NotAuthentic)
        ));
    }
    let moved = Record {
        revision: 8,
        ..record
    };
    assert!(matches!(
        ring.open_record(&own, &moved),
        Err(VaultError::NotAuthentic)
    ));
}

#[tokio::test]
async fn one_flipped_bit_anywhere_in_a_record_is_noticed() {
    let ring = ring().await;
    let own = key("n", "o", "id");
    let record = ring.seal(&own, 7, &content()).unwrap();
    assert!(!record.bytes.windows(6).any(|bytes| bytes == b"access"));
    for bit in 0..record.bytes.len() * 8 {
        let mut altered = record.clone();
        altered.bytes[bit / 8] ^= 1 << (bit % 8);
        let error = ring.open_record(&own, &altered).unwrap_err();
        match bit / 8 {
            0 => assert!(matches!(error, VaultError::OtherRelease), "{bit}"),
            1..=4 => assert!(matches!(error, VaultError::UnknownKey(_)), "{bit}"),
            _ => assert!(matches!(error, VaultError::NotAuthentic), "{bit}"),
        }
    }
    for length in 0..record.bytes.len() {
        let cut = Record {
            revision: 7,
            bytes: record.bytes[..length].to_vec(),
        };
        assert!(ring.open_record(&own, &cut).is_err(), "{length}");
    }
}

#[tokio::test]
async fn one_flipped_bit_anywhere_in_the_keys_is_noticed() {
    let ring = ring().await.with_new_key(Timestamp::from_seconds(2)).unwrap();
    let bytes = ring.bytes().unwrap();
    assert!(KeyRing::open(&bytes, &master(1)).await.is_ok());
    for bit in 0..bytes.len() * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(KeyRing::open(&altered, &master(1)).await.is_err(), "bit {bit}");
    }
}

#[tokio::test]
async fn another_master_key_opens_nothing() {
    let bytes = ring().await.bytes().unwrap();
    let error = |result: Result<KeyRing, VaultError>| result.err().unwrap();
    assert!(matches!(
        error(KeyRing::open(&bytes, &master(2)).await),
        VaultError::WrongMasterKey
    ));
    let passphrase = MasterKey::from_passphrase(Secret::new("a passphrase")).unwrap();
    assert!(matches!(
        error(KeyRing::open(&bytes, &passphrase).await),
        VaultError::OtherKindOfKey(_)
    ));
}

#[tokio::test]
async fn rotation_reads_old_and_writes_new() {
    let (first, own) = (ring().await, key("n", "o", "id"));
    let old = first.seal(&own, 1, &content()).unwrap();
    let rotated = first.with_new_key(Timestamp::from_seconds(2)).unwrap();
    assert_eq!(rotated.open_record(&own, &old).unwrap().0, 1);
    let new = rotated.seal(&own, 2, &content()).unwrap();
    assert_eq!(rotated.open_record(&own, &new).unwrap().0, 2);
    let before = ring().await;
    assert!(matches!(
        before.open_record(&own, &new),
        Err(VaultError::UnknownKey(2))
    ));

    let passphrase = MasterKey::from_passphrase(Secret::new("a passphrase")).unwrap();
    let moved = rotated.under(&passphrase).await.unwrap();
    let reopened = KeyRing::open(&moved.bytes().unwrap(), &passphrase).await.unwrap();
    assert_eq!(reopened.open_record(&own, &old).unwrap().0, 1);
    assert_eq!(reopened.open_record(&own, &new).unwrap().0, 2);
    let wrong = MasterKey::from_passphrase(Secret::new("a Passphrase")).unwrap();
    let error = KeyRing::open(&moved.bytes().unwrap(), &wrong)
        .await
        .err()
        .unwrap();
    assert!(matches!(error, VaultError::WrongMasterKey));
}

/// Seals so often as `GRANTOR_VAULT_SEALS` says, under one key, with the ring read anew ever again as after a restart; no
/// nonce may come twice.
#[tokio::test]
async fn nonces_never_repeat() {
    let seals = std::env::var("GRANTOR_VAULT_SEALS").map_or(50_000, |seals| seals.parse().unwrap());
    let bytes = ring().await.bytes().unwrap();
    let (own, content) = (key("n", "o", "id"), content());
    let mut seen = HashSet::with_capacity(seals);
    let mut ring = None;
    for count in 0..seals {
        if count % (seals / 10).max(1) == 0 {
            ring = Some(KeyRing::open(&bytes, &master(1)).await.unwrap());
        }
        let record = ring.as_ref().unwrap().seal(&own, 1, &content).unwrap();
        // Form, key version, the form of the wrap, the nonce.
        let nonce: [u8; 12] = record.bytes[6..18].try_into().unwrap();
        assert!(seen.insert(nonce), "a nonce came twice after {count} seals");
    }
}
