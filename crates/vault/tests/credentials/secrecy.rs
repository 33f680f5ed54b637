//! Secrets stay where they are.

use grantor_types::Secret;
use grantor_vault::{
    Compartment, Credential, CredentialManager, MemoryStorage, Reason, RecordKey, RefreshError, Refreshed,
    Storage as _, VaultError,
};

use crate::world::{World, credential, master};

const SECRETS: [&str; 6] = [
    "access-token-1",
    "refresh-token-1",
    "client-secret-1",
    "id-token-1",
    "access-token-2",
    "refresh-token-2",
];

fn assert_silent(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret() {
    let world = World::new().await;
    assert_silent(&format!("{:?} {:?}", credential(), master(1)));
    world.store("id").await;
    let token = world.manager.valid_access_token("id").await.unwrap();
    let stored = world.manager.get("id").await.unwrap();
    let listed = world.manager.list().await.unwrap();
    assert_silent(&format!("{token:?} {stored:?} {listed:?} {:?}", world.manager));
    world.clock.advance(3600);
    let token = world.manager.valid_access_token("id").await.unwrap();
    assert_silent(&format!("{token:?}"));
    assert_silent(&world.log.text());
    let key = RecordKey::new(Compartment::default(), "id").unwrap();
    let record = world.storage.load(&key).await.unwrap().unwrap();
    assert_silent(&String::from_utf8_lossy(&record.bytes));
}

/// The public types that hold secrets, sealed or not, or things that do.
const PRINTED: &[&str] = &[
    "AccessToken",
    "Credential",
    "CredentialBuilder",
    "CredentialManager",
    "CredentialManagerBuilder",
    "Event",
    "FileStorage",
    "Listed",
    "MasterKey",
    "MemoryStorage",
    "PostgresStorage",
    "Record",
    "Refreshed",
    "StoredCredential",
    "Summary",
];

/// Those that hold none.
const WITHOUT_SECRETS: &[&str] = &[
    "Backoff",
    "Chance",
    "Clock",
    "Compartment",
    "CredentialError",
    "Lease",
    "MAX_CREDENTIAL_BYTES",
    "MAX_NAME_LENGTH",
    "MasterKeyError",
    "NameError",
    "Observe",
    "Reason",
    "RecordKey",
    "Refresh",
    "RefreshError",
    "RefreshPolicy",
    "Renewal",
    "Resealed",
    "State",
    "Storage",
    "StorageError",
    "SystemChance",
    "SystemClock",
    "VaultError",
    "What",
];

/// Whoever adds a public type says here whether it holds a secret. What storages with features print is with their tests.
#[tokio::test]
async fn no_public_type_prints_a_secret() {
    let world = World::new().await;
    let mut printed = Vec::new();
    let mut print = |name: &'static str, value: &dyn std::fmt::Debug| {
        assert_silent(&format!("{value:?} {value:#?}"));
        printed.push(name);
    };
    world.store("id").await;
    let token = world.manager.valid_access_token("id").await.unwrap();
    let stored = world.manager.get("id").await.unwrap();
    let key = RecordKey::new(Compartment::default(), "id").unwrap();
    let builder = Credential::builder(Secret::new("access-token-1")).secret("x", Secret::new("id-token-1"));
    let refreshed = Refreshed {
        refresh_token: Some(Secret::new("refresh-token-2")),
        secrets: [("id_token".to_owned(), Secret::new("id-token-1"))].into(),
        ..Refreshed::new(Secret::new("access-token-2"))
    };
    let memory = MemoryStorage::default();
    let manager = CredentialManager::builder(memory.clone(), master(1));
    print("CredentialManagerBuilder", &manager);
    manager
        .open()
        .await
        .unwrap()
        .store("id", credential())
        .await
        .unwrap();
    print("MemoryStorage", &memory);
    print("AccessToken", &token);
    print("Credential", &credential());
    print("CredentialBuilder", &builder);
    print("CredentialManager", &world.manager);
    print("Event", &world.log.text());
    print("Listed", &world.manager.list().await.unwrap());
    print("MasterKey", &master(1));
    print("Record", &world.storage.load(&key).await.unwrap());
    print("Refreshed", &refreshed);
    print("StoredCredential", &stored);
    print("Summary", &stored.summary);
    printed.extend(["FileStorage", "PostgresStorage"]);
    printed.sort_unstable();
    assert_eq!(printed, PRINTED);
    let mut known: Vec<_> = PRINTED.iter().chain(WITHOUT_SECRETS).copied().collect();
    known.sort_unstable();
    assert_eq!(public_names(), known);
}

/// The types that the library exports, as its `lib.rs` lists them.
fn public_names() -> Vec<&'static str> {
    let lines = include_str!("../../src/lib.rs");
    let exports = lines.split("\npub use ").skip(1);
    let lists = exports.filter_map(|export| export.split(';').next()?.split_once("::"));
    let mut names: Vec<_> = lists
        .flat_map(|(_, names)| names.split(['{', '}', ',']))
        .map(str::trim)
        .filter(|name| name.starts_with(char::is_uppercase))
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn what_a_provider_echoes_is_taken_out() {
    let echo = Reason::new("400 for refresh_token=refresh-token-1 & client_secret=client-secret-1");
    for error in [
        RefreshError::NotApplied {
            reason: echo.clone(),
            retry_after: None,
        },
        RefreshError::UserNeeded(echo.clone()),
        RefreshError::Refused(echo.clone()),
        RefreshError::OutcomeUnknown(echo.clone()),
    ] {
        let world = World::new().await;
        world.store("id").await;
        world.clock.advance(3600);
        world.provider.fail(error);
        let error: VaultError = world.token("id").await.unwrap_err();
        let listed = world.manager.list().await.unwrap();
        let printed = format!("{error} {error:?} {listed:?} {}", world.log.text());
        assert!(printed.contains("[redacted]"), "{printed}");
        assert_silent(&printed);
    }
}
