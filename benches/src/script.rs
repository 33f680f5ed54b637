//! What a connection does in the rows that need more than one request again and again.

use crate::Failed;
use crate::data::{SECRET, basic};
use crate::load::Script;
use crate::wire::{Connection, form, get};

/// Refreshes again and again, each time with the token that the last answer gave.
pub(crate) struct RefreshChain {
    request: Vec<u8>,
}

impl RefreshChain {
    /// Redeems a code and begins with its refresh token.
    pub(crate) async fn begin(connection: &mut Connection, code: &str) -> Result<(Self, String), Failed> {
        let fields = [("grant_type", "authorization_code"), ("code", code)];
        let request = form("/oauth/token", &[("authorization", &basic("app"))], &fields);
        let answer = connection.exchange(&request).await?;
        let (refresh, access) = (
            member(answer.body, "refresh_token")?,
            member(answer.body, "access_token")?,
        );
        Ok((
            Self {
                request: refresh_request(&refresh),
            },
            access,
        ))
    }
}

fn refresh_request(token: &str) -> Vec<u8> {
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("scope", "read"),
    ];
    form("/oauth/token", &[("authorization", &basic("app"))], &fields)
}

impl Script for RefreshChain {
    fn request(&mut self) -> &[u8] {
        &self.request
    }

    fn answer(&mut self, status: u16, body: &[u8]) -> Result<(), Failed> {
        if status != 200 {
            return Err(Failed(format!(
                "refresh: {status} {}",
                String::from_utf8_lossy(body)
            )));
        }
        self.request = refresh_request(&member(body, "refresh_token")?);
        Ok(())
    }
}

/// Logs in again and again on the login page, as one user.
pub(crate) struct LoginAgain {
    request: Vec<u8>,
}

impl LoginAgain {
    /// Opens the login page, for its form.
    pub(crate) async fn begin(connection: &mut Connection, user: usize) -> Result<Self, Failed> {
        let answer = connection.exchange(&get("/login", &[])).await?;
        let page = String::from_utf8_lossy(answer.body).into_owned();
        let cookie = answer
            .head
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "))
            .and_then(|cookie| cookie.split(';').next())
            .ok_or_else(|| Failed::new("the login page sets no cookie"))?;
        let username = format!("user-{user}");
        let fields = [
            ("interaction", hidden(&page, "interaction")?),
            ("csrf_token", hidden(&page, "csrf_token")?),
            ("username", &username),
            ("password", SECRET),
        ];
        Ok(Self {
            request: form("/login", &[("cookie", cookie)], &fields),
        })
    }
}

impl Script for LoginAgain {
    fn request(&mut self) -> &[u8] {
        &self.request
    }

    fn answer(&mut self, status: u16, body: &[u8]) -> Result<(), Failed> {
        if status == 303 {
            return Ok(());
        }
        Err(Failed(format!(
            "login: {status} {}",
            String::from_utf8_lossy(body)
                .chars()
                .take(300)
                .collect::<String>()
        )))
    }
}

fn hidden<'a>(page: &'a str, name: &str) -> Result<&'a str, Failed> {
    let mark = format!("name=\"{name}\" value=\"");
    let after = page.split_once(&mark).map(|(_, after)| after);
    after
        .and_then(|after| after.split('"').next())
        .ok_or_else(|| Failed(format!("the page has no field {name}")))
}

/// A member of a JSON answer, as text.
pub(crate) fn member(body: &[u8], name: &str) -> Result<String, Failed> {
    let value: serde_json::Value = serde_json::from_slice(body).map_err(Failed::of)?;
    let text = value
        .get(name)
        .and_then(serde_json::Value::as_str)
        .map(str::to_owned);
    text.ok_or_else(|| Failed(format!("no {name} in {}", String::from_utf8_lossy(body))))
}
