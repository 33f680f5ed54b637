//! Your details: what is known of you, for you to change.

use askama::Template;

use crate::page::{Page, PageError};
use crate::text::shown_line;
use crate::typed::{FieldProblem, ShownField, TypedField, focus_first_problem};
use crate::view::{Moment, View};
use crate::{Locale, Theme};

/// The claims of somebody, each in a field.
///
/// Saving posts `csrf_token`, `revision` and `claim-<name>` for each field to `action`, and for one more language
/// `new-claim`, `new-language` and `new-value`. Ids: `claim-<name>` with `-` for `.`, `#` and `_`, and with `-problem` behind
/// it what is wrong there; `profile-save`, `profile-saved`, `profile-problem`, `profile-changed`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The path that saves.
    pub action: String,
    /// The path of the account page.
    pub account_path: String,
    /// Which version of the details is shown; sent back, so that nobody overwrites what they have not seen.
    pub revision: String,
    /// The fields, in order.
    pub fields: Vec<TypedField>,
    /// The claims that can be written in one more language.
    pub translatable: Vec<String>,
    /// What was typed to add one.
    pub addition: Addition,
    /// Whether the e-mail address is known to be the person's; absent when there is none.
    pub email_verified: Option<bool>,
    /// Whether the telephone number is.
    pub phone_number_verified: Option<bool>,
    /// When the details were last changed, in seconds since 1970.
    pub updated_at: Option<i64>,
    /// What came of the last form.
    pub outcome: Option<ProfileOutcome>,
}

/// A claim in one more language, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addition {
    /// Which claim.
    pub claim: String,
    /// Which language.
    pub language: String,
    /// What it is there.
    pub value: String,
    /// What is wrong with the language.
    pub language_problem: Option<FieldProblem>,
    /// What is wrong with the value.
    pub value_problem: Option<FieldProblem>,
}

/// What came of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileOutcome {
    /// It was saved.
    Saved,
    /// Something in it is wrong; nothing was saved.
    Wrong,
    /// The details were changed in the meantime; nothing was saved.
    Changed,
}

#[derive(Template)]
#[template(path = "profile.html")]
struct ProfileTemplate<'a> {
    v: View<'a>,
    page: &'a Profile,
    groups: Vec<Group>,
    translatable: Vec<(&'a str, String, bool)>,
    new_language: ShownField,
    new_value: ShownField,
    updated: Option<Moment>,
}

/// Fields under one heading.
struct Group {
    id: &'static str,
    title: String,
    fields: Vec<ShownField>,
}

/// What is known of a field before anybody has typed into it: its group, `type`, `autocomplete` and hint.
type Kind = (&'static str, &'static str, &'static str, Option<&'static str>);

/// The groups in the order of the page, with their headings.
const GROUPS: [(&str, &str); 5] = [
    ("names", "profile-names"),
    ("contact", "profile-contact"),
    ("about", "profile-about"),
    ("address", "profile-address"),
    ("languages", "profile-languages"),
];

fn kind_of(name: &str) -> Kind {
    match name {
        "name" => ("names", "text", "name", None),
        "given_name" => ("names", "text", "given-name", None),
        "middle_name" => ("names", "text", "additional-name", None),
        "family_name" => ("names", "text", "family-name", None),
        "nickname" => ("names", "text", "nickname", None),
        "preferred_username" => ("names", "text", "off", Some("profile-hint-preferred-username")),
        "profile" => ("about", "url", "off", Some("profile-hint-web-address")),
        "picture" => ("about", "url", "photo", Some("profile-hint-web-address")),
        "website" => ("about", "url", "url", Some("profile-hint-web-address")),
        "gender" => ("about", "text", "sex", None),
        "birthdate" => ("about", "text", "bday", Some("profile-hint-birthdate")),
        "zoneinfo" => ("about", "text", "off", Some("profile-hint-zoneinfo")),
        "locale" => ("about", "text", "language", Some("profile-hint-locale")),
        "email" => ("contact", "email", "email", None),
        "phone_number" => ("contact", "tel", "tel", Some("profile-hint-phone-number")),
        "address.formatted" => ("address", "text", "off", Some("profile-hint-formatted")),
        "address.street_address" => ("address", "text", "street-address", None),
        "address.locality" => ("address", "text", "address-level2", None),
        "address.region" => ("address", "text", "address-level1", None),
        "address.postal_code" => ("address", "text", "postal-code", None),
        "address.country" => ("address", "text", "country-name", None),
        _in_a_language => ("languages", "text", "off", None),
    }
}

impl Page for Profile {
    const MARKER: &'static str = "profile-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let mut groups: Vec<Group> = GROUPS
            .iter()
            .map(|(id, title)| Group {
                id,
                title: v.t(title),
                fields: self.fields_of(v, id),
            })
            .collect();
        let mut new_language = new_field(v, "new-language", "profile-new-language", &self.addition.language);
        new_language.hint = Some(v.t("profile-hint-locale"));
        new_language.problem = self.addition.language_problem.map(|problem| problem.text(v));
        let mut new_value = new_field(v, "new-value", "profile-new-value", &self.addition.value);
        new_value.problem = self.addition.value_problem.map(|problem| problem.text(v));
        let all = groups.iter_mut().flat_map(|group| &mut group.fields);
        focus_first_problem(all.chain([&mut new_language, &mut new_value]));
        let template = ProfileTemplate {
            v,
            page: self,
            groups,
            translatable: self
                .translatable
                .iter()
                .map(|name| (name.as_str(), label(v, name), *name == self.addition.claim))
                .collect(),
            new_language,
            new_value,
            updated: self.updated_at.map(|at| v.moment(at)),
        };
        Ok(template.render()?)
    }
}

impl Profile {
    fn fields_of(&self, v: View<'_>, group: &str) -> Vec<ShownField> {
        let fields = self.fields.iter().filter(|field| kind_of(&field.name).0 == group);
        fields.map(|field| self.shown(v, field)).collect()
    }

    fn shown(&self, v: View<'_>, field: &TypedField) -> ShownField {
        let (_, kind, autocomplete, hint) = kind_of(&field.name);
        let verified = match field.name.as_str() {
            "email" => self.email_verified,
            "phone_number" => self.phone_number_verified,
            _other => None,
        };
        let verified = verified.map(|verified| match verified {
            true => v.t("profile-verified"),
            false => v.t("profile-not-verified"),
        });
        let stored = field.stored.as_ref().map(|stored| match shown_line(stored) {
            nothing if nothing.is_empty() => v.t("profile-stored-nothing"),
            stored => v.t1("profile-stored", "value", &stored),
        });
        let member = field.name.split_once('.').map_or("", |(_, member)| member);
        ShownField {
            id: format!("claim-{}", field.name.replace(['.', '#', '_'], "-")),
            name: format!("claim-{}", field.name),
            label: label(v, &field.name),
            kind,
            autocomplete,
            value: field.value.clone(),
            lines: matches!(member, "formatted" | "street_address"),
            hint: hint.map(|hint| v.t(hint)),
            note: stored.or(verified),
            problem: field.problem.map(|problem| problem.text(v)),
            ..ShownField::default()
        }
    }
}

fn new_field(v: View<'_>, name: &str, label: &str, value: &str) -> ShownField {
    ShownField {
        value: value.to_owned(),
        ..ShownField::new(v, (name, label), ("text", "off"))
    }
}

/// A standard claim of OpenID Connect Core 1.0, section 5.1, in words, with its language behind it; others by their own name.
pub(super) fn label(v: View<'_>, name: &str) -> String {
    let (start, language, member) = match name.split_once('#') {
        None => (name, None, ""),
        Some((start, tagged)) => {
            let (language, member) = tagged.split_once('.').unwrap_or((tagged, ""));
            (start, Some(language), member)
        }
    };
    let words = match member {
        "" => start.replace(['.', '_'], "-"),
        member => format!("{start}-{}", member.replace('_', "-")),
    };
    let words = v
        .try_t(&format!("claim-{words}"))
        .unwrap_or_else(|| shown_line(start));
    match language {
        Some(language) => format!("{words} ({})", shown_line(language)),
        None => words,
    }
}
