//! Protection against guessing passwords (RFC 6749 10.10 asks for it; NIST SP 800-63B 5.2.2 says how).
//!
//! An attempt is counted before the password is looked at, under a guard, so that many attempts at once cannot slip
//! through together. Past a threshold each attempt has to wait, and the wait doubles. A success forgets the account's
//! attempts and takes back the address's.

use std::net::IpAddr;

use grantor_jose::digest;
use grantor_types::{Seconds, SecretHash, SessionId, Timestamp, UserId};

use crate::logout::{EndingSession, end_session, join};
use crate::record::{AttemptKey, LoginAttempts, Session};
use crate::{AttemptGuard, Change, Cx, LoginPolicy, Random};

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

    /// Takes an attempt back that was no guess. Other attempts stay: whoever has a code of their own must not wipe out
    /// their guesses with it.
    pub fn refund(self) -> Vec<Change> {
        vec![
            Change::RefundLoginAttempt(self.account),
            Change::RefundLoginAttempt(self.address),
        ]
    }
}

fn network(address: IpAddr) -> String {
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

/// Admits one attempt: the changes count it and have to be committed before the password is looked at.
///
/// # Errors
/// [`Blocked`] with the time to wait.
pub fn admit(
    cx: &Cx<'_>,
    keys: AttemptKeys,
    account: LoginAttempts,
    address: LoginAttempts,
) -> Result<Vec<Change>, Blocked> {
    let policy = &cx.policy.login;
    let account_guard = guard(cx.now, policy, account, policy.account_attempts)?;
    let address_guard = guard(cx.now, policy, address, policy.address_attempts)?;
    let mut changes = Vec::with_capacity(4);
    for (key, attempts, guard) in [
        (keys.account, account, account_guard),
        (keys.address, address, address_guard),
    ] {
        if attempts.count > 0 && cx.now.since(attempts.last_at) > policy.memory {
            changes.push(Change::ForgetLoginAttempts(key));
        }
        changes.push(Change::CountLoginAttempt {
            key,
            at: cx.now,
            guard,
        });
    }
    Ok(changes)
}

fn guard(
    now: Timestamp,
    policy: &LoginPolicy,
    seen: LoginAttempts,
    limit: u32,
) -> Result<AttemptGuard, Blocked> {
    let elapsed = now.since(seen.last_at);
    if seen.count < limit || elapsed > policy.memory {
        return Ok(AttemptGuard::Below(limit));
    }
    let doublings = (seen.count - limit).min(30);
    let delay = Seconds(policy.first_delay.0 << doublings).min(policy.longest_delay);
    if elapsed >= delay {
        Ok(AttemptGuard::Exactly(seen.count))
    } else {
        Err(Blocked(Seconds(delay.0 - elapsed.0)))
    }
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
    /// The session that the browser had before; it ends.
    pub previous: Option<EndingSession>,
    /// The attempts to take back.
    pub attempts: AttemptKeys,
}

/// Makes a session with a new id: "the session id is renewed at login", so that one from before the login cannot be
/// fixed upon the user. The cookie carries the id and `random.secret`.
pub fn start_session(cx: &Cx<'_>, random: &Random, login: NewSession<'_>) -> (Session, Vec<Change>) {
    let session = Session {
        id: SessionId::new(cx.now, random.row),
        secret: SecretHash::from_digest(digest::sha256(&random.secret)),
        user: login.user,
        auth_time: cx.now,
        authentication_methods: login.authentication_methods,
        user_agent: login.user_agent.chars().take(256).collect(),
        expires_at: cx.now.plus(cx.policy.session_lifetime),
    };
    let mut changes = vec![
        Change::ForgetLoginAttempts(login.attempts.account),
        Change::RefundLoginAttempt(login.attempts.address),
        Change::CreateSession(session.clone()),
    ];
    if let Some(previous) = &login.previous {
        changes.extend(replace(cx, previous, &session));
    }
    (session, changes)
}

/// Ends the session that the browser had before. Whoever logs in again stays logged in: the applications of the session
/// before belong to the new one. When somebody else logs in, the one before them is signed out.
fn replace(cx: &Cx<'_>, previous: &EndingSession, new: &Session) -> Vec<Change> {
    if previous.session.user != new.user {
        return end_session(cx, previous);
    }
    let mut changes = vec![Change::EndSession(previous.session.id)];
    changes.extend(previous.clients.iter().filter_map(|client| join(new, client)));
    changes
}

/// Whether a cookie is this session's and the session is alive.
pub fn session_is_valid(now: Timestamp, session: &Session, secret: &[u8; 32]) -> bool {
    SecretHash::from_digest(digest::sha256(secret)) == session.secret && !session.expires_at.is_past(now)
}

#[cfg(test)]
mod tests;
