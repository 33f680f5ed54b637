//! The ceilings: bare axum handlers that do just the same signature, verification or durable write, and answer with
//! the same JSON. What Grantor does beyond that is what the ratios show.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as UrlPath, RawQuery, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_jose::dpop::{PROOF_ALGORITHMS, ProofExpectation, verify_proof};
use grantor_jose::{Expectation, Jwks, KeySet, SigningKey, Type, digest, verify};
use grantor_types::{
    AccessTokenClaims, Audience, ClientId, Parameters, Scope, SigningAlgorithm, Timestamp, TokenId,
    TokenResponse,
};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::Failed;
use crate::data::{SIGNER_FILE, SIGNING_CLIENT};

/// Rows that the durable handler updates.
const ROWS: u64 = 4096;
/// Most updates in one transaction.
const GROUP: usize = 256;

struct Bare {
    keys: Vec<SigningKey>,
    key_set: KeySet,
    signers: KeySet,
    token: String,
    secrets: HashSet<[u8; 32]>,
    writer: crossbeam_channel::Sender<(Write, oneshot::Sender<bool>)>,
    next: std::sync::atomic::AtomicU64,
}

/// A durable write.
enum Write {
    /// Counts in a row.
    Count(u64),
    /// Keeps what was sent, as a new row.
    Keep(Bytes),
}

impl Bare {
    /// Updates a row and waits until that is on the disk.
    async fn counted(&self) -> bool {
        let row = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % ROWS;
        self.wrote(Write::Count(row)).await
    }

    async fn wrote(&self, write: Write) -> bool {
        let (answer, written) = oneshot::channel();
        let sent = self.writer.send((write, answer)).is_ok();
        sent && written.await.unwrap_or(false)
    }

    /// Looks for the secret of a client in the `Authorization` header.
    fn knows_client(&self, headers: &HeaderMap) -> bool {
        let basic = headers
            .get("authorization")
            .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
        let basic = basic.and_then(|text| STANDARD.decode(text).ok());
        self.knows(&basic.unwrap_or_default())
    }

    fn knows(&self, secret: &[u8]) -> bool {
        self.secrets.contains(&digest::sha256(secret))
    }

    fn signed(&self) -> Vec<u8> {
        let key = find(&self.keys, SigningAlgorithm::Es256);
        key.and_then(signed).unwrap_or_default()
    }

    /// Verifies the signature of a client.
    fn verifies(&self, assertion: &str) -> bool {
        let expectation = Expectation::for_any_audience(Type::ClientAuthentication, SIGNING_CLIENT, 0)
            .accept_expired()
            .leeway(u64::MAX / 4);
        verify::<serde_json::Value>(assertion, &self.signers, &expectation).is_ok()
    }

    fn verified(&self) -> bool {
        let expectation = Expectation::for_any_audience(Type::AccessToken, "https://bench.example", 0)
            .accept_expired()
            .leeway(u64::MAX / 4);
        verify::<AccessTokenClaims>(&self.token, &self.key_set, &expectation).is_ok()
    }
}

/// Serves until it is killed.
pub(crate) async fn serve(address: SocketAddr, folder: &Path) -> Result<(), Failed> {
    let mut keys = Vec::new();
    for algorithm in SigningAlgorithm::ALL {
        keys.push(SigningKey::generate(algorithm).map_err(Failed::of)?.0);
    }
    let es256 = find(&keys, SigningAlgorithm::Es256)?;
    let token = es256.sign(Type::AccessToken, &claims()?).map_err(Failed::of)?;
    let key_set = KeySet::from_keys([es256.verifying_key().map_err(Failed::of)?]);
    let signers = std::fs::read(folder.join(SIGNER_FILE))?;
    let signers: Jwks = serde_json::from_slice(&signers).map_err(Failed::of)?;
    let bare = Bare {
        key_set,
        signers: KeySet::from_jwks(&signers),
        token,
        keys,
        secrets: HashSet::from([[7; 32]]),
        writer: writer(&folder.join("bare.db"))?,
        next: 0.into(),
    };
    let router = Router::new()
        .route("/ready", get(|| async { "ready" }))
        .route("/json/{length}", any(json))
        .route("/sign/{algorithm}", any(sign))
        .route("/verify/{length}", any(verify_one))
        .route("/exchange", any(exchange))
        .route("/bound", any(bound))
        .route("/asserted", any(asserted))
        .route("/code", any(code))
        .route("/redeem", any(redeem))
        .route("/userinfo", any(userinfo))
        .route("/rotate", any(rotate))
        .route("/push/{length}", any(push))
        .route("/poll/{length}", any(poll))
        .with_state(Arc::new(bare));
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| _ = stream.set_nodelay(true)),
        router,
    )
    .await?;
    Ok(())
}

fn find(keys: &[SigningKey], algorithm: SigningAlgorithm) -> Result<&SigningKey, Failed> {
    keys.iter()
        .find(|key| key.algorithm() == algorithm)
        .ok_or_else(|| Failed::new("no key"))
}

#[allow(
    clippy::disallowed_methods,
    reason = "the ceiling reads the clock as the server does"
)]
fn claims() -> Result<AccessTokenClaims, Failed> {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_err(Failed::of)?;
    let now = Timestamp::from_seconds(since.as_secs());
    let random = grantor_jose::random::array().map_err(Failed::of)?;
    Ok(AccessTokenClaims {
        iss: "https://bench.example".to_owned(),
        sub: "es256".to_owned(),
        aud: Audience::One("https://bench.example".to_owned()),
        exp: now.as_seconds() + 3600,
        iat: now.as_seconds(),
        jti: TokenId::new(now, random),
        client_id: ClientId::parse("es256").map_err(Failed::of)?,
        scope: Scope::parse("read write").map_err(Failed::of)?,
        auth_time: None,
        acr: None,
        grant: None,
        cnf: None,
        act: None,
        may_act: None,
        userinfo_claims: Vec::new(),
        claims_locales: Vec::new(),
        ancestors: Vec::new(),
        ancestor_grants: Vec::new(),
    })
}

fn signed(key: &SigningKey) -> Result<Vec<u8>, Failed> {
    let claims = claims()?;
    let answer = TokenResponse {
        access_token: key.sign(Type::AccessToken, &claims).map_err(Failed::of)?,
        token_type: claims.token_type(),
        expires_in: 3600,
        scope: claims.scope,
        refresh_token: None,
        id_token: None,
        issued_token_type: None,
    };
    serde_json::to_vec(&answer).map_err(Failed::of)
}

fn as_json(body: Vec<u8>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], body)
}

async fn json(UrlPath(length): UrlPath<usize>, _: Bytes) -> impl IntoResponse {
    as_json(vec![b' '; length.min(65_536)])
}

async fn sign(State(bare): State<Arc<Bare>>, UrlPath(name): UrlPath<String>, _: Bytes) -> impl IntoResponse {
    let key = bare.keys.iter().find(|key| key.algorithm().as_str() == name);
    as_json(key.and_then(|key| signed(key).ok()).unwrap_or_default())
}

async fn verify_one(
    State(bare): State<Arc<Bare>>,
    UrlPath(length): UrlPath<usize>,
    _: Bytes,
) -> impl IntoResponse {
    as_json(if bare.verified() {
        vec![b' '; length.min(65_536)]
    } else {
        Vec::new()
    })
}

async fn exchange(State(bare): State<Arc<Bare>>, _: Bytes) -> impl IntoResponse {
    as_json(if bare.verified() {
        bare.signed()
    } else {
        Vec::new()
    })
}

/// Verifies the proof of the request and signs a token.
async fn bound(State(bare): State<Arc<Bare>>, headers: HeaderMap, _: Bytes) -> impl IntoResponse {
    let proof = headers.get("dpop").and_then(|proof| proof.to_str().ok());
    let proved = |proof: &str| {
        let expectation = ProofExpectation {
            method: "POST",
            uri: "https://bench.example/bound",
            access_token: None,
            algorithms: &PROOF_ALGORITHMS,
            now: crate::rows::now().ok()?.as_seconds(),
        };
        verify_proof(proof, &expectation).ok()
    };
    as_json(match proof.and_then(proved) {
        Some(_) => bare.signed(),
        None => Vec::new(),
    })
}

/// Verifies the assertion of the request, writes down that it is used, and signs a token.
async fn asserted(State(bare): State<Arc<Bare>>, body: Bytes) -> impl IntoResponse {
    let form = Parameters::parse(&body).unwrap_or_default();
    let assertion = form.value("client_assertion").unwrap_or_default();
    let body = if bare.verifies(assertion) {
        bare.signed()
    } else {
        Vec::new()
    };
    as_json(if bare.counted().await { body } else { Vec::new() })
}

/// Keeps what was asked for, and leads back with a code.
async fn code(State(bare): State<Arc<Bare>>, RawQuery(query): RawQuery) -> impl IntoResponse {
    let query = Bytes::from(query.unwrap_or_default());
    let code = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode([7; 48]);
    let status = match bare.wrote(Write::Keep(query)).await {
        true => StatusCode::FOUND,
        false => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let location = format!("https://app.example/cb?code={code}&state=af0ifjsldkj&iss=https://bench.example");
    (status, [(LOCATION, location)])
}

/// The secret of a client, a durable change of a row, and two signatures.
async fn redeem(State(bare): State<Arc<Bare>>, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let form = Parameters::parse(&body).unwrap_or_default();
    let known = bare.knows_client(&headers) | bare.knows(form.value("code").unwrap_or_default().as_bytes());
    let id_token = bare.signed();
    let mut answer = bare.signed();
    // What an ID token adds to the answer; the secrets are known in no run.
    answer.extend(std::iter::repeat_n(b' ', if known { 0 } else { id_token.len() }));
    as_json(if bare.counted().await { answer } else { Vec::new() })
}

/// Verifies a token.
async fn userinfo(State(bare): State<Arc<Bare>>) -> impl IntoResponse {
    as_json(match bare.verified() {
        true => br#"{"sub":"00000000000000000000000000","name":"User 1","given_name":"User"}"#.to_vec(),
        false => Vec::new(),
    })
}

/// The two secrets of a device that asks, its client's and its code, and nothing else.
async fn poll(
    State(bare): State<Arc<Bare>>,
    UrlPath(length): UrlPath<usize>,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let form = Parameters::parse(&body).unwrap_or_default();
    let code = form.value("device_code").unwrap_or_default();
    let known = bare.knows_client(&headers) | bare.knows(code.as_bytes());
    let filler = if known { b'!' } else { b' ' };
    as_json(vec![filler; length.min(65_536)])
}

async fn rotate(State(bare): State<Arc<Bare>>, _: Bytes) -> impl IntoResponse {
    let body = bare.signed();
    as_json(if bare.counted().await { body } else { Vec::new() })
}

/// The secret of a client, and a durable write of what it sent.
async fn push(
    State(bare): State<Arc<Bare>>,
    UrlPath(length): UrlPath<usize>,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let filler = if bare.knows_client(&headers) { b'!' } else { b' ' };
    let length = match Parameters::parse(&body) {
        Ok(_) if bare.wrote(Write::Keep(body)).await => length.min(65_536),
        Ok(_) | Err(_) => 0,
    };
    as_json(vec![filler; length])
}

/// The simplest durable group commit there is: one thread, what waits goes into one transaction.
fn writer(file: &Path) -> Result<crossbeam_channel::Sender<(Write, oneshot::Sender<bool>)>, Failed> {
    let mut connection = Connection::open(file).map_err(Failed::of)?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000;
             CREATE TABLE IF NOT EXISTS rotation (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, filler BLOB);
             DELETE FROM rotation;
             CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, body BLOB NOT NULL);",
        )
        .map_err(Failed::of)?;
    let fill = connection.transaction().map_err(Failed::of)?;
    for id in 0..ROWS {
        let row = (i64::try_from(id).unwrap_or(0), vec![0_u8; 300]);
        fill.execute("INSERT INTO rotation VALUES (?1, 0, ?2)", row)
            .map_err(Failed::of)?;
    }
    fill.commit().map_err(Failed::of)?;
    let (sender, receiver) = crossbeam_channel::unbounded::<(Write, oneshot::Sender<bool>)>();
    std::thread::spawn(move || {
        while let Ok(first) = receiver.recv() {
            let waiting: Vec<_> = std::iter::once(first)
                .chain(receiver.try_iter().take(GROUP - 1))
                .collect();
            let written = write(&mut connection, &waiting).is_ok();
            for (_, answer) in waiting {
                let _gone = answer.send(written);
            }
        }
    });
    Ok(sender)
}

fn write(connection: &mut Connection, waiting: &[(Write, oneshot::Sender<bool>)]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut update = transaction.prepare_cached(
            "UPDATE rotation SET generation = generation + 1 WHERE id = ?1 AND generation >= 0",
        )?;
        let mut insert = transaction.prepare_cached("INSERT INTO kept (body) VALUES (?1)")?;
        for (write, _) in waiting {
            match write {
                Write::Count(row) => update.execute([i64::try_from(*row).unwrap_or(0)])?,
                Write::Keep(body) => insert.execute([body.as_ref()])?,
            };
        }
    }
    transaction.commit()
}
