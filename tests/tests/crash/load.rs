//! Work for the server, by several clients at once, until it is killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use fastrand::Rng;
use grantor_tests::{Person, Server};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::ledger::{Chain, Ledger, REDIRECT_URI, code_of};

/// Counts down to the kill.
struct Countdown {
    left: AtomicI64,
    over: Notify,
}

impl Countdown {
    fn acknowledged(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.over.notify_one();
        }
    }
}

/// One client at work. What it does ends with the first request that is not answered.
struct Worker {
    issuer: String,
    ledger: Arc<Ledger>,
    countdown: Arc<Countdown>,
    random: Rng,
}

type Unanswered = reqwest::Error;

/// Lets the clients work until so much was acknowledged, and kills the server in the midst of it.
pub(crate) async fn run_and_kill(server: &mut Server, ledger: &Arc<Ledger>, work: i64, random: &mut Rng) {
    let countdown = Arc::new(Countdown {
        left: AtomicI64::new(work),
        over: Notify::new(),
    });
    let mut workers = JoinSet::new();
    let mut worker = || Worker {
        issuer: server.issuer().to_owned(),
        ledger: Arc::clone(ledger),
        countdown: Arc::clone(&countdown),
        random: random.fork(),
    };
    for _ in 0..2 {
        workers.spawn(worker().redeem_codes());
        workers.spawn(worker().refresh());
        workers.spawn(worker().refresh());
    }
    workers.spawn(worker().revoke());
    workers.spawn(worker().log_in_and_out());
    tokio::select! {
        () = countdown.over.notified() => {}
        Some(ended) = workers.join_next() => panic!("a worker ended before the kill: {ended:?}"),
    }
    server.kill().await;
    while let Some(ended) = workers.join_next().await {
        let unanswered = ended.unwrap();
        assert!(!unanswered.is_builder(), "{unanswered}");
    }
}

impl Worker {
    async fn redeem_codes(mut self) -> Unanswered {
        loop {
            let answer = match self
                .ledger
                .person
                .authorize(&self.ledger.authorization_url, "approve")
                .await
            {
                Ok(answer) => answer,
                Err(error) => return error,
            };
            self.countdown.acknowledged();
            let code = code_of(&answer);
            if self.random.u8(..) < 64 {
                self.ledger.books().unused.push(code);
                continue;
            }
            match self.ledger.client.redeem(&code, REDIRECT_URI).await {
                Ok(tokens) => {
                    self.countdown.acknowledged();
                    let chain = Chain::new(&tokens);
                    let mut books = self.ledger.books();
                    // Those whose code is presented again are lost by it, so not every chain may be.
                    if self.random.u8(..) < 32 {
                        books.redeemed.push((code, chain));
                    } else {
                        books.chains.push(chain);
                    }
                }
                Err(error) => {
                    self.ledger.books().uncertain.push(code);
                    return error;
                }
            }
        }
    }

    async fn refresh(mut self) -> Unanswered {
        loop {
            let mut chain = self.take_chain().await;
            let answer = self.ledger.client.refresh(&chain.refresh).await;
            if let Ok(tokens) = &answer {
                self.countdown.acknowledged();
                chain.advance(tokens);
            }
            self.ledger.books().chains.push(chain);
            if let Err(error) = answer {
                return error;
            }
        }
    }

    async fn revoke(mut self) -> Unanswered {
        loop {
            let chain = self.take_chain().await;
            let whole_grant = self.random.bool();
            let token = if whole_grant {
                &chain.refresh
            } else {
                &chain.access
            };
            match self.ledger.client.revoke(token).await {
                Ok(answer) => assert_eq!(answer.status, 200, "{answer:?}"),
                // Revoked or not: nothing can be said of this one.
                Err(error) => return error,
            }
            self.countdown.acknowledged();
            let mut books = self.ledger.books();
            books.revoked_access.push(chain.access);
            if whole_grant {
                books.revoked_refresh.push(chain.refresh);
            }
        }
    }

    async fn log_in_and_out(self) -> Unanswered {
        loop {
            match self.log_in().await {
                Ok(person) => self.ledger.books().signed_in.push(person),
                Err(error) => return error,
            }
            if let Err(error) = self.log_in_and_leave().await {
                return error;
            }
        }
    }

    async fn log_in(&self) -> Result<Person, Unanswered> {
        let person = Person::new(&self.issuer, "other");
        let form = person.open(&format!("{}/account", self.issuer)).await?;
        let mut account = person.log_in(&form).await?;
        // An attempt that a kill cut short stays counted until a login succeeds, so that after a few kills in a row the
        // next one has to wait. It is refused before the password is looked at, and asked again until its time is up.
        while account.status == 429 {
            account = person.log_in(&account).await?;
        }
        assert_eq!(account.marker(), "account-overview-page", "{account:?}");
        self.countdown.acknowledged();
        Ok(person)
    }

    async fn log_in_and_leave(&self) -> Result<(), Unanswered> {
        let person = self.log_in().await?;
        let account = person.open(&format!("{}/account", self.issuer)).await?;
        let gone = person.press(&account, "sign-out", &[]).await?;
        assert_eq!(gone.marker(), "signed-out-page", "{gone:?}");
        self.countdown.acknowledged();
        self.ledger.books().signed_out.push(person);
        Ok(())
    }

    /// Takes a chain that nobody works with.
    async fn take_chain(&mut self) -> Chain {
        loop {
            {
                let mut books = self.ledger.books();
                if !books.chains.is_empty() {
                    let at = self.random.usize(..books.chains.len());
                    return books.chains.swap_remove(at);
                }
            }
            tokio::task::yield_now().await;
        }
    }
}
