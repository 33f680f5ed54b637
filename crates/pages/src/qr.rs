//! QR codes, drawn as SVG inside the page: the policy allows no picture made up on the way.

use std::fmt::Write as _;

use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};

/// The light frame that readers need around a code, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// A QR code to be drawn.
pub(crate) struct QrDrawing {
    /// The width and height, frame included, in modules.
    pub(crate) size: usize,
    /// The dark modules as the `d` of a path.
    pub(crate) path: String,
}

impl QrDrawing {
    /// The code of a text; `None` when it is too long for one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (index, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let (x, y) = (index % width + QUIET, index / width + QUIET);
                // Writing to a string cannot fail.
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
        Some(Self {
            size: width + 2 * QUIET,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::QrDrawing;

    #[test]
    fn a_code_has_its_corners_and_its_frame() {
        let drawing = QrDrawing::of("https://id.example/device?user_code=BCDF-GHJK").unwrap();
        assert_eq!(drawing.size, 33 + 8);
        // The finder patterns begin at the corners inside the frame; the separators beside them are light.
        for dark in ["M4 4h", "M10 4h", "M4 10h", "M36 4h", "M4 36h"] {
            assert!(drawing.path.contains(dark), "{dark}");
        }
        for light in ["M11 4h", "M5 5h", "M3 4h", "M37 4h", "M29 4h"] {
            assert!(!drawing.path.contains(light), "{light}");
        }
        assert!(QrDrawing::of(&"x".repeat(5_000)).is_none());
    }
}
