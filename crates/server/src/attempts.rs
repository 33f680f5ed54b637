//! Attempts at what can be guessed, a password or the code of a device: admitted, made, and counted if they failed.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use grantor_protocol::login::{Admitted, AttemptKeys, AttemptsSoFar, Blocked, admit};
use grantor_protocol::record::{AttemptKey, LoginAttempts};

use crate::app::{App, Failure};

/// What came of an attempt.
#[derive(Debug)]
pub(crate) enum Attempt<R, W> {
    /// It was no guess. Nothing was counted.
    Right(R, Admitted),
    /// It failed, and is counted for good.
    Wrong(W),
    /// It was not made: there were too many before it.
    Blocked(Blocked),
}

/// Makes an attempt: `check` looks at the secret, once the attempt is admitted. One that ends without a verdict, because
/// something failed underneath or too many wait, has told nobody anything and is not counted.
///
/// It is made in a task of its own, which ends in its own time: somebody who hangs up while the password is hashed has
/// had the attempt all the same, and it is counted. The queue of passwords bounds how many such tasks wait.
///
/// # Errors
/// Those of `check`, and that of a store that cannot count. Then nobody hears that the attempt was wrong.
pub(crate) async fn attempt<R, W>(
    app: &Arc<App>,
    keys: AttemptKeys,
    check: impl Future<Output = Result<Result<R, W>, Failure>> + Send + 'static,
) -> Result<Attempt<R, W>, Failure>
where
    R: Send + 'static,
    W: Send + 'static,
{
    let app = Arc::clone(app);
    let made = tokio::spawn(async move { make(&app, keys, check).await });
    made.await
        .map_err(|error| Failure::internal("an attempt", error))?
}

async fn make<R, W>(
    app: &App,
    keys: AttemptKeys,
    check: impl Future<Output = Result<Result<R, W>, Failure>>,
) -> Result<Attempt<R, W>, Failure> {
    // Announced before the count is read, and until the failure is in it: no two can both miss each other.
    let under_way = app.attempts.announce(keys);
    let catalogue = app.store.catalogue();
    let stored = app
        .store
        .store()
        .login_attempts(&[keys.account, keys.address])
        .await?;
    let [account, address] = stored.as_slice() else {
        return Err(Failure::internal(
            "login attempts",
            "the store answered with another number",
        ));
    };
    let so_far = |failed: &LoginAttempts, under_way| AttemptsSoFar {
        failed: *failed,
        under_way,
    };
    let account = so_far(account, under_way.others.account);
    let address = so_far(address, under_way.others.address);
    let admitted = match admit(&app.cx(&catalogue), keys, account, address) {
        Ok(admitted) => admitted,
        Err(blocked) => return Ok(Attempt::Blocked(blocked)),
    };
    match check.await? {
        Ok(right) => Ok(Attempt::Right(right, admitted)),
        Err(wrong) => {
            let cx = app.cx(&catalogue);
            app.store.commit(admitted.failed(&cx), cx.now).await?;
            Ok(Attempt::Wrong(wrong))
        }
    }
}

/// How many attempts are under way under each key, in the memory of this process alone. What is stored is shared by all,
/// but each of N processes on one database lets through what the stored count leaves without knowing of the others: at
/// most N times the limit at one moment, or N where there is room for one. All of them are counted.
#[derive(Debug, Default)]
pub(crate) struct AttemptsUnderWay {
    /// A key is here while somebody is under way with it.
    numbers: Mutex<HashMap<AttemptKey, u32>>,
}

impl AttemptsUnderWay {
    /// Counts an attempt as under way for as long as the answer is kept.
    fn announce(&self, keys: AttemptKeys) -> UnderWay<'_> {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut announce = |key| {
            let number: &mut u32 = numbers.entry(key).or_default();
            let others = *number;
            *number = others.saturating_add(1);
            others
        };
        let others = Others {
            account: announce(keys.account),
            address: announce(keys.address),
        };
        UnderWay {
            attempts: self,
            keys,
            others,
        }
    }

    fn end(&self, keys: AttemptKeys) {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        for key in [keys.account, keys.address] {
            match numbers.get_mut(&key) {
                Some(number) if *number > 1 => *number -= 1,
                Some(_) | None => drop(numbers.remove(&key)),
            }
        }
    }
}

/// An attempt that is under way until this is dropped.
#[derive(Debug)]
struct UnderWay<'a> {
    attempts: &'a AttemptsUnderWay,
    keys: AttemptKeys,
    others: Others,
}

/// How many others were under way when an attempt began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Others {
    account: u32,
    address: u32,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.attempts.end(self.keys);
    }
}

#[cfg(test)]
mod tests {
    use super::{AttemptsUnderWay, Others};
    use grantor_protocol::login::AttemptKeys;
    use std::net::Ipv4Addr;

    fn keys(username: &str) -> AttemptKeys {
        AttemptKeys::of(username, Ipv4Addr::LOCALHOST.into())
    }

    #[test]
    fn each_is_under_way_until_it_is_dropped_and_leaves_nothing() {
        let attempts = AttemptsUnderWay::default();
        let others = |account, address| Others { account, address };
        let first = attempts.announce(keys("alice"));
        let second = attempts.announce(keys("alice"));
        let third = attempts.announce(keys("bob"));
        assert_eq!(first.others, others(0, 0));
        assert_eq!(second.others, others(1, 1));
        assert_eq!(third.others, others(0, 2));
        drop(first);
        assert_eq!(attempts.announce(keys("alice")).others, others(1, 2));
        drop((second, third));
        assert!(attempts.numbers.lock().unwrap().is_empty());
        assert_eq!(attempts.announce(keys("bob")).others, others(0, 0));
    }
}
