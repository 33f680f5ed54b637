//! A row that is not what the schema promises is an error that names it, never a panic and never a guess.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod rows;

use grantor_protocol::record::{
    AttemptKey, Client, DeviceApproval, DeviceAuthorization, DeviceState, UserCodeKey,
};
use grantor_protocol::{Change, Expect};
use grantor_store::{EventPosition, GrantFilter, Store, StoreError};
use grantor_store_sqlite::SqliteStore;
use grantor_types::{ClientId, DeviceAuthorizationId, Scope, SecretHash, SessionId, UserId};
use rows::{at, create, grant, grant_id, key, open};
use rusqlite::Connection;

fn client() -> Client {
    let document = r#"{"id":"client","name":"","authentication_methods":["none"],"application_type":"web",
        "grant_types":[],"scope":"","created_at":0,"updated_at":0}"#;
    serde_json::from_str(document).unwrap()
}

fn attempt_key() -> AttemptKey {
    AttemptKey::from_bytes([7; 32])
}

fn device() -> DeviceAuthorization {
    DeviceAuthorization {
        id: DeviceAuthorizationId::from_bytes([5; 16]),
        secret: SecretHash::from_digest([6; 32]),
        user_code: UserCodeKey::from_bytes([7; 32]),
        client: ClientId::parse("client").unwrap(),
        scope: Scope::default(),
        resources: Vec::new(),
        device: "TV".into(),
        created_at: at(1),
        expires_at: at(2),
        state: DeviceState::Approved(DeviceApproval {
            user: UserId::from_bytes([1; 16]),
            session: SessionId::from_bytes([2; 16]),
            auth_time: at(1),
            authentication_methods: vec!["pwd".into()],
        }),
    }
}

async fn filled(store: &SqliteStore) {
    let count = Change::CountLoginAttempt {
        key: attempt_key(),
        at: at(1),
        since: at(0),
    };
    let put = Change::PutClient {
        client: Box::new(client()),
        expect: Expect::Absent,
    };
    let device = Change::CreateDeviceAuthorization(Box::new(device()));
    let changes = vec![put, create(1), key(1, vec![1]), count, device];
    store.commit(changes).await.unwrap();
}

async fn read(store: &SqliteStore, table: &str) -> Result<(), StoreError> {
    match table {
        "clients" => {
            store.clients(None, 10).await.map(drop)?;
            store.client(&ClientId::parse("client").unwrap()).await.map(drop)
        }
        "grants" => {
            store.grants(&GrantFilter::default(), 10).await.map(drop)?;
            store.grant(grant_id(1)).await.map(drop)
        }
        "device_authorizations" => store.device_authorization(device().id).await.map(drop),
        "keys" => store.keys().await.map(drop),
        "login_attempts" => store.login_attempts(&[attempt_key()]).await.map(drop),
        "events" => store.events_since(EventPosition::default()).await.map(drop),
        _ => unreachable!("no such table here"),
    }
}

/// A table, what is done to its row, the key and the words that the error must name.
const BROKEN: [(&str, &str, &str, &str); 26] = [
    ("clients", "document = '{'", "client", "document"),
    (
        "clients",
        "document = replace(document, 'client', 'other')",
        "client",
        "another client",
    ),
    ("grants", "client = ''", GRANT, "client"),
    ("grants", "user = x'00'", GRANT, "user"),
    ("grants", "session = x'0011'", GRANT, "session"),
    ("grants", "scope = '\"'", GRANT, "scope"),
    ("grants", "resources = '[\"#\"]'", GRANT, "resources"),
    (
        "grants",
        "authentication_methods = '{}'",
        GRANT,
        "authentication_methods",
    ),
    ("grants", "code = x''", GRANT, "code"),
    ("grants", "created_at = -1", GRANT, "created_at"),
    ("grants", "state = 'asleep'", GRANT, "asleep"),
    ("grants", "state = 'pending'", GRANT, "pending"),
    ("grants", "state = 'revoked'", GRANT, "revoked"),
    ("grants", "rotated_at = NULL", GRANT, "active"),
    ("grants", "generation = -1", GRANT, "generation"),
    ("grants", "revocation_reason = 'whim'", GRANT, "revocation_reason"),
    ("grants", "dpop_key = x'00'", GRANT, "dpop_key"),
    ("device_authorizations", "user_code = x'00'", DEVICE, "user_code"),
    ("device_authorizations", "session = NULL", DEVICE, "approved"),
    ("device_authorizations", "state = 'redeemed'", DEVICE, "redeemed"),
    (
        "device_authorizations",
        "authentication_methods = '{'",
        DEVICE,
        "authentication_methods",
    ),
    ("keys", "purpose = 'decoration'", "key-1", "purpose"),
    ("keys", "retire_at = -5", "key-1", "retire_at"),
    ("login_attempts", "count = 5000000000", ATTEMPTS, "count"),
    (
        "events",
        "kind = 'rumour' WHERE position = 1",
        "1",
        "unknown kind",
    ),
    (
        "events",
        "subject = x'ff' WHERE position = 1",
        "1",
        "no client id",
    ),
];

const GRANT: &str = "x00000000000179";
const DEVICE: &str = "x0505";
const ATTEMPTS: &str = "x07070707";

#[tokio::test]
async fn each_broken_column_is_named() {
    for (table, breakage, key, what) in BROKEN {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        filled(&store).await;
        read(&store, table).await.unwrap();
        let other = Connection::open(folder.path().join("grantor.db")).unwrap();
        other
            .execute(&format!("UPDATE {table} SET {breakage}"), [])
            .unwrap();
        let error = read(&store, table).await.unwrap_err().to_string();
        for part in [table, key, what] {
            assert!(error.contains(part), "{breakage}: {error}");
        }
    }
}

/// The engine goes on with the rows that are whole, and a change that must read the broken one fails alone.
#[tokio::test]
async fn whole_rows_stay_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.commit(vec![create(1), create(2)]).await.unwrap();
    let other = Connection::open(folder.path().join("grantor.db")).unwrap();
    other
        .execute(
            "UPDATE grants SET scope = '\"' WHERE id = ?1",
            [grant_id(1).as_bytes()],
        )
        .unwrap();
    assert!(store.grant(grant_id(1)).await.is_err());
    assert_eq!(store.grant(grant_id(2)).await.unwrap(), Some(grant(2)));
    let consents = "INSERT INTO consents VALUES (?1, 'client', '\"', '[]', 0)";
    let user = UserId::new(at(1), [1; 10]);
    other.execute(consents, [user.as_bytes()]).unwrap();
    let add = Change::AddConsent(grantor_protocol::record::Consent {
        user,
        client: ClientId::parse("client").unwrap(),
        scope: Scope::default(),
        resources: Vec::new(),
        granted_at: at(1),
    });
    assert!(store.commit(vec![create(3), add]).await.is_err());
    assert_eq!(store.grant(grant_id(3)).await.unwrap(), None);
}
