//! Keys that rotate, and vaults that are carried off.

use grantor_types::Secret;
use grantor_vault::{Compartment, MasterKey, Record, RecordKey, Storage as _, VaultError};

use crate::world::{World, master};

fn key(id: &str) -> RecordKey {
    RecordKey::new(Compartment::default(), id).unwrap()
}

/// The version of the key that a record was sealed with.
async fn sealed_with(world: &World, id: &str) -> u32 {
    let record = world.storage.load(&key(id)).await.unwrap().unwrap();
    u32::from_be_bytes(record.bytes[1..5].try_into().unwrap())
}

#[tokio::test]
async fn a_vault_without_its_master_key_opens_nothing() {
    let world = World::new().await;
    world.store("id").await;
    for keys in [master(2), MasterKey::generate().unwrap().0] {
        let error = world.beside_with(keys).await.unwrap_err();
        assert!(matches!(error, VaultError::WrongMasterKey));
    }
    let passphrase = MasterKey::from_passphrase(Secret::new("a passphrase")).unwrap();
    assert!(matches!(
        world.beside_with(passphrase).await,
        Err(VaultError::OtherKindOfKey(_))
    ));
    // The keys of one vault do not open records of another.
    let other = World::new().await;
    let record = world.storage.load(&key("id")).await.unwrap();
    assert!(other.storage.replace(&key("id"), None, record).await.unwrap());
    assert!(matches!(other.token("id").await, Err(VaultError::NotAuthentic)));
    assert!(other.log.names().contains(&"not_authentic"));
}

#[tokio::test]
async fn a_new_key_seals_and_old_records_follow() {
    let world = World::new().await;
    let beside = world.beside().open().await.unwrap();
    for id in ["read", "commanded", "broken"] {
        world.store(id).await;
    }
    assert_eq!(world.manager.rotate_key().await.unwrap(), 2);
    assert_eq!(sealed_with(&world, "read").await, 1);
    world.manager.get("read").await.unwrap();
    assert_eq!(sealed_with(&world, "read").await, 2);
    // Another process learns of the key by what it sealed.
    assert_eq!(
        beside.valid_access_token("read").await.unwrap().expose(),
        "access-token-1"
    );

    let broken = Record {
        revision: 1,
        bytes: vec![1, 0, 0, 0, 1, 9],
    };
    let there = world.storage.load(&key("broken")).await.unwrap().unwrap();
    assert!(
        world
            .storage
            .replace(&key("broken"), Some(there.revision), Some(broken))
            .await
            .unwrap()
    );
    let done = world.manager.reseal().await.unwrap();
    assert_eq!((done.resealed, done.current, done.unreadable.len()), (1, 1, 1));
    assert_eq!(done.unreadable[0].0, key("broken"));
    assert_eq!(sealed_with(&world, "commanded").await, 2);
    let listed = world.manager.list().await.unwrap();
    let broken: Vec<_> = listed.iter().filter(|listed| listed.summary.is_err()).collect();
    assert_eq!(
        (listed.len(), broken.len(), broken[0].id.as_str()),
        (3, 1, "broken")
    );
    world.manager.delete("broken").await.unwrap();
}

#[tokio::test]
async fn what_is_replaced_is_not_sealed_anew_before() {
    let world = World::new().await;
    world.store("id").await;
    world.manager.rotate_key().await.unwrap();
    let (loads, writes) = (world.storage.loads(), world.storage.writes());
    world.store("id").await;
    let (loads, writes) = (world.storage.loads() - loads, world.storage.writes() - writes);
    assert_eq!((loads, writes), (1, 1));
    assert_eq!(sealed_with(&world, "id").await, 2);
    assert!(!world.log.names().contains(&"resealed"));
}

#[tokio::test]
async fn a_changed_master_key_opens_and_the_old_one_does_not() {
    let world = World::new().await;
    world.store("id").await;
    world.manager.rotate_key().await.unwrap();
    let passphrase = || MasterKey::from_passphrase(Secret::new("correct horse")).unwrap();
    world.manager.change_master_key(&passphrase()).await.unwrap();
    assert!(matches!(
        world.beside_with(master(1)).await,
        Err(VaultError::OtherKindOfKey(_))
    ));
    let beside = world.beside_with(passphrase()).await.unwrap();
    assert_eq!(
        beside.get("id").await.unwrap().credential.access_token().expose(),
        "access-token-1"
    );
    // Who had it open goes on.
    assert_eq!(world.token("id").await.unwrap(), "access-token-1");
}

#[tokio::test]
async fn two_that_make_a_vault_at_once_make_one() {
    let world = World::new().await;
    let storage = grantor_vault::MemoryStorage::default();
    let open = || {
        grantor_vault::CredentialManager::builder(storage.clone(), master(1))
            .clock(world.clock.clone())
            .open()
    };
    let managers = futures_util::future::join_all((0..8).map(|_| open())).await;
    let managers: Vec<_> = managers.into_iter().map(Result::unwrap).collect();
    managers[0].store("id", crate::world::credential()).await.unwrap();
    for manager in &managers {
        assert_eq!(
            manager.valid_access_token("id").await.unwrap().expose(),
            "access-token-1"
        );
    }
}

impl World {
    async fn beside_with(&self, key: MasterKey) -> Result<grantor_vault::CredentialManager, VaultError> {
        grantor_vault::CredentialManager::builder(self.storage.clone(), key)
            .clock(self.clock.clone())
            .open()
            .await
    }
}
