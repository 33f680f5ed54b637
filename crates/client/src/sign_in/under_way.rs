//! Logins that are under way: between the browser's going and its coming back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use grantor_jose::SealingKeys;
use grantor_jose::digest::sha256_text;
use grantor_types::{Parameters, Seconds, Secret, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Error, PendingAuthorization};

/// How long somebody may take to log in.
pub(super) const LIFETIME: Seconds = Seconds(600);
/// What the names of their cookies begin with. Each has its own, so that two tabs do not disturb each other.
pub(super) const COOKIE: &str = "login-";
/// Most logins under way in one browser. With one more, all before it are given up.
pub(super) const MAX_IN_A_BROWSER: usize = 5;
/// Most callbacks that are remembered.
const MAX_USED: usize = 10_000;
const PURPOSE: &str = "login under way";

/// A login that is under way.
#[derive(Serialize, Deserialize)]
pub(super) struct UnderWay {
    pending: String,
    /// Where the browser goes in the end.
    pub(super) return_to: String,
    ends_at: Timestamp,
}

impl UnderWay {
    pub(super) fn new(pending: &PendingAuthorization, return_to: String, now: Timestamp) -> Self {
        Self {
            pending: pending.export().expose().to_owned(),
            return_to,
            ends_at: now.plus(LIFETIME),
        }
    }

    pub(super) fn seal(&self, keys: &SealingKeys) -> Result<String, Error> {
        // A struct of texts and a number always becomes JSON.
        let plain = serde_json::to_vec(self).unwrap_or_default();
        keys.seal(PURPOSE, &plain)
            .map_err(|error| Error::setting("the cookie", error))
    }

    /// `None` when it was not sealed here, or is over.
    pub(super) fn open(keys: &SealingKeys, sealed: &str, now: Timestamp) -> Option<Self> {
        let plain = keys.open(PURPOSE, sealed).ok()?;
        let this: Self = serde_json::from_slice(plain.expose()).ok()?;
        (!this.ends_at.is_past(now)).then_some(this)
    }

    pub(super) fn pending(&self) -> Result<PendingAuthorization, Error> {
        PendingAuthorization::import(&Secret::new(&self.pending))
    }
}

/// The name of the cookie of the login with this state.
pub(super) fn cookie_of_state(state: &str) -> String {
    let hash = sha256_text(state);
    format!("{COOKIE}{}", hash.get(..16).unwrap_or(&hash))
}

/// The state that a callback names, if it can be read at all.
pub(super) fn state_in(query: &str) -> Option<String> {
    let parameters = Parameters::parse(query.as_bytes()).ok()?;
    parameters.value("state").map(str::to_owned)
}

/// The callbacks that have been used. A browser that loses its cookie cannot repeat one anyway; this is for one that keeps it.
#[derive(Default)]
pub(super) struct Used(Mutex<HashMap<String, Timestamp>>);

impl Used {
    /// Marks the login with this state as used. False when it was already.
    pub(super) fn mark(&self, state: &str, now: Timestamp) -> bool {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MAX_USED {
            used.retain(|_, ends_at| !ends_at.is_past(now));
        }
        if used.len() >= MAX_USED {
            // What is forgotten is still good for one code only, which the provider sees to.
            used.clear();
        }
        used.insert(sha256_text(state), now.plus(LIFETIME)).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use grantor_jose::SealingKey;
    use grantor_types::SecretBytes;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn keys(byte: u8) -> SealingKeys {
        let key = SealingKey::from_bytes(1, &SecretBytes::new([byte; 32])).unwrap();
        SealingKeys::new(key, Vec::new())
    }

    #[test]
    fn a_login_is_sealed_and_ends() {
        let pending = fixture::pending("https://app.example/callback", false);
        let login = UnderWay::new(&pending, "/orders".to_owned(), NOW);
        let sealed = login.seal(&keys(1)).unwrap();
        assert!(
            !sealed.contains("state") && sealed.len() < 2_000,
            "{}",
            sealed.len()
        );
        let open = |keys: &SealingKeys, sealed: &str, seconds| {
            UnderWay::open(keys, sealed, NOW.plus(Seconds(seconds))).map(|login| login.return_to)
        };
        assert_eq!(open(&keys(1), &sealed, 599).as_deref(), Some("/orders"));
        assert_eq!(open(&keys(1), &sealed, 601), None);
        assert_eq!(open(&keys(2), &sealed, 0), None);
        assert_eq!(open(&keys(1), &sealed[1..], 0), None);
        assert_eq!(open(&keys(1), "", 0), None);
        let opened = UnderWay::open(&keys(1), &sealed, NOW).unwrap();
        assert!(
            opened
                .pending()
                .unwrap()
                .validate("state=the+state&code=c")
                .is_ok()
        );
    }

    #[test]
    fn a_callback_is_used_once() {
        let used = Used::default();
        assert!(used.mark("a", NOW) && used.mark("b", NOW));
        assert!(!used.mark("a", NOW));
        for state in 0..MAX_USED {
            used.mark(&state.to_string(), NOW);
        }
        assert!(used.0.lock().unwrap().len() <= MAX_USED);
    }

    #[test]
    fn states_and_their_cookies() {
        assert_eq!(state_in("code=c&state=a%20b"), Some("a b".to_owned()));
        assert_eq!(state_in("code=c"), None);
        assert_eq!(state_in("state=a&state=b"), None);
        let name = cookie_of_state("a b; c");
        assert_eq!(name.len(), COOKIE.len() + 16);
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        );
        assert_ne!(name, cookie_of_state("a b; d"));
    }
}
