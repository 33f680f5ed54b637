//! `ETag` and `If-Match` ([RFC 9110 8.8.3 and 13.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1)).

use grantor_jose::digest;
use grantor_protocol::Cause;
use grantor_protocol::record::Revision;
use grantor_types::Timestamp;
use serde::Serialize;

use super::refusal::Refusal;

/// The entity tag of a record that counts its revisions. When it was made is in it too: one that was deleted and made
/// again is another one.
pub(super) fn of_revision(revision: Revision, created_at: Timestamp) -> String {
    format!("\"{}.{}\"", revision.0, created_at.as_milliseconds())
}

/// The entity tag of a record that does not: a digest of what it says.
pub(super) fn of_content(record: &impl Serialize) -> String {
    let text = serde_json::to_vec(record).unwrap_or_default();
    let digest = digest::sha256(&text);
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// Checks the condition of a request. "An origin server MUST use the strong comparison function when comparing entity tags
/// for If-Match" (RFC 9110 13.1.1), so a weak one matches nothing.
///
/// # Errors
/// `precondition_failed` when none of the tags is the current one.
pub(super) fn check(if_match: Option<&str>, current: &str) -> Result<(), Refusal> {
    let Some(wanted) = if_match else { return Ok(()) };
    let matches = |tag: &str| tag == "*" || tag == current;
    if wanted.split(',').map(str::trim).any(matches) {
        Ok(())
    } else {
        Err(Cause::ChangedMeanwhile.into())
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn tags_are_compared_strongly() {
        for (wanted, holds) in [
            (None, true),
            (Some("*"), true),
            (Some("\"1\""), true),
            (Some("\"0\", \"1\""), true),
            (Some("W/\"1\""), false),
            (Some("1"), false),
            (Some(""), false),
            (Some("\"2\""), false),
        ] {
            assert_eq!(check(wanted, "\"1\"").is_ok(), holds, "{wanted:?}");
        }
    }
}
