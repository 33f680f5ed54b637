//! Users.

use super::Invalid;

/// Longest login name, in bytes; the login page takes no longer one.
pub const MAX_USERNAME_LENGTH: usize = 255;
/// Fewest characters ("a minimum of eight characters in length", NIST SP 800-63B 3.1.1.2).
pub const MIN_PASSWORD_LENGTH: usize = 8;

/// Checks a login name as it can be typed.
///
/// # Errors
/// When it is empty, too long, or begins or ends with white space, which the login page takes away.
pub fn username(text: &str) -> Result<(), Invalid> {
    if text.is_empty()
        || text.len() > MAX_USERNAME_LENGTH
        || text.trim() != text
        || text.contains(|character: char| character.is_control() || is_invisible(character))
    {
        let problem = format!(
            "has to be 1 to {MAX_USERNAME_LENGTH} bytes without control characters, characters that nobody sees, or white space around them"
        );
        return Err(Invalid::new("username", problem));
    }
    Ok(())
}

/// What turns the writing direction around or takes no room: with it two names look the same that are not.
const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Checks a new password that somebody chose.
///
/// # Errors
/// When it is too short.
pub fn password(text: &str) -> Result<(), Invalid> {
    if text.chars().count() < MIN_PASSWORD_LENGTH {
        let problem = format!("a password has {MIN_PASSWORD_LENGTH} or more characters");
        return Err(Invalid::new("password", problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{password, username};

    #[test]
    fn login_names_and_passwords() {
        for good in ["a", "ada lovelace", "ada@example.com", "Ünal"] {
            assert!(username(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            " ada",
            "ada\t",
            "a\u{0}b",
            "a\nb",
            "ada\u{200b}",
            "\u{202e}ada",
            &"x".repeat(256),
        ] {
            assert!(username(bad).is_err(), "{bad:?}");
        }
        assert!(password("12345678").is_ok() && password("1234567").is_err());
    }
}
