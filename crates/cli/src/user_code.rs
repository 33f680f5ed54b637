//! The code of a device, for somebody to scan or to type (RFC 8628 3.3).

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// Shows where to go and what to type, and the same to scan. It goes to standard error, so that standard output holds
/// what came of it alone.
pub(crate) fn show(verification_uri: &str, complete: Option<&str>, code: &str) {
    if let Some(qr) = complete.and_then(|uri| QrCode::with_error_correction_level(uri, EcLevel::L).ok()) {
        // Light on dark, as terminals mostly are; readers take both.
        let drawing = qr
            .render::<Dense1x2>()
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark)
            .build();
        eprintln!("{drawing}");
    }
    eprintln!("Open {verification_uri} and type the code");
    eprintln!();
    eprintln!("    {code}");
    eprintln!();
}
