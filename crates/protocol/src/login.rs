//! Protection against guessing passwords (RFC 6749 10.10 asks for it; NIST SP 800-63B 5.2.2 says how).
//!
//! An attempt that is under way counts like one that has failed, so that many attempts at once cannot slip through
//! together. One that has failed is counted for good before the answer says so; one that succeeds leaves nothing behind
//! and forgets the account's. Past a threshold each attempt has to wait, and the wait doubles.

use std::net::IpAddr;

use grantor_jose::digest;
use grantor_types::{Seconds, SecretHash, SessionId, Timestamp, UserId};

use crate::logout::{self, EndingSession};
use crate::record::{AttemptKey, LoginAttempts, Session};
use crate::{Change, Cx, LoginPolicy, Random};

/// Whose attempts count: the account as it was typed, whether it exists or not, and the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptKeys {
    /// The account's.
    pub account: AttemptKey,
    /// The address's.
    pub address: AttemptKey,
}

impl AttemptKeys {
    /// The keys of an attempt. IPv6 counts by its /64, which one customer holds whole. An IPv4 address in IPv6 form, as
    /// a socket for both families has it, is taken for what it is: all of them lie in one /64.
    pub fn of(username: &str, address: IpAddr) -> Self {
        Self {
            account: attempt_key("account:", username.to_lowercase().as_bytes()),
            address: attempt_key("address:", network(address).as_bytes()),
        }
    }

    /// The keys of an attempt at the user code of a device: the browser, or its session, stands for the account. The
    /// code is short, so that attempts have to be limited (RFC 8628 5.1).
    pub fn of_user_code(browser: &[u8], address: IpAddr) -> Self {
        Self {
            account: attempt_key("user code:", browser),
            address: attempt_key("user code address:", network(address).as_bytes()),
        }
    }

    /// The keys of an attempt to make an account. Each is counted, whether it succeeds or the name is taken: accounts are not
    /// to be had by the thousand, and neither is the list of the names that there are.
    pub fn of_sign_up(browser: &[u8], address: IpAddr) -> Self {
        Self {
            account: attempt_key("sign up:", browser),
            address: attempt_key("sign up address:", network(address).as_bytes()),
        }
    }
}

/// Whom an address stands for where attempts are counted. One subscriber has a network of IPv6 of at least 64 bits to
/// itself, and as many addresses as it likes.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

fn attempt_key(kind: &str, whose: &[u8]) -> AttemptKey {
    AttemptKey::from_bytes(digest::sha256(&[kind.as_bytes(), whose].concat()))
}

/// Too many attempts; the next is admitted after this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked(pub Seconds);

/// What is known of a key's attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttemptsSoFar {
    /// Those that failed, as they are stored.
    pub failed: LoginAttempts,
    /// How many others are under way: they may fail yet.
    pub under_way: u32,
}

/// An attempt that may look at the secret. One that fails has to be [counted](Self::failed) before anybody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "an attempt that fails has to be counted"]
pub struct Admitted {
    keys: AttemptKeys,
    account_has_failed: bool,
}

impl Admitted {
    /// The changes that count the attempt as one that failed. They have to be committed before the answer is sent.
    pub fn failed(self, cx: &Cx<'_>) -> Vec<Change> {
        let count = |key| Change::CountLoginAttempt {
            key,
            at: cx.now,
            since: remembered_since(cx.now, &cx.policy.login),
        };
        vec![count(self.keys.account), count(self.keys.address)]
    }

    /// After a success: the account's failures go, if there are any. The address's stay, or whoever has one account
    /// could wipe out their guesses at others with it.
    pub fn succeeded(self) -> Option<Change> {
        let forget = Change::ForgetLoginAttempts(self.keys.account);
        self.account_has_failed.then_some(forget)
    }
}

/// Admits one attempt. The caller has to have announced it among those under way before it reads what is stored, and to
/// have taken the number of the others as it did: then each of two attempts knows of the other, or finds it stored.
///
/// # Errors
/// [`Blocked`] with the time to wait.
pub fn admit(
    cx: &Cx<'_>,
    keys: AttemptKeys,
    account: AttemptsSoFar,
    address: AttemptsSoFar,
) -> Result<Admitted, Blocked> {
    let policy = &cx.policy.login;
    check(cx.now, policy, account, policy.account_attempts)?;
    check(cx.now, policy, address, policy.address_attempts)?;
    Ok(Admitted {
        keys,
        account_has_failed: account.failed.count > 0,
    })
}

fn check(now: Timestamp, policy: &LoginPolicy, so_far: AttemptsSoFar, limit: u32) -> Result<(), Blocked> {
    let AttemptsSoFar { failed, under_way } = so_far;
    let remembered = match failed.last_at < remembered_since(now, policy) {
        true => 0,
        false => failed.count,
    };
    let count = remembered.saturating_add(under_way);
    if count < limit {
        return Ok(());
    }
    let doublings = (count - limit).min(30);
    let delay = Seconds(policy.first_delay.0 << doublings).min(policy.longest_delay);
    // Past the limit there is one attempt for each time the wait is over. Whoever is under way has taken it, and the
    // wait is the one after theirs.
    if under_way > 0 {
        return Err(Blocked(delay));
    }
    let elapsed = now.since(failed.last_at);
    if elapsed >= delay {
        Ok(())
    } else {
        Err(Blocked(Seconds(delay.0 - elapsed.0)))
    }
}

fn remembered_since(now: Timestamp, policy: &LoginPolicy) -> Timestamp {
    now.minus(policy.memory)
}

/// A login that succeeded.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// Who.
    pub user: UserId,
    /// How: `amr` values.
    pub authentication_methods: Vec<String>,
    /// The browser as it names itself.
    pub user_agent: &'a str,
    /// The session that the browser had before.
    pub previous: Option<EndingSession>,
}

/// Makes a session, or goes on with the one that this person had in this browser: then its clients stay logged in and know
/// it by the `sid` that they have heard. What the cookie holds is new each time, the session's id and `random.secret`, so
/// that one from before the login cannot be fixed upon the user. When somebody else logs in, the one before them is signed
/// out.
pub fn start_session(cx: &Cx<'_>, random: &Random, login: NewSession<'_>) -> (Session, Vec<Change>) {
    let (own, somebody_elses) = match login.previous {
        Some(previous) if previous.session.user == login.user => (Some(previous.session.id), None),
        previous => (None, previous),
    };
    let session = Session {
        id: own.unwrap_or_else(|| SessionId::new(cx.now, random.row)),
        secret: SecretHash::from_digest(digest::sha256(&random.secret)),
        user: login.user,
        auth_time: cx.now,
        authentication_methods: login.authentication_methods,
        user_agent: login.user_agent.chars().take(256).collect(),
        expires_at: cx.now.plus(cx.policy.session_lifetime),
    };
    let mut changes = vec![match own {
        Some(_) => Change::RenewSession(session.clone()),
        None => Change::CreateSession(session.clone()),
    }];
    let ending = somebody_elses.map(|previous| logout::end(cx.now, cx.policy, &previous));
    changes.extend(ending.into_iter().flatten());
    (session, changes)
}

/// Whether a cookie is this session's and the session is alive.
pub fn session_is_valid(now: Timestamp, session: &Session, secret: &[u8; 32]) -> bool {
    SecretHash::from_digest(digest::sha256(secret)) == session.secret && !session.expires_at.is_past(now)
}

#[cfg(test)]
mod tests;
