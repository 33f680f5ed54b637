//! The pages on which people write about themselves: details, password, a new account.

use grantor_pages::{
    Addition, FieldProblem, Locale, Password, PasswordOutcome, Profile, ProfileOutcome, SignUp,
    SignUpProblem, Theme, TypedField,
};

use super::{ACTION, Sample, TOKEN, Words, sample};

/// The problems that a field can have.
const PROBLEMS: [FieldProblem; 16] = [
    FieldProblem::Missing,
    FieldProblem::TooLong(200),
    FieldProblem::ControlCharacter,
    FieldProblem::WebAddress,
    FieldProblem::Birthdate,
    FieldProblem::TimeZone,
    FieldProblem::Language,
    FieldProblem::EmailAddress,
    FieldProblem::PhoneNumber,
    FieldProblem::TooMany,
    FieldProblem::Username,
    FieldProblem::UsernameTaken,
    FieldProblem::PasswordShort(8),
    FieldProblem::PasswordLong,
    FieldProblem::PasswordsDiffer,
    FieldProblem::PasswordWrong,
];

/// The fields of a person who has everything.
const FIELDS: [&str; 26] = [
    "name",
    "given_name",
    "middle_name",
    "family_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "email",
    "phone_number",
    "address.formatted",
    "address.street_address",
    "address.locality",
    "address.region",
    "address.postal_code",
    "address.country",
    "name#fr",
    "website#de-CH",
    "family_name#ja-Kana-JP",
    "address#de.street_address",
    "address#de.locality",
];

impl Words<'_> {
    /// All of them.
    pub(super) fn own(&self, theme: &Theme, locale: Locale) -> Vec<Sample> {
        let profiles = self
            .profiles()
            .into_iter()
            .map(|page| sample(&page, theme, locale));
        let passwords = self
            .passwords()
            .into_iter()
            .map(|page| sample(&page, theme, locale));
        let sign_ups = self
            .sign_ups()
            .into_iter()
            .map(|page| sample(&page, theme, locale));
        profiles.chain(passwords).chain(sign_ups).collect()
    }

    /// The page of details, after each outcome.
    fn profiles(&self) -> Vec<Profile> {
        let outcomes = [
            None,
            Some(ProfileOutcome::Saved),
            Some(ProfileOutcome::Wrong),
            Some(ProfileOutcome::Changed),
        ];
        outcomes.map(|outcome| self.profile(outcome)).into()
    }

    fn profile(&self, outcome: Option<ProfileOutcome>) -> Profile {
        let wrong = outcome == Some(ProfileOutcome::Wrong);
        let changed = outcome == Some(ProfileOutcome::Changed);
        let field = |(index, name): (usize, &&str)| TypedField {
            name: (*name).to_owned(),
            value: self.text(),
            problem: PROBLEMS.get(index).copied().filter(|_| wrong),
            stored: changed.then(|| if index == 0 { String::new() } else { self.text() }),
        };
        Profile {
            csrf_token: TOKEN.to_owned(),
            action: ACTION.to_owned(),
            account_path: ACTION.to_owned(),
            revision: "7".to_owned(),
            fields: FIELDS.iter().enumerate().map(field).collect(),
            translatable: vec!["name".to_owned(), "address.locality".to_owned()],
            addition: Addition {
                claim: "address.locality".to_owned(),
                language: self.text(),
                value: self.text(),
                language_problem: wrong.then_some(FieldProblem::Language),
                value_problem: wrong.then_some(FieldProblem::Missing),
            },
            email_verified: Some(true),
            phone_number_verified: Some(false),
            updated_at: Some(1_789_214_700),
            outcome,
        }
    }

    /// The page of the password, after each outcome.
    fn passwords(&self) -> Vec<Password> {
        let outcomes = [
            None,
            Some(PasswordOutcome::Changed),
            Some(PasswordOutcome::Present(FieldProblem::PasswordWrong)),
            Some(PasswordOutcome::New(FieldProblem::PasswordShort(8))),
            Some(PasswordOutcome::Again(FieldProblem::PasswordsDiffer)),
            Some(PasswordOutcome::TooManyAttempts {
                retry_after_seconds: 30,
            }),
        ];
        let page = |outcome| Password {
            csrf_token: TOKEN.to_owned(),
            action: ACTION.to_owned(),
            account_path: ACTION.to_owned(),
            username: self.text(),
            least: 8,
            outcome,
        };
        outcomes.map(page).into()
    }

    /// The page of a new account: empty, with every field wrong, too early and too late.
    fn sign_ups(&self) -> Vec<SignUp> {
        let field = |problem| TypedField {
            value: self.text(),
            problem,
            ..TypedField::default()
        };
        let fresh = || SignUp {
            action: ACTION.to_owned(),
            interaction: self.text(),
            csrf_token: TOKEN.to_owned(),
            login_path: ACTION.to_owned(),
            client_name: Some(self.text()),
            client_logo: Some(self.link()),
            least: 8,
            username: field(None),
            name: field(None),
            email: field(None),
            ..SignUp::default()
        };
        vec![
            SignUp {
                username: field(Some(FieldProblem::UsernameTaken)),
                password_problem: Some(FieldProblem::PasswordShort(8)),
                again_problem: Some(FieldProblem::PasswordsDiffer),
                name: field(Some(FieldProblem::TooLong(200))),
                email: field(Some(FieldProblem::EmailAddress)),
                ..fresh()
            },
            SignUp {
                problem: Some(SignUpProblem::TooManyAttempts {
                    retry_after_seconds: 90,
                }),
                ..fresh()
            },
            SignUp {
                problem: Some(SignUpProblem::FormExpired),
                ..fresh()
            },
            fresh(),
        ]
    }
}
