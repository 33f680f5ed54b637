//! The words of the pages, by locale, with the operator's own laid over ours.

pub(crate) mod check;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::Locale;

/// One bundle of messages a locale.
pub(crate) struct Messages {
    english: FluentBundle<FluentResource>,
    german: FluentBundle<FluentResource>,
    french: FluentBundle<FluentResource>,
}

impl Messages {
    /// Our messages, with the operator's in their place where there are some.
    pub(crate) fn new(overrides: Vec<(Locale, FluentResource)>) -> Self {
        let mut messages = Self {
            english: built_in_bundle(Locale::English),
            german: built_in_bundle(Locale::German),
            french: built_in_bundle(Locale::French),
        };
        for (locale, resource) in overrides {
            messages.bundle_mut(locale).add_resource_overriding(resource);
        }
        messages
    }

    /// The text of a message. A message that is nowhere is shown by its id: ugly, but a page all the same; a test makes
    /// sure that every id the pages use is there in every locale.
    pub(crate) fn format(&self, locale: Locale, id: &str, arguments: Option<&FluentArgs>) -> String {
        self.try_format(locale, id, arguments)
            .or_else(|| self.try_format(Locale::English, id, arguments))
            .unwrap_or_else(|| id.to_owned())
    }

    /// The text of a message if the locale has it.
    pub(crate) fn try_format(
        &self,
        locale: Locale,
        id: &str,
        arguments: Option<&FluentArgs>,
    ) -> Option<String> {
        let bundle = self.bundle(locale);
        let pattern = bundle.get_message(id)?.value()?;
        let mut problems = Vec::new();
        Some(
            bundle
                .format_pattern(pattern, arguments, &mut problems)
                .into_owned(),
        )
    }

    pub(crate) const fn bundle(&self, locale: Locale) -> &FluentBundle<FluentResource> {
        match locale {
            Locale::English => &self.english,
            Locale::German => &self.german,
            Locale::French => &self.french,
        }
    }

    const fn bundle_mut(&mut self, locale: Locale) -> &mut FluentBundle<FluentResource> {
        match locale {
            Locale::English => &mut self.english,
            Locale::German => &mut self.german,
            Locale::French => &mut self.french,
        }
    }
}

/// The message file that is compiled in for a locale.
pub(crate) const fn built_in_text(locale: Locale) -> &'static str {
    match locale {
        Locale::English => include_str!("../locales/en.ftl"),
        Locale::German => include_str!("../locales/de.ftl"),
        Locale::French => include_str!("../locales/fr.ftl"),
    }
}

fn built_in_bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = locale.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolating marks are meant for mixed directions; in titles and attributes they show up as rubbish.
    bundle.set_use_isolating(false);
    // A file of ours with an error in it would not pass the tests; what could be read of it is used.
    let resource = FluentResource::try_new(built_in_text(locale).to_owned())
        .unwrap_or_else(|(readable, _errors)| readable);
    bundle.add_resource_overriding(resource);
    bundle
}
