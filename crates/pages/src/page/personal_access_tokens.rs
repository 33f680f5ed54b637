//! Your personal access tokens: what scripts of yours use in place of your password.

use askama::Template;

use crate::page::{Page, PageError};
use crate::scope::{ScopeItem, ShownScope};
use crate::text::shown_line;
use crate::view::{Moment, View};
use crate::{Locale, Theme};

/// The personal access tokens of somebody.
///
/// Making one posts `csrf_token`, `name`, `lifetime` in seconds, and `scope-<name>` for each scope that is ticked, to
/// `create_action`; deleting one posts `csrf_token` and `token_id` to `delete_action`. Ids: `token-new` (a made token),
/// `token-problem`, `token-delete-<n>` from 0.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonalAccessTokens {
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The path that makes one.
    pub create_action: String,
    /// The path that deletes one.
    pub delete_action: String,
    /// The path of the account page.
    pub account_path: String,
    /// What there is, newest first.
    pub tokens: Vec<TokenRow>,
    /// What one can be allowed.
    pub scopes: Vec<ScopeItem>,
    /// The lives that can be chosen, in days.
    pub lifetimes: Vec<u64>,
    /// A token that was just made: shown this once.
    pub made: Option<String>,
    /// Why none was made.
    pub problem: Option<TokenProblem>,
    /// The name that was typed, when none was made.
    pub name: String,
}

/// One personal access token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenRow {
    /// What is sent back to delete it. Never the token itself.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The app that made it, if one did.
    pub client_name: Option<String>,
    /// What it allows.
    pub scopes: Vec<ScopeItem>,
    /// When it ends, in seconds since 1970.
    pub expires_at: i64,
    /// When it was last used, in seconds since 1970.
    pub last_used_at: Option<i64>,
}

/// Why no token was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// The name is empty or too long.
    Name,
    /// Nothing was ticked.
    Scope,
    /// There are as many as there may be.
    TooMany,
    /// The form was sent with a value that the page does not offer.
    Other,
}

#[derive(Template)]
#[template(path = "personal_access_tokens.html")]
struct TokensTemplate<'a> {
    v: View<'a>,
    page: &'a PersonalAccessTokens,
    problem: Option<String>,
    name_is_wrong: bool,
    scopes: Vec<ShownScope>,
    tokens: Vec<ShownToken<'a>>,
    lifetimes: Vec<(u64, String)>,
}

struct ShownToken<'a> {
    id: &'a str,
    name: String,
    made_by: Option<String>,
    scopes: Vec<ShownScope>,
    expires: Moment,
    used: Option<Moment>,
    delete_label: String,
}

impl Page for PersonalAccessTokens {
    const MARKER: &'static str = "personal-access-tokens-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let problem = self.problem.map(|problem| match problem {
            TokenProblem::Name => v.t("tokens-problem-name"),
            TokenProblem::Scope => v.t("tokens-problem-scope"),
            TokenProblem::TooMany => v.t("tokens-problem-too-many"),
            TokenProblem::Other => v.t("tokens-problem-other"),
        });
        let template = TokensTemplate {
            v,
            page: self,
            problem,
            name_is_wrong: self.problem == Some(TokenProblem::Name),
            scopes: ShownScope::all(&self.scopes, v),
            tokens: self.tokens.iter().map(|token| shown(v, token)).collect(),
            lifetimes: self
                .lifetimes
                .iter()
                .map(|days| (days.saturating_mul(86_400), v.count("tokens-days", *days)))
                .collect(),
        };
        Ok(template.render()?)
    }
}

fn shown<'a>(v: View<'_>, token: &'a TokenRow) -> ShownToken<'a> {
    ShownToken {
        id: &token.id,
        name: shown_line(&token.name),
        made_by: token
            .client_name
            .as_ref()
            .map(|client| v.t1("tokens-made-by", "client", client)),
        scopes: ShownScope::all(&token.scopes, v),
        expires: v.moment(token.expires_at),
        used: token.last_used_at.map(|at| v.moment(at)),
        delete_label: v.t1("tokens-delete-label", "name", &token.name),
    }
}
