//! What went wrong at a provider or in the vault, told by what to do next.

use grantor_client::{Error, InvalidAnswer, Misuse};
use grantor_vault::VaultError;

use super::command;
use crate::output::{CommandError, instant};

/// Nobody has signed in under this name.
pub(crate) fn no_login(name: &str) -> CommandError {
    let login = command("login", name);
    CommandError::login_needed(format!(
        "there is no login {name}: `{login} --issuer URL` makes one, `grantor vault list` shows those there are"
    ))
}

/// Why the vault gave no token of this login.
pub(crate) fn vault_error(name: &str, error: &VaultError) -> CommandError {
    let again = format!("run `{}`", command("login", name));
    match error {
        VaultError::Name(error) => CommandError::usage(format!("a login cannot be called that: {error}")),
        VaultError::NotFound => no_login(name),
        VaultError::Expired => CommandError::login_needed(format!(
            "the access token of {name} has expired, and there is nothing to renew it with: {again}"
        )),
        VaultError::ReauthorizationRequired(reason) => CommandError::login_needed(format!(
            "the login {name} is over: {reason}. To sign in again, {again}"
        )),
        VaultError::OutcomeUnknown(reason) => CommandError::login_needed(format!(
            "nobody knows whether the provider renewed the login {name} ({reason}). To sign in again, {again}. \
             `{} --retry` sends the old refresh token once more, which some providers take for theft",
            command("token", name)
        )),
        VaultError::NotRenewed { reason, retry_at } => CommandError::later(format!(
            "the access token of {name} has expired and could not be renewed: {reason}. It can be tried again at {}",
            instant(*retry_at)
        )),
        VaultError::NotAuthentic | VaultError::UnknownKey(_) | VaultError::OtherRelease => {
            CommandError::new(format!(
                "the record of {name} does not open: {error}. `{} --force` deletes it; then {again}",
                command("logout", name)
            ))
        }
        VaultError::TooLarge
        | VaultError::WrongMasterKey
        | VaultError::OtherKindOfKey(_)
        | VaultError::Sealing
        | VaultError::Storage(_)
        | VaultError::Interrupted
        | VaultError::Settings(_)
        | _ => CommandError::caused_by("the vault", error),
    }
}

/// Why the provider gave nothing.
pub(crate) fn client_error(context: &str, error: &Error) -> CommandError {
    let told = |what: String| format!("{context}: {what}");
    match error {
        Error::NotApplied(not_applied) => {
            let wait = not_applied.retry_after.map_or_else(String::new, |wait| {
                format!(" The provider wants to be left alone for {} seconds.", wait.0)
            });
            let trouble = &not_applied.trouble;
            CommandError::later(told(format!(
                "{trouble}. Nothing was changed, so that it can be tried again.{wait}"
            )))
        }
        Error::UserRequired(refusal) => CommandError::login_needed(told(refusal.to_string())),
        Error::Refused(refusal) => CommandError::new(told(format!("the provider refused: {refusal}"))),
        Error::OutcomeUnknown(lost) => {
            CommandError::new(told(format!("the answer was lost ({}). Begin anew", lost.trouble)))
        }
        Error::InvalidAnswer(InvalidAnswer::NoMetadata) => CommandError::usage(told(
            "there is no provider at this address, as it has no metadata: see --issuer".to_owned(),
        )),
        Error::InvalidAnswer(InvalidAnswer::Issuer { .. }) => CommandError::usage(told(
            "the provider calls itself otherwise: give --issuer exactly as its metadata have it".to_owned(),
        )),
        Error::InvalidAnswer(answer) => CommandError::new(told(format!(
            "the answer of the provider breaks the protocol, and nothing of it is used: {answer}"
        ))),
        Error::Misuse(misuse @ (Misuse::Setting { .. } | Misuse::NoEndpoint(_))) => {
            CommandError::usage(told(misuse.to_string()))
        }
        Error::Misuse(misuse) => CommandError::new(told(misuse.to_string())),
        Error::TimedOut => CommandError::new(told(
            "nobody came back from the browser in time. Run it again; --device signs in with a browser elsewhere, \
             --timeout waits longer"
                .to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use grantor_types::Timestamp;
    use grantor_vault::Reason;

    #[test]
    fn the_exit_code_says_what_to_do() {
        let reason = || Reason::new("why");
        let cases = [
            (VaultError::NotFound, 3, "grantor login work"),
            (VaultError::Expired, 3, "grantor login work"),
            (VaultError::ReauthorizationRequired(reason()), 3, "why"),
            (
                VaultError::OutcomeUnknown(reason()),
                3,
                "grantor token work --retry",
            ),
            (
                VaultError::NotRenewed {
                    reason: reason(),
                    retry_at: Timestamp::from_seconds(0),
                },
                4,
                "1970-01-01T00:00:00Z",
            ),
            (VaultError::NotAuthentic, 1, "grantor logout work --force"),
            (VaultError::Interrupted, 1, "interrupted"),
        ];
        for (error, code, says) in cases {
            let told = vault_error("work", &error);
            assert_eq!(told.exit_code(), code, "{told}");
            assert!(told.to_string().contains(says), "{told}");
        }
        assert_eq!(client_error("x", &Error::TimedOut).exit_code(), 1);
        let metadata = Error::InvalidAnswer(InvalidAnswer::NoMetadata);
        assert_eq!(client_error("x", &metadata).exit_code(), 2);
    }
}
