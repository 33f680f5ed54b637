//! What a connection does in the rows that need more than one request again and again.

use std::sync::Arc;

use crate::Failed;
use crate::data::{SECRET, basic};
use crate::load::Script;
use crate::wire::{Answer, Connection, form, get};

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

    fn answer(&mut self, answer: &Answer<'_>) -> Result<(), Failed> {
        answer.expect(200)?;
        self.request = refresh_request(&member(answer.body, "refresh_token")?);
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
        let cookie = cookie(&answer)?;
        let username = format!("user-{user}");
        let fields = [
            ("interaction", hidden(&page, "interaction")?),
            ("csrf_token", hidden(&page, "csrf_token")?),
            ("username", &username),
            ("password", SECRET),
        ];
        Ok(Self {
            request: form("/login", &[("cookie", &cookie)], &fields),
        })
    }
}

impl Script for LoginAgain {
    fn request(&mut self) -> &[u8] {
        &self.request
    }

    fn answer(&mut self, answer: &Answer<'_>) -> Result<(), Failed> {
        answer.expect(303)
    }
}

/// Goes through the whole code flow again and again, signed in, as a browser and its application do: an authorization
/// request, the redemption of its code, userinfo. Each of the three counts.
pub(crate) struct CodeFlow {
    places: [&'static str; 3],
    cookie: String,
    next: Step,
    request: Vec<u8>,
}

enum Step {
    Authorize,
    Redeem,
    Userinfo,
}

/// The challenge and the verifier of RFC 7636, appendix B.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CALLBACK: &str = "https://app.example/cb";

impl CodeFlow {
    /// Where the server answers.
    pub(crate) const SERVER: [&str; 3] = ["/oauth/authorize", "/oauth/token", "/oauth/userinfo"];
    /// Where the ceiling answers.
    pub(crate) const BARE: [&str; 3] = ["/code", "/redeem", "/userinfo"];

    /// Signs somebody in.
    pub(crate) async fn begin(connection: &mut Connection, user: usize) -> Result<Self, Failed> {
        let mut login = LoginAgain::begin(connection, user).await?;
        let answer = connection.exchange(login.request()).await?;
        answer.expect(303)?;
        Ok(Self::at(Self::SERVER, cookie(&answer)?))
    }

    /// The same requests for the handlers of the ceiling.
    pub(crate) fn bare(&self) -> Self {
        Self::at(Self::BARE, self.cookie.clone())
    }

    fn at(places: [&'static str; 3], cookie: String) -> Self {
        let mut flow = Self {
            places,
            cookie,
            next: Step::Authorize,
            request: Vec::new(),
        };
        flow.authorize();
        flow
    }

    fn authorize(&mut self) {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("response_type", "code"),
                ("client_id", "app"),
                ("redirect_uri", CALLBACK),
                ("scope", "openid profile read"),
                ("state", "af0ifjsldkj"),
                ("nonce", "n-0S6_WzA2Mj"),
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        let [path, ..] = self.places;
        self.request = get(&format!("{path}?{query}"), &[("cookie", &self.cookie)]);
        self.next = Step::Authorize;
    }

    fn redeem(&mut self, location: &str) -> Result<(), Failed> {
        let code = location.split_once("code=").map(|(_, after)| after);
        let code = code.and_then(|after| after.split('&').next());
        let fields = [
            ("grant_type", "authorization_code"),
            (
                "code",
                code.ok_or_else(|| Failed(format!("no code in {location}")))?,
            ),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let [_, path, _] = self.places;
        self.request = form(path, &[("authorization", &basic("app"))], &fields);
        self.next = Step::Redeem;
        Ok(())
    }

    fn userinfo(&mut self, body: &[u8]) -> Result<(), Failed> {
        let bearer = format!("Bearer {}", member(body, "access_token")?);
        let [_, _, path] = self.places;
        self.request = get(path, &[("authorization", &bearer)]);
        self.next = Step::Userinfo;
        Ok(())
    }
}

impl Script for CodeFlow {
    fn request(&mut self) -> &[u8] {
        &self.request
    }

    fn answer(&mut self, answer: &Answer<'_>) -> Result<(), Failed> {
        match self.next {
            Step::Authorize => {
                answer.expect(302)?;
                self.redeem(answer.header("location").unwrap_or_default())
            }
            Step::Redeem => {
                answer.expect(200)?;
                self.userinfo(answer.body)
            }
            Step::Userinfo => {
                answer.expect(200)?;
                self.authorize();
                Ok(())
            }
        }
    }
}

/// Sends requests of which each is new.
pub(crate) struct EachNew<F> {
    make: Arc<F>,
    request: Vec<u8>,
}

impl<F: Fn() -> Result<Vec<u8>, Failed>> EachNew<F> {
    pub(crate) fn begin(make: &Arc<F>) -> Result<Self, Failed> {
        Ok(Self {
            request: make()?,
            make: Arc::clone(make),
        })
    }
}

impl<F: Fn() -> Result<Vec<u8>, Failed> + Send + Sync> Script for EachNew<F> {
    fn request(&mut self) -> &[u8] {
        &self.request
    }

    fn answer(&mut self, answer: &Answer<'_>) -> Result<(), Failed> {
        answer.expect(200)?;
        self.request = (self.make)()?;
        Ok(())
    }
}

/// The cookie that an answer sets, as the browser sends it.
fn cookie(answer: &Answer<'_>) -> Result<String, Failed> {
    let set = answer.header("set-cookie");
    let pair = set.and_then(|cookie| cookie.split(';').next());
    pair.map(str::to_owned)
        .ok_or_else(|| Failed::new("an answer that sets no cookie"))
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
