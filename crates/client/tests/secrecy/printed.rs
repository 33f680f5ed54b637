//! What is printed and logged.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::filter::LevelFilter;

/// The public types that hold secrets, or things that do.
pub(crate) const PRINTED: &[&str] = &[
    "ActiveToken",
    "Authorization",
    "AuthorizationRequest",
    "BackchannelAuthentication",
    "BackchannelAuthenticationRequest",
    "Client",
    "ClientAuthentication",
    "ClientBuilder",
    "Decryption",
    "DecryptionKey",
    "DeviceAuthorization",
    "DeviceAuthorizationRequest",
    "IdToken",
    "PendingAuthorization",
    "Polled",
    "RegisteredClient",
    "Request",
    "Response",
    "Secret",
    "SecretBytes",
    "SigningKey",
    "TokenRequest",
    "Tokens",
    "UserHint",
    "UserInfo",
    "ValidatedCallback",
];

/// Those that hold none.
pub(crate) const WITHOUT_SECRETS: &[&str] = &[
    "Challenge",
    "ClaimsRequest",
    "ContentEncryptionAlgorithm",
    "Deviations",
    "Endpoint",
    "Error",
    "Fetch",
    "FetchError",
    "IdTokenClaims",
    "IdTokenError",
    "IdTokenExpectation",
    "IdTokenIssuer",
    "InvalidAnswer",
    "KeyManagementAlgorithm",
    "KeySet",
    "Limits",
    "LoopbackReceiver",
    "MacAlgorithm",
    "MemberName",
    "Misuse",
    "NotApplied",
    "OutcomeUnknown",
    "Polling",
    "Preset",
    "Prompt",
    "ProviderMetadata",
    "Refusal",
    "ResponseMode",
    "Scope",
    "Seconds",
    "SigningAlgorithm",
    "StepUp",
    "Timestamp",
    "TokenHint",
    "TokenType",
    "TokenTypeUri",
    "Trouble",
    "Type",
];

/// The types that the library exports without further features, as its `lib.rs` lists them.
pub(crate) fn public_names() -> Vec<&'static str> {
    let lines = include_str!("../../src/lib.rs");
    let mut names: Vec<_> = lines
        .split("pub use ")
        .zip(lines.split("pub use ").skip(1))
        .filter(|(before, _)| !before.trim_end().ends_with(']'))
        .filter_map(|(_, after)| after.split(';').next()?.split_once("::"))
        .flat_map(|(_, names)| names.split(['{', '}', ',']))
        .map(str::trim)
        .filter(|name| name.starts_with(char::is_uppercase))
        .collect();
    names.sort_unstable();
    names
}

/// Everything that was logged.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Takes down what anything in this process logs, by whatever crate.
pub(crate) fn log_everything() -> Log {
    let log = Log::default();
    let written = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || written.clone())
        .init();
    log
}
