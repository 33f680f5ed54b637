//! A browser with one person in front of it: keeps cookies, follows our redirects, fills in our forms.

use std::collections::BTreeMap;

use http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, USER_AGENT};

use super::form::Form;
use super::{Answer, Ask, Call, Callback, Server, password};

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser<'a> {
    server: &'a Server,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) language: String,
    pub(crate) address: String,
    pub(crate) forwarded_for: Option<String>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(server: &'a Server) -> Self {
        Self {
            server,
            cookies: BTreeMap::new(),
            language: "en".to_owned(),
            address: "192.0.2.7".to_owned(),
            forwarded_for: None,
        }
    }

    /// One that somebody has logged in with, without an application.
    pub(crate) async fn logged_in(server: &'a Server, username: &str) -> Self {
        let mut browser = Self::new(server);
        let page = browser.log_in_alone(username).await;
        page.is_page("account-overview-page");
        browser
    }

    /// The `Cookie` header that it sends.
    pub(crate) fn cookie_header(&self) -> String {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        cookies.collect::<Vec<_>>().join("; ")
    }

    /// Sends one request and keeps the cookies of the answer.
    pub(crate) async fn call(&mut self, call: Call) -> Answer {
        let mut call = call
            .header(ACCEPT, "text/html,application/xhtml+xml")
            .header(ACCEPT_LANGUAGE, &self.language)
            .header(USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
            .from(&self.address);
        if !self.cookies.is_empty() {
            call = call.header(COOKIE, &self.cookie_header());
        }
        if let Some(hops) = &self.forwarded_for {
            call = call.named_header("x-forwarded-for", hops);
        }
        let answer = self.server.call(call).await;
        for cookie in answer.set_cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.call(Call::get(path)).await
    }

    /// Goes on until there is a page, or a redirect to somebody else.
    pub(crate) async fn follow(&mut self, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            match answer.header("location") {
                Some(path) if path.starts_with('/') => {
                    let path = path.to_owned();
                    answer = self.get(&path).await;
                }
                Some(_) | None => return answer,
            }
        }
        panic!("too many redirects")
    }

    /// Opens an authorization request.
    pub(crate) async fn ask(&mut self, ask: &Ask) -> Answer {
        let answer = self.get(&ask.path()).await;
        self.follow(answer).await
    }

    /// Sends a form without following the answer.
    pub(crate) async fn send(&mut self, form: &Form) -> Answer {
        self.call(Call::post(&form.action).fields(&form.fields)).await
    }

    /// Presses a button.
    pub(crate) async fn press(&mut self, page: &Answer, button: &str) -> Answer {
        let answer = self.send(&Form::sent_by(page.text(), button)).await;
        self.follow(answer).await
    }

    /// Presses a button if the page has it.
    pub(crate) async fn press_if_there(&mut self, page: Answer, button: &str) -> Answer {
        if page.text().contains(&format!("id=\"{button}\"")) {
            self.press(&page, button).await
        } else {
            page
        }
    }

    /// Logs in on a login page.
    pub(crate) async fn log_in(&mut self, page: &Answer, username: &str) -> Answer {
        let answer = self.send_login(page, username, &password(username)).await;
        self.follow(answer).await
    }

    /// Sends the form of a login page, with any password, without following the answer.
    pub(crate) async fn send_login(&mut self, page: &Answer, username: &str, password: &str) -> Answer {
        let form = Form::sent_by(page.text(), "login-submit")
            .fill("username", username)
            .fill("password", password);
        self.send(&form).await
    }

    /// Logs in without an application.
    pub(crate) async fn log_in_alone(&mut self, username: &str) -> Answer {
        let page = self.get("/login").await;
        self.log_in(&page, username).await
    }

    /// Does whatever it takes to get an answer: logs in, allows.
    pub(crate) async fn callback(&mut self, ask: &Ask, username: &str) -> Callback {
        let mut answer = self.ask(ask).await;
        for _ in 0..4 {
            answer = match answer.marker().as_deref() {
                Some("login-page") => self.log_in(&answer, username).await,
                Some("consent-page") => self.press(&answer, "consent-approve").await,
                Some("account-page") => self.press(&answer, "account-0").await,
                Some(_) | None => break,
            };
        }
        Callback::of(&answer)
    }
}
