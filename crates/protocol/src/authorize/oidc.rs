//! `prompt`, `max_age`, `display` and the hints (OpenID Connect Core 3.1.2.1).

use grantor_types::{ClaimsRequest, Display, LanguageTag, Parameters, Prompt, Seconds};

use crate::record::Client;
use crate::{Cause, Policy};

/// Most languages for claims that are looked at.
const MAX_CLAIMS_LOCALES: usize = 16;

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

pub(super) fn check(policy: &Policy, parameters: &Parameters, client: &Client) -> Result<Hints, Cause> {
    let list = |name: &str| -> Option<Vec<String>> {
        Some(words(parameters.value(name)?).map(str::to_owned).collect())
    };
    let text = |name: &str| parameters.value(name).map(str::to_owned);
    Ok(Hints {
        prompt: prompt(policy, parameters.value("prompt"))?,
        // "The claims max_age request parameter overrides this default value." (Dynamic Client Registration 2)
        max_age: max_age(parameters.value("max_age"))?.or(client.metadata.default_max_age),
        display: display(parameters.value("display"))?,
        login_hint: text("login_hint"),
        id_token_hint: text("id_token_hint"),
        ui_locales: text("ui_locales"),
        acr_values: list("acr_values").unwrap_or_else(|| client.metadata.default_acr_values.clone()),
        claims: super::claims::check(parameters)?,
        claims_locales: claims_locales(parameters.value("claims_locales")),
    })
}

/// The values of `prompt` that this server takes. `create` is one of them where people may make accounts.
pub(crate) fn supported_prompts(policy: &Policy) -> impl Iterator<Item = Prompt> + '_ {
    let supported = |prompt: &Prompt| policy.self_registration || *prompt != Prompt::Create;
    Prompt::ALL.iter().copied().filter(supported)
}

/// "If this parameter contains none with any other value, an error is returned." (OpenID Connect Core 3.1.2.1)
fn prompt(policy: &Policy, text: Option<&str>) -> Result<Vec<Prompt>, Cause> {
    let prompts: Option<Vec<Prompt>> = text.into_iter().flat_map(words).map(Prompt::from_name).collect();
    let prompts = prompts.ok_or(Cause::PromptMalformed)?;
    if prompts.contains(&Prompt::None) && prompts.iter().any(|prompt| *prompt != Prompt::None) {
        return Err(Cause::PromptMalformed);
    }
    // "If the OpenID Provider receives a prompt value that it does not support (not declared in the prompt_values_supported
    // metadata field) the OP SHOULD respond with an HTTP 400 (Bad Request) status code and an error value of invalid_request."
    // (Initiating User Registration 4.1) An authorization error travels in a redirect, where it has no status.
    if !prompts
        .iter()
        .all(|prompt| supported_prompts(policy).any(|known| known == *prompt))
    {
        return Err(Cause::PromptCreateClosed);
    }
    // "Care must be taken if combining this prompt value with other prompt parameter values. Mutually exclusive conditions
    // can arise so it is RECOMMENDED that create not be present with any other values." (Initiating User Registration 4)
    if prompts.contains(&Prompt::Create) && prompts.iter().any(|prompt| *prompt != Prompt::Create) {
        return Err(Cause::PromptCreateCombined);
    }
    Ok(prompts)
}

/// "An error SHOULD NOT result if some or all of the requested locales are not supported by the OpenID Provider." (OpenID
/// Connect Core 5.2) What is no language tag is passed over, and so is what comes after many.
fn claims_locales(text: Option<&str>) -> Vec<String> {
    let tags = text
        .into_iter()
        .flat_map(words)
        .filter_map(|tag| LanguageTag::parse(tag).ok());
    let mut locales: Vec<String> = Vec::new();
    for tag in tags.take(MAX_CLAIMS_LOCALES) {
        if !locales.iter().any(|known| known == tag.as_str()) {
            locales.push(tag.to_string());
        }
    }
    locales
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
