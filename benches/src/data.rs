//! The data that the server starts with, written straight into its database.

use std::path::Path;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_jose::{Jwks, SigningKey, digest};
use grantor_protocol::record::{
    Client, ConsentRule, Grant, GrantState, PendingCode, Revision, StoredSecret, User,
};
use grantor_protocol::token::handle::CodeHandle;
use grantor_protocol::{Change, Expect};
use grantor_server::password::PasswordHasher;
use grantor_store::Store as _;
use grantor_store_sqlite::{Options, SqliteStore};
use grantor_types::{
    ClientAuthMethod, ClientId, GrantId, GrantType, RedirectUri, Resource, Scope, Secret, SecretHash,
    SigningAlgorithm, StandardClaims, Timestamp, TokenFormat, UserId,
};

use crate::Failed;

/// The secret of every client, and the password of every user.
pub(crate) const SECRET: &str = "bench-secret-bench-secret-bench-secret";
/// Users who can log in.
pub(crate) const USERS: u32 = 256;
/// Rows of one commit while seeding.
const BATCH: u64 = 2_000;

/// The `Authorization` header of a client.
pub(crate) fn basic(client: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{client}:{SECRET}")))
}

/// The client that authenticates by its key.
pub(crate) const SIGNING_CLIENT: &str = "signer";

/// The file in which its public key lies, for the ceiling.
pub(crate) const SIGNER_FILE: &str = "signer.json";

/// The key of the client that signs, and of tokens that are bound to one.
pub(crate) fn signer() -> Result<&'static SigningKey, Failed> {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    match KEY.get() {
        Some(key) => Ok(key),
        None => {
            let made = SigningKey::generate(SigningAlgorithm::Es256).map_err(Failed::of)?;
            Ok(KEY.get_or_init(|| made.0))
        }
    }
}

/// What to write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    /// Clients beside those that the rows use.
    pub(crate) clients: u64,
    /// Grants that nobody uses.
    pub(crate) idle_grants: u64,
    /// Grants with a code to redeem.
    pub(crate) codes: u64,
}

/// Writes the data; returns the codes.
pub(crate) async fn seed(folder: &Path, amount: Amount, now: Timestamp) -> Result<Vec<String>, Failed> {
    let keys = vec![signer()?.public_jwk()];
    let signers = serde_json::to_vec(&Jwks { keys }).map_err(Failed::of)?;
    std::fs::write(folder.join(SIGNER_FILE), signers)?;
    let store = SqliteStore::open(folder.join("bench.db"), Options::default()).map_err(Failed::of)?;
    let mut changes = Vec::new();
    for (id, algorithm, format) in [
        ("es256", SigningAlgorithm::Es256, TokenFormat::Jwt),
        ("eddsa", SigningAlgorithm::EdDsa, TokenFormat::Jwt),
        ("rs256", SigningAlgorithm::Rs256, TokenFormat::Jwt),
        ("opaque", SigningAlgorithm::Es256, TokenFormat::Opaque),
        ("app", SigningAlgorithm::Es256, TokenFormat::Jwt),
    ] {
        changes.push(put(client(id, algorithm, format, now)?));
    }
    changes.push(put(signing_client(now)?));
    let hasher = PasswordHasher::start(1);
    let hash = hasher
        .hash(Secret::new(SECRET), [7; 16])
        .await
        .map_err(Failed::of)?;
    for number in 0..USERS {
        changes.push(user(number, &hash, now));
    }
    store.commit(changes).await.map_err(Failed::of)?;
    for from in (0..amount.clients).step_by(usize::try_from(BATCH).unwrap_or(1)) {
        let numbers = from..(from + BATCH).min(amount.clients);
        let batch: Result<Vec<_>, _> = numbers
            .map(|number| {
                let id = format!("client-{number}");
                client(&id, SigningAlgorithm::Es256, TokenFormat::Jwt, now).map(put)
            })
            .collect();
        store.commit(batch?).await.map_err(Failed::of)?;
    }
    grants(&store, amount.idle_grants, now, 1).await?;
    grants(&store, amount.codes, now, 2).await
}

async fn grants(store: &SqliteStore, count: u64, now: Timestamp, kind: u8) -> Result<Vec<String>, Failed> {
    let mut codes = Vec::new();
    for from in (0..count).step_by(usize::try_from(BATCH).unwrap_or(1)) {
        let mut changes = Vec::new();
        for number in from..(from + BATCH).min(count) {
            let (code, change) = grant(number, now, kind)?;
            codes.push(code);
            changes.push(change);
        }
        store.commit(changes).await.map_err(Failed::of)?;
    }
    Ok(codes)
}

fn grant(number: u64, now: Timestamp, kind: u8) -> Result<(String, Change), Failed> {
    let [_, _, _, _, a, b, c, d] = number.to_be_bytes();
    let id = GrantId::new(now, [kind, a, b, c, d, 0, 0, 0, 0, kind]);
    let secret = digest::sha256(&number.to_be_bytes());
    let owner = u32::try_from(number % u64::from(USERS)).unwrap_or(0);
    let record = Grant {
        id,
        client: ClientId::parse("app").map_err(Failed::of)?,
        user: user_id(owner, now),
        session: None,
        scope: Scope::parse("openid profile read").map_err(Failed::of)?,
        resources: Vec::new(),
        nonce: None,
        auth_time: now,
        authentication_methods: vec!["pwd".to_owned()],
        code: SecretHash::from_digest(digest::sha256(&secret)),
        salt: [kind; 16],
        dpop_key: None,
        exchange: None,
        openid: None,
        created_at: now,
        expires_at: Timestamp::from_seconds(now.as_seconds() + 86_400),
        state: GrantState::Pending(PendingCode {
            redirect_uri: None,
            response_uri: RedirectUri::parse("https://app.example/cb").map_err(Failed::of)?,
            challenge: None,
        }),
    };
    Ok((
        CodeHandle { id, secret }.encode(),
        Change::CreateGrant(Box::new(record)),
    ))
}

fn client(
    id: &str,
    algorithm: SigningAlgorithm,
    format: TokenFormat,
    now: Timestamp,
) -> Result<Client, Failed> {
    Ok(Client {
        name: id.to_owned(),
        // Nobody asks people in a measurement.
        consent: ConsentRule::Implied,
        secrets: vec![StoredSecret {
            hash: digest::secret_hash(SECRET),
            expires_at: None,
            sealed: None,
        }],
        authentication_methods: vec![
            ClientAuthMethod::ClientSecretBasic,
            ClientAuthMethod::ClientSecretPost,
        ],
        grant_types: GrantType::ALL.to_vec(),
        redirect_uris: vec![RedirectUri::parse("https://app.example/cb").map_err(Failed::of)?],
        scope: Scope::parse("openid profile read write").map_err(Failed::of)?,
        audiences: vec![Resource::parse("files").map_err(Failed::of)?],
        access_token_format: Some(format),
        access_token_algorithm: Some(algorithm),
        id_token_algorithm: Some(SigningAlgorithm::Es256),
        ..Client::new(ClientId::parse(id).map_err(Failed::of)?, now)
    })
}

fn signing_client(now: Timestamp) -> Result<Client, Failed> {
    let mut record = client(SIGNING_CLIENT, SigningAlgorithm::Es256, TokenFormat::Jwt, now)?;
    record.secrets = Vec::new();
    record.authentication_methods = vec![ClientAuthMethod::PrivateKeyJwt];
    record.metadata.jwks = Some(Jwks {
        keys: vec![signer()?.public_jwk()],
    });
    Ok(record)
}

fn put(client: Client) -> Change {
    Change::PutClient {
        client: Box::new(client),
        expect: Expect::Absent,
    }
}

fn user_id(number: u32, now: Timestamp) -> UserId {
    let [a, b, c, d] = number.to_be_bytes();
    UserId::new(now, [3, a, b, c, d, 0, 0, 0, 0, 3])
}

fn user(number: u32, hash: &str, now: Timestamp) -> Change {
    let record = User {
        id: user_id(number, now),
        username: format!("user-{number}"),
        password_hash: Some(hash.to_owned()),
        claims: StandardClaims {
            name: Some(format!("User {number}")),
            given_name: Some("User".to_owned()),
            family_name: Some(number.to_string()),
            ..StandardClaims::default()
        },
        disabled: false,
        created_at: now,
        updated_at: now,
        revision: Revision(1),
    };
    Change::PutUser {
        user: Box::new(record),
        expect: Expect::Absent,
    }
}
