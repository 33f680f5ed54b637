//! `[limits]`: bounds of what is read and held.

use grantor_server::Limits;

use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, limits: &mut Limits) {
    let number = |section: &mut Section<'_>, key: &str, default: usize, documentation: &'static str| {
        let value = section.setting(key, u32::try_from(default).unwrap_or(u32::MAX), documentation);
        if value == 0 {
            section.problem(key, "has to be at least 1");
        }
        usize::try_from(value).unwrap_or(default)
    };
    limits.body = number(section, "body", limits.body, "Largest body, in bytes.");
    limits.connections = number(
        section,
        "connections",
        limits.connections,
        "Most connections at once.",
    );
    limits.head_timeout = section.setting(
        "head_timeout",
        limits.head_timeout,
        "Longest time for the head of a request to arrive.",
    );
    limits.drain_timeout = section.setting(
        "drain_timeout",
        limits.drain_timeout,
        "Longest time that a shutdown waits for requests under way.",
    );
    limits.cached = number(
        section,
        "cached",
        limits.cached,
        "Clients, and users, kept in memory.",
    );
}
