//! The client library beside the crate openidconnect: how long an ID token takes to validate, from its text to its claims.
//! And the vault's fresh credential, which has a target of its own. `cargo xtask bench client`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use grantor_client::{
    IdToken, IdTokenExpectation, KeySet, Seconds, Secret, SigningAlgorithm, SigningKey, Timestamp, Type,
};
use grantor_vault::{Credential, CredentialManager, MasterKey, MemoryStorage};
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet};
use openidconnect::{ClientId, IssuerUrl, Nonce};
use serde_json::json;

const ISSUER: &str = "https://id.example";
const CLIENT: &str = "app";
const NONCE: &str = "n-0S6_WzA2Mj";
/// Pairs of rounds, one of each library; the median of their ratios counts.
const ROUNDS: usize = 9;
/// What a fresh credential may take.
const FRESH_TARGET: Duration = Duration::from_micros(2);

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("| ID token | grantor-client | openidconnect | of openidconnect's time |");
    println!("|---|--:|--:|--:|");
    for (algorithm, calls) in [
        (SigningAlgorithm::Es256, 4_000),
        (SigningAlgorithm::Rs256, 8_000),
        (SigningAlgorithm::EdDsa, 4_000),
    ] {
        compare(algorithm, calls);
    }
    println!();
    fresh().await;
}

/// A token of the provider, its keys, and what both libraries are told.
struct Case {
    algorithm: SigningAlgorithm,
    token: Secret,
    keys: KeySet,
    theirs: CoreIdTokenVerifier<'static>,
    now: Timestamp,
}

impl Case {
    #[allow(
        clippy::disallowed_methods,
        reason = "openidconnect looks at the clock of the system itself"
    )]
    fn new(algorithm: SigningAlgorithm) -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let now = Timestamp::from_seconds(since_epoch.as_secs());
        let (key, _) = SigningKey::generate(algorithm).unwrap();
        let claims = json!({
            "iss": ISSUER, "sub": "248289761001", "aud": CLIENT, "exp": now.as_seconds() + 3_600,
            "iat": now.as_seconds(), "auth_time": now.as_seconds() - 10, "nonce": NONCE, "name": "Jane Doe",
            "email": "janedoe@example.com", "email_verified": true, "sid": "08a5019c-17e1-4977-8f42-65a12843ea02",
        });
        let jwks = json!({ "keys": [key.public_jwk()] }).to_string();
        let jwks: CoreJsonWebKeySet = serde_json::from_str(&jwks).unwrap();
        let theirs = CoreIdTokenVerifier::new_public_client(
            ClientId::new(CLIENT.to_owned()),
            IssuerUrl::new(ISSUER.to_owned()).unwrap(),
            jwks,
        );
        let theirs_algorithm = serde_json::from_value(json!(algorithm.as_str())).unwrap();
        Self {
            algorithm,
            token: Secret::new(key.sign(Type::IdToken, &claims).unwrap()),
            keys: KeySet::from_keys([key.verifying_key().unwrap()]),
            theirs: theirs.set_allowed_algs([theirs_algorithm]),
            now,
        }
    }

    fn ours(&self) -> IdToken {
        let expected = IdTokenExpectation {
            issuer: ISSUER,
            client_id: CLIENT,
            trusted_audiences: &[],
            algorithm: self.algorithm,
            nonce: Some(NONCE),
            access_token: None,
            code: None,
            max_age: None,
            subject: None,
            now: self.now,
            leeway: Seconds(10),
        };
        IdToken::verify(black_box(&self.token), &self.keys, &expected).unwrap()
    }

    fn theirs(&self, nonce: &Nonce) -> usize {
        let token: CoreIdToken = black_box(self.token.expose()).parse().unwrap();
        token.claims(&self.theirs, nonce).unwrap().subject().len()
    }
}

fn compare(algorithm: SigningAlgorithm, calls: u32) {
    let case = Case::new(algorithm);
    let nonce = Nonce::new(NONCE.to_owned());
    assert_eq!(case.ours().subject().len(), case.theirs(&nonce));
    let mut rounds: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let ours = each(calls, || drop(black_box(case.ours())));
            let theirs = each(calls, || {
                black_box(case.theirs(&nonce));
            });
            (ours.as_secs_f64() / theirs.as_secs_f64(), ours, theirs)
        })
        .collect();
    rounds.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (ratio, ours, theirs) = rounds[ROUNDS / 2];
    println!(
        "| {} | {ours:.1?} | {theirs:.1?} | {:.0} % |",
        algorithm.as_str(),
        ratio * 100.0
    );
}

fn each(calls: u32, mut call: impl FnMut()) -> Duration {
    let begun = Instant::now();
    (0..calls).for_each(|_| call());
    begun.elapsed() / calls
}

/// A token from the vault's memory.
async fn fresh() {
    const CALLS: u32 = 500_000;
    let (master_key, _) = MasterKey::generate().unwrap();
    let manager = CredentialManager::builder(MemoryStorage::default(), master_key);
    let manager = manager.open().await.unwrap();
    let credential = Credential::builder(Secret::new("t".repeat(1_000)))
        .refresh_token(Secret::new("refresh"))
        .expires_in(Duration::from_secs(3_600));
    manager.store("id", credential.build().unwrap()).await.unwrap();
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for _ in 0..CALLS {
            black_box(manager.valid_access_token(black_box("id")).await.unwrap());
        }
        rounds.push(begun.elapsed() / CALLS);
    }
    rounds.sort();
    let took = rounds[ROUNDS / 2];
    let share = took.as_secs_f64() / FRESH_TARGET.as_secs_f64() * 100.0;
    println!(
        "valid_access_token of a fresh credential: {took:.0?}, {share:.0} % of the target of {FRESH_TARGET:?}"
    );
}
