//! `[login]`: sessions and the protection against guessing.

use grantor_server::Settings;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, settings: &mut Settings) {
    let policy = &mut settings.policy;
    policy.session_lifetime = section.setting(
        "session_lifetime",
        policy.session_lifetime,
        "How long a login lasts in a browser.",
    );
    policy.interaction_lifetime = section.setting(
        "interaction_lifetime",
        policy.interaction_lifetime,
        "How long login and consent pages stay usable.",
    );
    let login = &mut policy.login;
    login.account_attempts = section.setting(
        "account_attempts",
        login.account_attempts,
        "Attempts on one account before it slows down.",
    );
    login.address_attempts = section.setting(
        "address_attempts",
        login.address_attempts,
        "Attempts from one address before it slows down.",
    );
    login.first_delay = section.setting("first_delay", login.first_delay, "The first delay; it doubles.");
    login.longest_delay = section.setting("longest_delay", login.longest_delay, "The longest delay.");
    let attempts = [
        ("account_attempts", login.account_attempts),
        ("address_attempts", login.address_attempts),
    ];
    for (key, value) in attempts {
        if value == 0 {
            section.problem(key, "has to be at least 1, or nobody can log in");
        }
    }
    let threads: Option<u32> = section.optional(
        "password_threads",
        "Threads that hash passwords; one for each processor when absent.",
    );
    if threads == Some(0) {
        section.problem("password_threads", "has to be at least 1, or nobody can log in");
    }
    if let Some(threads) = threads.and_then(|threads| usize::try_from(threads).ok()) {
        settings.password_threads = threads;
    }
}
