//! The languages the pages speak, and the choice among them.

/// A language the pages are complete in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English, the language of last resort.
    #[default]
    English,
    /// German, in the formal address.
    German,
    /// French, in the formal address.
    French,
}

impl Locale {
    /// Every locale, the default first.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::French];

    /// The BCP 47 tag, as it stands in the `lang` attribute and in the name of the message file.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
        }
    }

    /// The writing direction, as it stands in the `dir` attribute.
    #[must_use]
    pub const fn direction(self) -> &'static str {
        match self {
            Self::English | Self::German | Self::French => "ltr",
        }
    }

    /// Chooses the language of a page.
    ///
    /// `ui_locales` is the parameter of OpenID Connect Core 1.0, section 3.1.2.1: tags separated by spaces, best first.
    /// It is the app's explicit wish and goes before `accept_language`, the browser's header (RFC 9110, section 12.5.4).
    /// Tags match by their language, so `fr-CA` gets French; what is unknown or malformed is passed over, since
    /// "an error SHOULD NOT result if some or all of the requested locales are not supported".
    #[must_use]
    pub fn negotiate(ui_locales: Option<&str>, accept_language: Option<&str>) -> Self {
        ui_locales
            .and_then(|list| list.split_ascii_whitespace().find_map(Self::from_tag))
            .or_else(|| accept_language.and_then(Self::from_accept_language))
            .unwrap_or_default()
    }

    /// The locale for one language tag, by its primary subtag.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|locale| locale.tag().eq_ignore_ascii_case(language))
    }

    fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for range in header.split(',') {
            let (tag, quality) = range.split_once(';').unwrap_or((range, "q=1"));
            let Some(locale) = Self::from_tag(tag.trim()) else {
                continue;
            };
            let Some(quality) = thousandths(quality) else {
                continue;
            };
            // Ranges of equal weight keep the order in which the browser wrote them.
            if quality > 0 && best.is_none_or(|(best_quality, _)| quality > best_quality) {
                best = Some((quality, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

/// Reads `q=0.8` as 800.
fn thousandths(weight: &str) -> Option<u16> {
    let (name, value) = weight.trim().split_once('=')?;
    let value: f32 = value.trim().parse().ok()?;
    let valid = name.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&value);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie between 0 and 1 on the line above"
    )]
    valid.then_some((value * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn the_apps_wish_goes_before_the_browsers() {
        assert_eq!(Locale::negotiate(Some("fr-CA fr en"), Some("de")), Locale::French);
        assert_eq!(
            Locale::negotiate(Some("xx tlh DE-at"), Some("fr")),
            Locale::German
        );
        assert_eq!(Locale::negotiate(Some("xx"), Some("fr")), Locale::French);
        assert_eq!(Locale::negotiate(Some(""), None), Locale::English);
    }

    #[test]
    fn the_browsers_weights_count() {
        let by_browser = |header| Locale::negotiate(None, Some(header));
        assert_eq!(by_browser("en;q=0.3, de;q=0.9, fr;q=0.5"), Locale::German);
        assert_eq!(
            by_browser("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5"),
            Locale::French
        );
        assert_eq!(by_browser("de;q=0, fr;q=0.1"), Locale::French);
        assert_eq!(by_browser("it, de ; q=0.5"), Locale::German);
    }

    #[test]
    fn nonsense_is_english() {
        for header in [
            "",
            ",,,;;;",
            "*",
            "de;q=7",
            "de;q=NaN",
            "de;level=1",
            "\u{202e}",
            "-",
            "de;q=",
        ] {
            assert_eq!(
                Locale::negotiate(None, Some(header)),
                Locale::English,
                "{header:?}"
            );
        }
    }
}
