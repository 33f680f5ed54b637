//! The code of a device, for somebody to scan or to type (RFC 8628 3.3).

use grantor_client::terminal;

/// Shows where to go and what to type, and the same to scan. It goes to standard error, so that standard output holds
/// what came of it alone.
pub(crate) fn show(verification_uri: &str, complete: Option<&str>, code: &str) {
    if let Some(drawing) = complete.and_then(terminal::qr_code) {
        eprintln!("{drawing}");
    }
    eprintln!("Open {verification_uri} and type the code");
    eprintln!();
    eprintln!("    {code}");
    eprintln!();
}
