//! A person with a browser: keeps cookies, follows links within the server, fills in forms by the names of their
//! fields. Runs no scripts; the pages have to work without.

use std::sync::Arc;

use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response};
use url::Url;

use crate::form::{Form, attribute, element};

/// Most pages between an authorization request and its answer: choice of account, login, consent.
const MAX_STEPS: usize = 4;

/// A person, with a browser of their own.
#[derive(Clone, Debug)]
pub struct Person {
    http: reqwest::Client,
    cookies: Arc<Jar>,
    issuer: Url,
    username: String,
    password: String,
}

/// What the browser shows.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address.
    pub url: Url,
    /// The status it came with.
    pub status: u16,
    /// Its HTML.
    pub html: String,
    /// Where a redirect leads that leaves the server. There is no page then.
    pub leaves_to: Option<String>,
}

impl Person {
    /// Somebody with an account at the server, and a browser without cookies. Fixture users of `grantor dev` have
    /// their name in their password.
    pub fn new(issuer: &str, username: &str) -> Self {
        let builder = reqwest::Client::builder();
        Self::with(builder, issuer, username, &format!("{username}-password"))
    }

    /// Somebody with this password, whose browser is made of these settings, such as the certificates that it trusts.
    pub fn with(builder: reqwest::ClientBuilder, issuer: &str, username: &str, password: &str) -> Self {
        let issuer = Url::parse(issuer).expect("an issuer is a URL");
        let own = issuer.origin();
        let stay = Policy::custom(move |attempt| {
            if attempt.previous().len() > 10 {
                attempt.error("the server redirects in a circle")
            } else if attempt.url().origin() == own {
                attempt.follow()
            } else {
                attempt.stop()
            }
        });
        let cookies = Arc::new(Jar::default());
        let http = builder.cookie_provider(Arc::clone(&cookies)).redirect(stay);
        Self {
            http: http
                .build()
                .expect("a client without special settings can be built"),
            cookies,
            issuer,
            username: username.to_owned(),
            password: password.to_owned(),
        }
    }

    /// Puts cookies in the browser, as [`cookies`](Self::cookies) gave them.
    pub fn set_cookies(&self, cookies: &str) {
        for cookie in cookies.split("; ") {
            self.cookies.add_cookie_str(cookie, &self.issuer);
        }
    }

    /// The cookies that the browser sends to the server, as in the header of a request.
    pub fn cookies(&self) -> String {
        let header = self.cookies.cookies(&self.issuer);
        let text = header.map(|header| header.to_str().map(str::to_owned));
        text.transpose()
            .expect("cookies of the server are ASCII")
            .unwrap_or_default()
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn open(&self, url: &str) -> Result<Page, reqwest::Error> {
        self.show(self.http.get(url)).await
    }

    /// Opens an address by posting a form to it, as another site does.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn post(&self, url: &str, form: &[(&str, &str)]) -> Result<Page, reqwest::Error> {
        self.show(self.http.post(url).form(form)).await
    }

    /// Presses the button with this id, after typing into fields of its form.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn press(
        &self,
        page: &Page,
        button: &str,
        typed: &[(&str, &str)],
    ) -> Result<Page, reqwest::Error> {
        let mut form = page.form(button);
        let typed = typed.iter();
        form.fields
            .extend(typed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let address = page.url.join(&form.action).expect("a form has an address");
        self.show(self.http.post(address).form(&form.fields)).await
    }

    /// Logs in where asked to, and answers the question of the consent page; returns the address that the application
    /// is told the answer at.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn authorize(&self, url: &str, decision: &str) -> Result<String, reqwest::Error> {
        let page = self.answered(url, decision).await?;
        Ok(page.leaves_to.unwrap_or_else(|| {
            panic!(
                "{url} did not lead back to the application but to {} ({}): {}",
                page.url, page.status, page.html
            )
        }))
    }

    /// Logs in where asked to, and answers the question of the consent page; returns what comes after that, which need not
    /// lead back.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn answered(&self, url: &str, decision: &str) -> Result<Page, reqwest::Error> {
        let mut page = self.open(url).await?;
        for _ in 0..MAX_STEPS {
            page = match page.marker() {
                "login-page" => self.log_in(&page).await?,
                "consent-page" => self.press(&page, &format!("consent-{decision}"), &[]).await?,
                _ => break,
            };
        }
        Ok(page)
    }

    /// Opens the address at which an application asks to sign out, says yes where asked, and returns the address that the
    /// browser is sent back to.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn sign_out(&self, url: &str) -> Result<String, reqwest::Error> {
        let mut page = self.open(url).await?;
        if page.marker() == "logout-page" {
            page = self.press(&page, "logout-yes", &[]).await?;
        }
        Ok(page
            .leaves_to
            .unwrap_or_else(|| panic!("signing out did not lead back: {} {}", page.url, page.html)))
    }

    /// Opens the address that a device shows, with its code in it, logs in where asked to, and decides. Returns what the
    /// last page says: `device-approved` or `device-denied`.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn answer_device(&self, url: &str, decision: &str) -> Result<String, reqwest::Error> {
        let mut page = self.open(url).await?;
        for _ in 0..MAX_STEPS {
            page = match page.marker() {
                "login-page" => self.log_in(&page).await?,
                "device-code-page" => self.press(&page, "device-submit", &[]).await?,
                "device-confirm-page" => self.press(&page, &format!("device-{decision}"), &[]).await?,
                _ => break,
            };
        }
        let said = ["device-approved", "device-denied"];
        let said = said
            .into_iter()
            .find(|id| page.html.contains(&format!("id=\"{id}\"")));
        Ok(said
            .unwrap_or_else(|| panic!("the device was not answered: {page:#?}"))
            .to_owned())
    }

    /// Fills in the login form.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn log_in(&self, page: &Page) -> Result<Page, reqwest::Error> {
        let typed = [
            ("username", self.username.as_str()),
            ("password", self.password.as_str()),
        ];
        self.press(page, "login-submit", &typed).await
    }

    async fn show(&self, request: RequestBuilder) -> Result<Page, reqwest::Error> {
        let response = request.header("accept", "text/html").send().await?;
        Ok(Page {
            url: response.url().clone(),
            status: response.status().as_u16(),
            leaves_to: leaving(&response),
            html: response.text().await?,
        })
    }
}

fn leaving(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION)?;
    Some(location.to_str().expect("a redirect leads to ASCII").to_owned())
}

impl Page {
    /// The id of the body, which says what kind of page it is.
    pub fn marker(&self) -> &str {
        let after = self.html.split_once("<body id=\"").map_or("", |(_, after)| after);
        after.split_once('"').map_or("", |(id, _)| id)
    }

    /// Checks what kind of page it is.
    #[track_caller]
    pub fn is(&self, marker: &str) {
        assert_eq!(self.marker(), marker, "{self:#?}");
    }

    /// The text of the element with this id.
    pub fn element(&self, id: &str) -> Option<String> {
        element(&self.html, id)
    }

    /// An attribute of the element with this id.
    pub fn attribute(&self, id: &str, name: &str) -> Option<String> {
        attribute(&self.html, id, name)
    }

    /// The form that the button with this id sends.
    #[track_caller]
    pub fn form(&self, button: &str) -> Form {
        Form::sent_by(&self.html, button).unwrap_or_else(|| panic!("no button {button} in {self:#?}"))
    }
}
