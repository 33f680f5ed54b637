//! Fields that people type into: what they hold, what is said about them, and what is wrong.

use crate::view::View;

/// A field that somebody types into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedField {
    /// Which: the name of the claim, such as `name`, `address.locality` or `name#fr`.
    pub name: String,
    /// What it holds at first, or what was typed.
    pub value: String,
    /// What is wrong with what was typed.
    pub problem: Option<FieldProblem>,
    /// What is stored by now, when somebody else has changed it in the meantime.
    pub stored: Option<String>,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// Nothing was typed.
    Missing,
    /// More characters than this were typed.
    TooLong(u64),
    /// A character that nobody sees was typed.
    ControlCharacter,
    /// No web address.
    WebAddress,
    /// No date.
    Birthdate,
    /// No name of a time zone.
    TimeZone,
    /// No language tag.
    Language,
    /// No e-mail address.
    EmailAddress,
    /// No telephone number.
    PhoneNumber,
    /// There are as many as there may be.
    TooMany,
    /// No name that one can sign in with.
    Username,
    /// Somebody has this name.
    UsernameTaken,
    /// Fewer characters than a password has to have.
    PasswordShort(u64),
    /// More than a password may have.
    PasswordLong,
    /// The two passwords are not the same.
    PasswordsDiffer,
    /// Not the present password.
    PasswordWrong,
}

impl FieldProblem {
    pub(crate) fn text(self, v: View<'_>) -> String {
        match self {
            Self::Missing => v.t("typed-missing"),
            Self::TooLong(most) => v.count("typed-too-long", most),
            Self::ControlCharacter => v.t("typed-control-character"),
            Self::WebAddress => v.t("typed-web-address"),
            Self::Birthdate => v.t("typed-birthdate"),
            Self::TimeZone => v.t("typed-time-zone"),
            Self::Language => v.t("typed-language"),
            Self::EmailAddress => v.t("typed-email-address"),
            Self::PhoneNumber => v.t("typed-phone-number"),
            Self::TooMany => v.t("typed-too-many"),
            Self::Username => v.t("typed-username"),
            Self::UsernameTaken => v.t("typed-username-taken"),
            Self::PasswordShort(least) => v.count("typed-password-short", least),
            Self::PasswordLong => v.t("typed-password-long"),
            Self::PasswordsDiffer => v.t("typed-passwords-differ"),
            Self::PasswordWrong => v.t("typed-password-wrong"),
        }
    }
}

/// A field as the template draws it.
#[derive(Default)]
pub(crate) struct ShownField {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) kind: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) value: String,
    /// Whether it has several lines.
    pub(crate) lines: bool,
    pub(crate) required: bool,
    pub(crate) focused: bool,
    pub(crate) hint: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) problem: Option<String>,
}

impl ShownField {
    /// A field of this name under this label, of a kind that browsers know and may fill in so.
    pub(crate) fn new(
        v: View<'_>,
        (name, label): (&str, &str),
        (kind, autocomplete): (&'static str, &'static str),
    ) -> Self {
        Self {
            id: name.replace('_', "-"),
            name: name.to_owned(),
            label: v.t(label),
            kind,
            autocomplete,
            ..Self::default()
        }
    }

    /// What describes it, for `aria-describedby`.
    pub(crate) fn described_by(&self) -> String {
        let parts = [
            (self.problem.is_some(), "problem"),
            (self.hint.is_some(), "hint"),
            (self.note.is_some(), "note"),
        ];
        let ids = parts.iter().filter(|(there, _)| *there);
        ids.map(|(_, part)| format!("{}-{part}", self.id))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Puts the cursor into the first field that is wrong.
pub(crate) fn focus_first_problem<'a>(fields: impl IntoIterator<Item = &'a mut ShownField>) {
    let wrong = fields.into_iter().find(|field| field.problem.is_some());
    if let Some(wrong) = wrong {
        wrong.focused = true;
    }
}
