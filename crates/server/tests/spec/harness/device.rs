//! A device without a browser, and the person who types its code.

use serde_json::Value;

use super::{Answer, Browser, Call, Form, Server};

/// The grant type of RFC 8628 3.4.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a device was told.
#[derive(Clone, Debug)]
pub(crate) struct Codes {
    client: String,
    pub(crate) device_code: String,
    pub(crate) user_code: String,
    pub(crate) answer: Value,
}

impl Codes {
    /// The television asks to read.
    pub(crate) async fn of_tv(server: &Server) -> Self {
        Self::of(server, "tv", "read").await
    }

    pub(crate) async fn of(server: &Server, client: &str, scope: &str) -> Self {
        let call = Call::device(client)
            .field("scope", scope)
            .named_header("user-agent", "AcmeTV/7.2");
        let answer = server.call(call).await.ok();
        let member = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self {
            client: client.to_owned(),
            device_code: member("device_code"),
            user_code: member("user_code"),
            answer,
        }
    }

    /// The question whether there are tokens.
    pub(crate) fn poll(&self) -> Call {
        self.poll_as(&self.client)
    }

    /// The same question by another client.
    pub(crate) fn poll_as(&self, client: &str) -> Call {
        Call::token()
            .client(client)
            .field("grant_type", GRANT_TYPE)
            .field("device_code", &self.device_code)
    }

    /// Somebody types the code and logs in, up to the question.
    pub(crate) async fn confirm_page(&self, browser: &mut Browser<'_>, username: &str) -> Answer {
        let page = type_code(browser, &self.user_code).await;
        if page.marker().as_deref() == Some("login-page") {
            browser.log_in(&page, username).await
        } else {
            page
        }
    }

    /// Somebody types the code, logs in and presses a button.
    pub(crate) async fn answer_with(&self, server: &Server, username: &str, button: &str) -> Answer {
        let mut browser = Browser::new(server);
        let page = self.confirm_page(&mut browser, username).await;
        page.is_page("device-confirm-page");
        browser.press(&page, button).await
    }

    pub(crate) async fn approve(&self, server: &Server, username: &str) {
        let done = self.answer_with(server, username, "device-approve").await;
        assert_eq!(done.status, 200);
        done.is_page("device-done-page");
    }
}

/// Somebody types a code.
pub(crate) async fn type_code(browser: &mut Browser<'_>, code: &str) -> Answer {
    let page = browser.get("/device").await;
    let form = Form::sent_by(page.text(), "device-submit").fill("user_code", code);
    let answer = browser.send(&form).await;
    browser.follow(answer).await
}
