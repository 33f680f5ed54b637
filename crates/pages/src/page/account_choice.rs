//! Which of your accounts?

use askama::Template;

use crate::page::{Page, PageError};
use crate::text::{shown_line, shown_name};
use crate::view::{Around, Badge, View};
use crate::{Locale, Theme};

/// The choice among the accounts signed in with this browser.
///
/// Its form sends [`field`](crate::field)`::{INTERACTION, CSRF_TOKEN}` and either `account=<id>` or `decision=other`
/// or `decision=cancel`. Ids: `account-<n>` from 0, `account-other`, `account-cancel`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AccountChoice {
    /// The path the form is posted to.
    pub action: String,
    /// Which interaction is answered.
    pub interaction: String,
    /// The token against cross-site request forgery.
    pub csrf_token: String,
    /// The name of the app.
    pub client_name: String,
    /// The picture of the app.
    pub client_logo: Option<String>,
    /// The accounts, the last used first.
    pub accounts: Vec<AccountOption>,
}

/// An account that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountOption {
    /// What is sent back when it is chosen.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// What tells two accounts of one person apart: the user name or the address of e-mail.
    pub detail: String,
}

#[derive(Template)]
#[template(path = "account_choice.html")]
struct AccountChoiceTemplate<'a> {
    v: View<'a>,
    page: &'a AccountChoice,
    client: Badge,
    lead: Around,
    accounts: Vec<ShownAccount<'a>>,
}

struct ShownAccount<'a> {
    id: &'a str,
    badge: Badge,
    detail: String,
}

impl Page for AccountChoice {
    const MARKER: &'static str = "account-page";

    fn render(&self, theme: &Theme, locale: Locale) -> Result<String, PageError> {
        let v = View { theme, locale };
        let template = AccountChoiceTemplate {
            v,
            page: self,
            client: Badge::new(&self.client_name, self.client_logo.as_deref()),
            lead: v.around("choice-lead", "client", shown_name(&self.client_name)),
            accounts: self
                .accounts
                .iter()
                .map(|account| ShownAccount {
                    id: &account.id,
                    badge: Badge::new(&account.name, None),
                    detail: shown_line(&account.detail),
                })
                .collect(),
        };
        Ok(template.render()?)
    }

    fn images(&self) -> Vec<&str> {
        self.client_logo.as_deref().into_iter().collect()
    }
}
