//! Holds what the server knows after a restart against the clients' books.

use fastrand::Rng;
use grantor_tests::{Person, Server, TokenAnswer};

use crate::ledger::{Chain, Ledger, REDIRECT_URI, keys};

/// As many chains and people as are carried on to the next round.
const KEPT: usize = 12;

/// How much was held against the books.
#[derive(Debug, Default)]
pub(crate) struct Found {
    unused_codes: usize,
    uncertain_codes: usize,
    redeemed_codes: usize,
    chains: usize,
    replays: usize,
    revoked: usize,
    sessions: usize,
}

impl Found {
    pub(crate) fn add(&mut self, more: &Self) {
        self.unused_codes += more.unused_codes;
        self.uncertain_codes += more.uncertain_codes;
        self.redeemed_codes += more.redeemed_codes;
        self.chains += more.chains;
        self.replays += more.replays;
        self.revoked += more.revoked;
        self.sessions += more.sessions;
    }

    /// Whether each kind was met at all. Only what was under way at a kill is left to chance.
    pub(crate) fn is_about_everything(&self) -> bool {
        let kinds = [
            self.unused_codes,
            self.redeemed_codes,
            self.chains,
            self.replays,
            self.revoked,
            self.sessions,
        ];
        kinds.iter().all(|met| *met > 0)
    }
}

/// Checks every acknowledged thing since the last kill, and what was carried on from before.
pub(crate) async fn audit(server: &Server, ledger: &Ledger, random: &mut Rng) -> Found {
    assert_eq!(keys(server).await, ledger.keys, "the keys are others");
    assert!(
        is_active(ledger, &ledger.first_access_token).await,
        "the first access token is lost"
    );
    let mut found = Found::default();
    codes(ledger, &mut found).await;
    revocations(ledger, &mut found).await;
    chains(ledger, random, &mut found).await;
    people(server, ledger, &mut found).await;
    found
}

async fn is_active(ledger: &Ledger, token: &str) -> bool {
    ledger.client.introspect(token).await.unwrap().is_active()
}

async fn refresh(ledger: &Ledger, token: &str) -> TokenAnswer {
    ledger.client.refresh(token).await.unwrap()
}

/// A code that was handed out works once. One whose redemption was not answered works once at most.
async fn codes(ledger: &Ledger, found: &mut Found) {
    let (unused, uncertain, redeemed) = {
        let mut books = ledger.books();
        (
            std::mem::take(&mut books.unused),
            std::mem::take(&mut books.uncertain),
            std::mem::take(&mut books.redeemed),
        )
    };
    found.unused_codes = unused.len();
    found.uncertain_codes = uncertain.len();
    found.redeemed_codes = redeemed.len();
    let redeem = async |code: &str| ledger.client.redeem(code, REDIRECT_URI).await.unwrap();
    for code in &unused {
        let chain = Chain::new(&redeem(code).await);
        ledger.books().chains.push(chain);
    }
    for code in &uncertain {
        let answer = redeem(code).await;
        assert!(answer.status == 200 || answer.is_invalid_grant(), "{answer:?}");
        let again = redeem(code).await;
        assert!(again.is_invalid_grant(), "a code worked twice: {again:?}");
    }
    for (code, chain) in &redeemed {
        assert!(
            is_active(ledger, &chain.access).await,
            "the redemption of a code is lost"
        );
        let again = redeem(code).await;
        assert!(again.is_invalid_grant(), "a code worked twice: {again:?}");
        assert!(
            !is_active(ledger, &chain.access).await,
            "the replay of a code revoked nothing"
        );
        assert!(refresh(ledger, &chain.refresh).await.is_invalid_grant());
    }
}

/// What was revoked stays so, whatever it is asked for.
async fn revocations(ledger: &Ledger, found: &mut Found) {
    let (refresh_tokens, access_tokens) = {
        let books = ledger.books();
        (books.revoked_refresh.clone(), books.revoked_access.clone())
    };
    found.revoked = refresh_tokens.len() + access_tokens.len();
    for token in &access_tokens {
        assert!(
            !is_active(ledger, token).await,
            "a revoked access token lives again"
        );
    }
    for token in &refresh_tokens {
        let answer = refresh(ledger, token).await;
        assert!(
            answer.is_invalid_grant(),
            "a revoked refresh token lives again: {answer:?}"
        );
    }
    // The newest are looked at again after the next kill.
    let mut books = ledger.books();
    let old = books.revoked_refresh.len().saturating_sub(KEPT);
    books.revoked_refresh.drain(..old);
    let old = books.revoked_access.len().saturating_sub(KEPT);
    books.revoked_access.drain(..old);
}

/// The last refresh token that a client has seen works, and has one successor however often it is presented.
async fn chains(ledger: &Ledger, random: &mut Rng, found: &mut Found) {
    let mut chains = std::mem::take(&mut ledger.books().chains);
    found.chains = chains.len();
    for chain in &mut chains {
        assert!(is_active(ledger, &chain.access).await, "an access token is lost");
        let first = refresh(ledger, &chain.refresh).await;
        let second = refresh(ledger, &chain.refresh).await;
        assert_eq!(first.status, 200, "an acknowledged rotation is lost: {first:?}");
        assert_eq!(
            first.text("refresh_token"),
            second.text("refresh_token"),
            "a refresh token was rotated twice"
        );
        chain.advance(&first);
    }
    random.shuffle(&mut chains);
    if let Some(chain) = chains.pop() {
        replay(ledger, chain).await;
        found.replays += 1;
    }
    chains.truncate(KEPT);
    ledger.books().chains = chains;
}

/// Rotations of before the kill count: a token from two before is a replay.
async fn replay(ledger: &Ledger, mut chain: Chain) {
    let oldest = chain.previous.clone().unwrap();
    chain.advance(&refresh(ledger, &chain.refresh).await);
    let answer = refresh(ledger, &oldest).await;
    assert!(answer.is_invalid_grant(), "a replay was answered: {answer:?}");
    assert!(refresh(ledger, &chain.refresh).await.is_invalid_grant());
    assert!(
        !is_active(ledger, &chain.access).await,
        "a replay revoked nothing"
    );
}

/// Whoever was in is in, and whoever left is out.
async fn people(server: &Server, ledger: &Ledger, found: &mut Found) {
    let (signed_in, signed_out) = {
        let mut books = ledger.books();
        (books.signed_in.clone(), std::mem::take(&mut books.signed_out))
    };
    found.sessions = signed_in.len() + signed_out.len();
    let url = format!("{}/account", server.issuer());
    let marker = async |person: &Person| person.open(&url).await.unwrap().marker().to_owned();
    for person in &signed_in {
        assert_eq!(marker(person).await, "account-overview-page", "a session is lost");
    }
    for person in &signed_out {
        assert_eq!(
            marker(person).await,
            "login-page",
            "a session that ended lives again"
        );
    }
    ledger.books().signed_in.truncate(KEPT);
}
