//! Who reaches what.

use grantor_vault::{Compartment, VaultError};

use crate::world::{World, credential};

#[tokio::test]
async fn nobody_reaches_the_credentials_of_another_owner_or_namespace() {
    let world = World::new().await;
    let of = |namespace, owner| world.manager.of(Compartment::new(namespace, owner).unwrap());
    let alice = of("app", "alice");
    alice.store("id", credential()).await.unwrap();
    alice.valid_access_token("id").await.unwrap();
    let token = alice.valid_access_token("id").await.unwrap();
    for other in [of("app", "bob"), of("other", "alice"), world.manager.clone()] {
        assert!(matches!(other.get("id").await, Err(VaultError::NotFound)));
        assert!(matches!(
            other.valid_access_token("id").await,
            Err(VaultError::NotFound)
        ));
        assert!(matches!(
            other.renew_rejected("id", &token).await,
            Err(VaultError::NotFound)
        ));
        assert!(matches!(other.retry("id").await, Err(VaultError::NotFound)));
        assert!(matches!(other.delete("id").await, Err(VaultError::NotFound)));
        assert!(other.list().await.unwrap().is_empty());
        other.store("id", credential()).await.unwrap();
    }
    let listed = alice.list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].summary.as_ref().unwrap().generation, 1);
}

#[tokio::test]
async fn names_are_checked() {
    let world = World::new().await;
    for id in ["", "line\nbreak", &"x".repeat(201)] {
        assert!(matches!(
            world.manager.store(id, credential()).await,
            Err(VaultError::Name(_))
        ));
        assert!(matches!(world.manager.get(id).await, Err(VaultError::Name(_))));
    }
    assert!(world.manager.list().await.unwrap().is_empty());
}
