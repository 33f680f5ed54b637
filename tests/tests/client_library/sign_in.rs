//! A web application of axum whose users sign in, and browsers that are not always honest.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use grantor_client::{
    Client, ClientAuthentication, Seconds, Session, SignIn, SignInError, TokenHint, Tokens,
};
use grantor_tests::{Person, Server};
use grantor_vault::{Clock as _, CredentialManager, MasterKey, MemoryStorage, SystemClock};
use http::header::{ACCEPT, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{RequestBuilder, Response};

use super::REDIRECT_URI;

/// An application that runs.
struct Application {
    origin: String,
    sign_in: SignIn,
    /// Seconds that its clock is ahead.
    ahead: Arc<AtomicU64>,
    /// The failures that it has seen.
    failures: Arc<Mutex<Vec<SignInError>>>,
}

async fn home(session: Session, address: http::Uri) -> String {
    let name = session.user().name().unwrap_or("nobody");
    format!("{name} at {address}")
}

async fn lobby(session: Option<Session>) -> &'static str {
    match session {
        Some(_) => "somebody",
        None => "nobody",
    }
}

impl Application {
    async fn start(server: &Server) -> Self {
        let ahead = Arc::new(AtomicU64::new(0));
        let clock = {
            let ahead = ahead.clone();
            move || SystemClock.now().plus(Seconds(ahead.load(Ordering::SeqCst)))
        };
        let client = Client::builder(server.issuer(), "web")
            .authentication(ClientAuthentication::basic("web-secret"))
            .redirect_uri(REDIRECT_URI)
            .clock(clock)
            .discover()
            .await
            .unwrap();
        let (master_key, _) = MasterKey::generate().unwrap();
        let sessions = CredentialManager::builder(MemoryStorage::default(), master_key)
            .refresher(client.clone())
            .open()
            .await
            .unwrap();
        let failures = Arc::new(Mutex::new(Vec::new()));
        let seen = failures.clone();
        let sign_in = SignIn::builder(client, sessions)
            .scope("profile offline_access")
            .lifetime(Duration::from_secs(3_600))
            .post_logout_redirect_uri("http://localhost:3000/")
            .on_error(move |error| {
                seen.lock().unwrap().push(error.clone());
                None
            })
            .build()
            .unwrap();
        let app = Router::new()
            .route("/", get(home))
            .route("/orders", get(home).post(home))
            .route("/lobby", get(lobby))
            .merge(sign_in.routes())
            .with_state(sign_in.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            origin,
            sign_in,
            ahead,
            failures,
        }
    }

    fn failure(&self) -> SignInError {
        self.failures.lock().unwrap().pop().unwrap()
    }

    fn browser(&self) -> Browser<'_> {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Browser {
            application: self,
            http: http.build().unwrap(),
            cookies: BTreeMap::new(),
        }
    }
}

/// A browser that follows nothing by itself.
#[derive(Clone)]
struct Browser<'a> {
    application: &'a Application,
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser<'_> {
    async fn send(&mut self, request: RequestBuilder) -> Response {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let answer = request.header(COOKIE, cookies).send().await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let set = set.to_str().unwrap();
            assert!(set.contains("; HttpOnly; SameSite=Lax; Path=/"), "{set}");
            let (name, value) = set.split_once(';').unwrap().0.split_once('=').unwrap();
            match set.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }

    async fn open(&mut self, path: &str) -> Response {
        let request = self.http.get(format!("{}{path}", self.application.origin));
        self.send(request.header(ACCEPT, "text/html,*/*;q=0.8")).await
    }

    /// Opens it and goes where the answer leads.
    async fn leads(&mut self, path: &str) -> String {
        let answer = self.open(path).await;
        assert_eq!(answer.status(), 303, "{path}");
        answer.headers()[LOCATION].to_str().unwrap().to_owned()
    }

    /// Begins a login, lets the person decide, and gives the path of the callback.
    async fn callback(&mut self, person: &Person, decision: &str) -> String {
        let provider = self.leads("/login").await;
        let back = person.authorize(&provider, decision).await.unwrap();
        back.strip_prefix("http://localhost:3000").unwrap().to_owned()
    }

    async fn sign_in(&mut self, person: &Person) {
        let back = self.callback(person, "approve").await;
        assert_eq!(self.leads(&back).await, "/");
    }

    async fn is_signed_in(&mut self) -> bool {
        self.open("/lobby").await.text().await.unwrap() == "somebody"
    }

    async fn post(&mut self, path: &str, site: &str) -> Response {
        let request = self.http.post(format!("{}{path}", self.application.origin));
        self.send(request.header("sec-fetch-site", site)).await
    }
}

#[tokio::test]
async fn whoever_opens_a_page_signs_in_and_gets_there() {
    let server = Server::start().await;
    let application = Application::start(&server).await;
    let mut browser = application.browser();
    assert!(!browser.is_signed_in().await);
    let login = browser.leads("/orders?page=2").await;
    assert_eq!(login, "/login?return_to=%2Forders%3Fpage%3D2");
    let provider = browser.leads(&login).await;
    let person = Person::new(server.issuer(), "demo");
    let back = person.authorize(&provider, "approve").await.unwrap();
    let back = back.strip_prefix("http://localhost:3000").unwrap();
    assert_eq!(browser.leads(back).await, "/orders?page=2");
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["session"]);
    let page = browser.open("/orders?page=2").await.text().await.unwrap();
    assert_eq!(page, "Demo Maria User at /orders?page=2");
    assert!(browser.is_signed_in().await);

    // What lies in the vault is no cookie.
    let listed = application.sign_in.sessions().list().await.unwrap();
    assert_eq!(listed.len(), 1);
    let mut thief = application.browser();
    thief.cookies.insert("session".to_owned(), listed[0].id.clone());
    assert!(!thief.is_signed_in().await);

    // A program is not sent anywhere.
    let mut program = application.browser();
    assert_eq!(program.post("/orders", "none").await.status(), 401);
}

#[tokio::test]
async fn a_callback_is_good_once_in_its_own_browser_for_ten_minutes() {
    let server = Server::start().await;
    let application = Application::start(&server).await;
    let person = Person::new(server.issuer(), "demo");
    let mut victim = application.browser();
    let mut attacker = application.browser();
    let not_under_way = async |browser: &mut Browser<'_>, callback: &str| {
        assert_eq!(browser.open(callback).await.status(), 400, "{callback}");
        assert!(matches!(application.failure(), SignInError::NotUnderWay));
        assert!(!browser.is_signed_in().await);
    };

    // Login CSRF: somebody else's answer.
    let theirs = attacker.callback(&person, "approve").await;
    not_under_way(&mut victim, &theirs).await;
    let mut keeps_cookies = attacker.clone();
    assert_eq!(attacker.leads(&theirs).await, "/");
    not_under_way(&mut keeps_cookies, &theirs).await;
    for forged in ["", "?state=x&code=y", "?code=y", "?state=a&state=b", "?state=%FF"] {
        not_under_way(&mut victim, &format!("/oauth/callback{forged}")).await;
    }

    let late = victim.callback(&person, "approve").await;
    application.ahead.store(601, Ordering::SeqCst);
    not_under_way(&mut victim, &late).await;
    application.ahead.store(0, Ordering::SeqCst);

    // Two at once with the same cookies: one of them.
    let back = victim.callback(&person, "approve").await;
    let mut twin = victim.clone();
    let (one, other) = tokio::join!(victim.open(&back), twin.open(&back));
    let mut both = [one.status().as_u16(), other.status().as_u16()];
    both.sort_unstable();
    assert_eq!(both, [303, 400]);
}

#[tokio::test]
async fn tabs_do_not_disturb_each_other_and_are_not_kept_for_ever() {
    let server = Server::start().await;
    let application = Application::start(&server).await;
    let person = Person::new(server.issuer(), "demo");
    let mut browser = application.browser();
    let first = browser.callback(&person, "approve").await;
    let second = browser.callback(&person, "approve").await;
    assert_eq!(browser.cookies.len(), 2);
    assert_eq!(browser.leads(&first).await, "/");
    let session = browser.cookies["session"].clone();
    assert_eq!(browser.leads(&second).await, "/");
    assert_ne!(
        browser.cookies["session"], session,
        "every login has a session of its own"
    );
    assert_eq!(
        application.sign_in.sessions().list().await.unwrap().len(),
        1,
        "and ends the one before"
    );

    for _ in 0..20 {
        browser.leads("/login").await;
        assert!(browser.cookies.len() <= 6, "{}", browser.cookies.len());
    }
    let last = browser.callback(&person, "approve").await;
    assert_eq!(browser.leads(&last).await, "/");
}

#[tokio::test]
async fn nobody_is_led_elsewhere_and_a_refusal_is_told() {
    let server = Server::start().await;
    let application = Application::start(&server).await;
    let person = Person::new(server.issuer(), "demo");
    for elsewhere in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/a%0d%0aSet-Cookie:x=y",
    ] {
        let mut browser = application.browser();
        let address: String = form_urlencoded::byte_serialize(elsewhere.as_bytes()).collect();
        let provider = browser.leads(&format!("/login?return_to={address}")).await;
        let back = person.authorize(&provider, "approve").await.unwrap();
        let back = back.strip_prefix("http://localhost:3000").unwrap();
        let led = browser.leads(back).await;
        assert!(led == "/" || led == "/a%0d%0aSet-Cookie:x=y", "{led}");
    }

    let other = Person::new(server.issuer(), "other");
    let mut browser = application.browser();
    let denied = browser.callback(&other, "deny").await;
    let answer = browser.open(&denied).await;
    assert_eq!(answer.status(), 403);
    assert!(
        answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("default-src 'none'")
    );
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("You were not signed in.") && page.contains("<a href=\"/login\">"),
        "{page}"
    );
    assert!(
        matches!(application.failure(), SignInError::Client(error) if error.refusal().unwrap().code == "access_denied")
    );
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn signing_out_ends_it_everywhere() {
    let server = Server::start().await;
    let application = Application::start(&server).await;
    let person = Person::new(server.issuer(), "demo");
    let mut browser = application.browser();
    browser.sign_in(&person).await;
    let id = application.sign_in.sessions().list().await.unwrap()[0].id.clone();
    let stored = application.sign_in.sessions().get(&id).await.unwrap().credential;

    for site in ["cross-site", "same-site"] {
        assert_eq!(browser.post("/logout", site).await.status(), 403);
        assert!(matches!(application.failure(), SignInError::OtherSite));
    }
    assert_eq!(
        browser.open("/logout").await.status(),
        405,
        "a link signs nobody out"
    );
    assert!(browser.is_signed_in().await);

    let kept = browser.clone();
    let answer = browser.post("/logout", "same-origin").await;
    let there = answer.headers()[LOCATION].to_str().unwrap().to_owned();
    assert!(
        there.starts_with(&format!("{}/oauth/logout?id_token_hint=", server.issuer())),
        "{there}"
    );
    assert!(
        there.contains("post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F"),
        "{there}"
    );
    for mut browser in [browser, kept] {
        assert!(!browser.is_signed_in().await);
    }
    let client = application.sign_in.client();
    let mut tokens = Tokens::restored(
        stored.access_token().clone(),
        grantor_client::TokenType::Bearer,
        stored.scope().clone(),
    );
    tokens.refresh_token = stored.refresh_token().cloned();
    let over = client.refresh(&tokens).unwrap().send().await.unwrap_err();
    assert!(
        over.refusal()
            .is_some_and(|refusal| refusal.code == "invalid_grant"),
        "{over}"
    );
    client
        .revoke(stored.access_token(), TokenHint::AccessToken)
        .await
        .unwrap();

    // Nobody to sign out.
    let mut nobody = application.browser();
    let answer = nobody.post("/logout", "same-origin").await;
    assert_eq!(answer.headers()[LOCATION], "/");
}

#[tokio::test]
async fn a_session_ends_by_itself_and_is_purged() {
    let server = Server::start().await;
    let application = Application::start(&server).await;
    let person = Person::new(server.issuer(), "demo");
    let mut browser = application.browser();
    browser.sign_in(&person).await;
    application.ahead.store(3_590, Ordering::SeqCst);
    assert!(browser.is_signed_in().await);
    assert_eq!(application.sign_in.purge().await.unwrap(), 0);
    application.ahead.store(3_610, Ordering::SeqCst);
    assert!(!browser.is_signed_in().await);
    assert_eq!(application.sign_in.purge().await.unwrap(), 1);
    assert!(application.sign_in.sessions().list().await.unwrap().is_empty());
}
