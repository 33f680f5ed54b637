//! Text from outside, made fit to stand inside a sentence of ours.

/// Long enough for any honest name; a longer one would push our own words off the screen.
const LONGEST_NAME: usize = 120;

/// A name as it may be shown: one line of sensible length, see [`shown_line`]. A name of nothing visible is `?`.
///
/// A client chooses its own name, and one of a thousand characters would hide the buttons.
#[must_use]
pub(crate) fn shown_name(text: &str) -> String {
    let mut name = shown_line(text);
    if name.is_empty() {
        return "?".to_owned();
    }
    if let Some((end, _)) = name.char_indices().nth(LONGEST_NAME) {
        name.truncate(end);
        name.push('…');
    }
    name
}

/// Text as it may be shown: one line, no control characters, nothing that turns the writing direction around. With
/// `U+202E` in its name an app could print the rest of our sentence backwards; escaping does not help against that.
///
/// It is never cut: the part of a host that says whose it is stands at its end.
#[must_use]
pub(crate) fn shown_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .filter(|character| !character.is_control() && !is_invisible(*character))
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Bidirectional controls, zero-width characters and the byte order mark.
const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The letter that stands in for a missing picture.
#[must_use]
pub(crate) fn monogram(name: &str) -> String {
    name.chars()
        .find(|character| character.is_alphanumeric())
        .map_or_else(|| "?".to_owned(), |character| character.to_uppercase().collect())
}

/// Which of the stylesheet's tints a name gets: always the same one for the same name.
#[must_use]
pub(crate) fn tint(name: &str) -> u64 {
    crate::asset::fingerprint(name.as_bytes()) % 6
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_NAME, monogram, shown_line, shown_name};

    #[test]
    fn names_cannot_bend_the_sentence_around_them() {
        assert_eq!(shown_name("  Acme\n\tPhotos "), "Acme Photos");
        assert_eq!(shown_name("moc\u{202e}.evil\u{200b}"), "moc.evil");
        assert_eq!(shown_name("a\0b\u{1b}[31m"), "ab[31m");
        assert_eq!(shown_name(&"é".repeat(500)).chars().count(), LONGEST_NAME + 1);
        assert_eq!(shown_name(" \u{200b} "), "?");
    }

    #[test]
    fn the_end_of_a_host_is_always_there() {
        let host = format!("bank.example{}.evil.example", ".x".repeat(100));
        assert_eq!(shown_line(&host), host);
    }

    #[test]
    fn monograms_are_letters() {
        assert_eq!(monogram("acme"), "A");
        assert_eq!(monogram("«été»"), "É");
        assert_eq!(monogram("—"), "?");
    }
}
