//! No secret stands in a log, however fine, nor in what is printed by `Debug`: all of what a program does with the library, with
//! secrets that can be told, over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod everything;
mod printed;
#[allow(dead_code, reason = "this provider does not misbehave")]
#[path = "../hostile/provider.rs"]
mod provider;

use everything::{SECRET, Told, everything};
use printed::{PRINTED, WITHOUT_SECRETS, public_names};

#[tokio::test]
async fn neither_logs_nor_debug_tell_a_secret() {
    let log = printed::log_everything();
    let Told { printed, secrets } = everything().await;
    let logged = log.text();
    // What hears everything hears the HTTP client.
    for part in ["TRACE", "hyper", "reqwest"] {
        assert!(logged.contains(part), "{part} is not in the log");
    }
    for (name, text) in &printed {
        assert!(
            !text.contains(SECRET),
            "a secret is in what {name} prints: {text}"
        );
    }
    for secret in &secrets {
        assert!(secret.len() >= 16, "{secret}");
        if let Some(at) = logged.find(&**secret) {
            let around = &logged[at.saturating_sub(300)..(at + 100).min(logged.len())];
            panic!("{secret} is in the log: …{around}…");
        }
        for (name, text) in &printed {
            assert!(
                !text.contains(&**secret),
                "{secret} is in what {name} prints: {text}"
            );
        }
    }
    assert!(!logged.contains(SECRET));
    // Whoever adds a type says here whether it holds a secret.
    let mut known: Vec<_> = PRINTED.iter().chain(WITHOUT_SECRETS).copied().collect();
    known.sort_unstable();
    assert_eq!(public_names(), known);
    for name in PRINTED {
        assert!(
            printed.iter().any(|(printed, _)| printed == name),
            "{name} was not printed"
        );
    }
}
