//! `prompt`, `max_age`, `display` and the hints (OpenID Connect Core 3.1.2.1).

use grantor_types::{ClaimsRequest, Display, Parameters, Prompt, Seconds};

use crate::Cause;
use crate::record::Client;

/// How the user is to be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// `prompt`; empty when absent.
    pub prompt: Vec<Prompt>,
    /// Longest time since the login.
    pub max_age: Option<Seconds>,
    /// What kind of page to show.
    pub display: Option<Display>,
    /// Who is expected to log in.
    pub login_hint: Option<String>,
    /// An ID token of ours that says who is expected.
    pub id_token_hint: Option<String>,
    /// Languages for the pages, best first.
    pub ui_locales: Option<String>,
    /// Authentication contexts wished for, best first. They are voluntary.
    pub acr_values: Vec<String>,
    /// Claims asked for one by one.
    pub claims: ClaimsRequest,
    /// Languages for claims, best first.
    pub claims_locales: Vec<String>,
}

impl Hints {
    /// Whether the value is part of `prompt`.
    pub fn asks_for(&self, prompt: Prompt) -> bool {
        self.prompt.contains(&prompt)
    }
}

pub(super) fn check(parameters: &Parameters, client: &Client) -> Result<Hints, Cause> {
    let list = |name: &str| -> Option<Vec<String>> {
        Some(words(parameters.value(name)?).map(str::to_owned).collect())
    };
    let text = |name: &str| parameters.value(name).map(str::to_owned);
    Ok(Hints {
        prompt: prompt(parameters.value("prompt"))?,
        // "The claims max_age request parameter overrides this default value." (Dynamic Client Registration 2)
        max_age: max_age(parameters.value("max_age"))?.or(client.metadata.default_max_age),
        display: display(parameters.value("display"))?,
        login_hint: text("login_hint"),
        id_token_hint: text("id_token_hint"),
        ui_locales: text("ui_locales"),
        acr_values: list("acr_values").unwrap_or_else(|| client.metadata.default_acr_values.clone()),
        claims: super::claims::check(parameters)?,
        claims_locales: list("claims_locales").unwrap_or_default(),
    })
}

/// "If this parameter contains none with any other value, an error is returned." (OpenID Connect Core 3.1.2.1)
fn prompt(text: Option<&str>) -> Result<Vec<Prompt>, Cause> {
    let prompts: Option<Vec<Prompt>> = text.into_iter().flat_map(words).map(Prompt::from_name).collect();
    let prompts = prompts.ok_or(Cause::PromptMalformed)?;
    if prompts.contains(&Prompt::None) && prompts.iter().any(|prompt| *prompt != Prompt::None) {
        return Err(Cause::PromptMalformed);
    }
    Ok(prompts)
}

fn max_age(text: Option<&str>) -> Result<Option<Seconds>, Cause> {
    let Some(text) = text else { return Ok(None) };
    // The standard library would take a sign too.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(seconds) if digits => Ok(Some(Seconds(seconds))),
        Ok(_) | Err(_) => Err(Cause::MaxAgeMalformed),
    }
}

fn display(text: Option<&str>) -> Result<Option<Display>, Cause> {
    text.map(|text| Display::from_name(text).ok_or(Cause::DisplayUnknown))
        .transpose()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}
