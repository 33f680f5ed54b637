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
    let threads = u32::try_from(settings.password_threads).unwrap_or(1);
    let threads = section.setting("password_threads", threads, "Threads that hash passwords.");
    settings.password_threads = usize::try_from(threads).unwrap_or(1);
}
