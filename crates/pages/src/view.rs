//! What every template may ask for: words, dates, and the addresses of the assets.

use fluent_bundle::FluentArgs;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::asset::Assets;
use crate::link::web_link;
use crate::text::{monogram, shown_name, tint};
use crate::theme::FooterLink;
use crate::{Locale, Theme};

/// Stands for the value while a message is put together: a private-use character that no message of a person has; see
/// [`View::around`].
const PLACEHOLDER: &str = "\u{e000}";

/// A theme seen in one language.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) theme: &'a Theme,
    pub(crate) locale: Locale,
}

/// A sentence cut at the name in it, so that the template can emphasize the name without markup in the messages.
pub(crate) struct Around {
    pub(crate) before: String,
    pub(crate) value: String,
    pub(crate) after: String,
}

/// A point in time, for people and as the `datetime` attribute wants it.
#[derive(Default)]
pub(crate) struct Moment {
    pub(crate) shown: String,
    pub(crate) machine: String,
}

impl View<'_> {
    pub(crate) fn lang(&self) -> &'static str {
        self.locale.tag()
    }

    pub(crate) fn dir(&self) -> &'static str {
        self.locale.direction()
    }

    pub(crate) fn stylesheet(&self) -> String {
        self.theme.asset_url(Assets::STYLESHEET)
    }

    pub(crate) fn logo(&self) -> String {
        self.theme.asset_url(Assets::LOGO)
    }

    pub(crate) fn favicon(&self) -> String {
        self.theme.asset_url(Assets::FAVICON)
    }

    pub(crate) fn form_post_script(&self) -> String {
        self.theme.asset_url(Assets::FORM_POST)
    }

    pub(crate) fn copy_script(&self) -> String {
        self.theme.asset_url(Assets::COPY)
    }

    pub(crate) fn logout_script(&self) -> String {
        self.theme.asset_url(Assets::LOGOUT)
    }

    pub(crate) fn footer_links(&self) -> &[FooterLink] {
        self.theme.footer_links()
    }

    /// A message.
    pub(crate) fn t(&self, id: &str) -> String {
        self.theme.messages().format(self.locale, id, None)
    }

    /// A message if there is one of that name.
    pub(crate) fn try_t(&self, id: &str) -> Option<String> {
        let messages = self.theme.messages();
        messages
            .try_format(self.locale, id, None)
            .or_else(|| messages.try_format(Locale::English, id, None))
    }

    /// A message with a name from outside in it.
    pub(crate) fn t1(&self, id: &str, variable: &str, value: &str) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set(variable, shown_name(value));
        self.theme.messages().format(self.locale, id, Some(&arguments))
    }

    /// A message with a number in it, `$count`.
    pub(crate) fn count(&self, id: &str, count: u64) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("count", count);
        self.theme.messages().format(self.locale, id, Some(&arguments))
    }

    /// How long to wait after too many attempts, rounded up to what people say.
    pub(crate) fn wait(&self, seconds: u64) -> String {
        if seconds < 60 {
            self.count("too-many-seconds", seconds.max(1))
        } else {
            self.count("too-many-minutes", seconds.div_ceil(60))
        }
    }

    /// A message with something from outside in it, cut there. The value comes as it is to be shown.
    pub(crate) fn around(&self, id: &str, variable: &str, value: String) -> Around {
        let mut arguments = FluentArgs::new();
        arguments.set(variable, PLACEHOLDER);
        let whole = self.theme.messages().format(self.locale, id, Some(&arguments));
        let (before, after) = whole.split_once(PLACEHOLDER).unwrap_or((&whole, ""));
        Around {
            before: before.to_owned(),
            value,
            after: after.to_owned(),
        }
    }

    /// A moment in seconds since 1970, in UTC: the server does not know where the person is.
    pub(crate) fn moment(&self, epoch_seconds: i64) -> Moment {
        let Ok(timestamp) = Timestamp::from_second(epoch_seconds) else {
            return Moment::default();
        };
        let time = timestamp.to_zoned(TimeZone::UTC);
        let mut arguments = FluentArgs::new();
        arguments.set("day", i64::from(time.day()));
        arguments.set("month", i64::from(time.month()));
        arguments.set("year", time.year().to_string());
        arguments.set("time", format!("{:02}:{:02}", time.hour(), time.minute()));
        Moment {
            shown: self
                .theme
                .messages()
                .format(self.locale, "moment", Some(&arguments)),
            machine: timestamp.to_string(),
        }
    }
}

/// The picture that stands for an app or a person: a logo, or the first letter on a tint.
pub(crate) struct Badge {
    pub(crate) name: String,
    pub(crate) logo: Option<String>,
    pub(crate) monogram: String,
    pub(crate) tint: u64,
}

impl Badge {
    pub(crate) fn new(name: &str, logo: Option<&str>) -> Self {
        let name = shown_name(name);
        Self {
            logo: logo.and_then(web_link),
            monogram: monogram(&name),
            tint: tint(&name),
            name,
        }
    }
}
