//! [OpenID Connect RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html): an application
//! asks us to sign somebody out.

mod aftermath;

use grantor_jose::{SigningKey, Type};
use grantor_protocol::Cause;
use grantor_types::{RedirectUri, Seconds, SigningAlgorithm};
use serde_json::{Value, json};

use crate::harness::{ALICE, Answer, Ask, BOB, Browser, Call, Callback, Form, Server, Setup, jwt, text};

const GOODBYE: &str = "https://app.example/goodbye";
const WITH_QUERY: &str = "https://app.example/goodbye?keep=1";
const SESSION: &str = "__Host-grantor_session";

fn setup() -> Setup {
    Setup::new().client("web", |client| {
        client.metadata.post_logout_redirect_uris = [GOODBYE, WITH_QUERY]
            .map(|uri| RedirectUri::parse(uri).unwrap())
            .into();
    })
}

fn ask() -> Ask {
    Ask::web().with("scope", "openid read")
}

/// Logs somebody in to the application `web`, and gives the tokens.
async fn log_in(server: &Server, browser: &mut Browser<'_>, ask: &Ask, username: &str) -> Value {
    let code = browser.callback(ask, username).await.code();
    server.call(ask.redeem(&code)).await.ok()
}

fn path(parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    format!("/oauth/logout?{query}")
}

async fn leave(browser: &mut Browser<'_>, parameters: &[(&str, &str)]) -> Answer {
    let answer = browser.get(&path(parameters)).await;
    browser.follow(answer).await
}

/// Whether the browser is logged in, as an application finds out.
async fn is_logged_in(browser: &mut Browser<'_>) -> bool {
    let silent = browser.ask(&ask().with("prompt", "none")).await;
    let callback = Callback::of(&silent);
    match callback.value("error") {
        Some(error) => {
            assert_eq!(error, "login_required");
            false
        }
        None => true,
    }
}

#[tokio::test]
async fn a_valid_hint_signs_out_and_leads_back_with_the_state_alone() {
    for (uri, joint) in [(GOODBYE, '?'), (WITH_QUERY, '&')] {
        for state in [None, Some("st4te \"+&=é%"), Some(&*"x".repeat(128))] {
            let server = setup().start().await;
            let mut browser = Browser::new(&server);
            let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
            let mut parameters = vec![
                ("id_token_hint", text(&tokens["id_token"])),
                ("post_logout_redirect_uri", uri),
            ];
            parameters.extend(state.map(|state| ("state", state)));
            let answer = browser.get(&path(&parameters)).await;
            assert_eq!(answer.status, 303);
            let encoded = |state| form_urlencoded::byte_serialize(str::as_bytes(state)).collect::<String>();
            let expected = state.map_or_else(
                || uri.to_owned(),
                |state| format!("{uri}{joint}state={}", encoded(state)),
            );
            assert_eq!(answer.location(), expected);
            assert!(!browser.cookies.contains_key(SESSION));
        }
    }
}

#[tokio::test]
async fn afterwards_prompt_none_is_an_error() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    assert!(is_logged_in(&mut browser).await);
    let kept = browser.clone();
    leave(&mut browser, &[("id_token_hint", text(&tokens["id_token"]))])
        .await
        .is_page("signed-out-page");
    assert!(!is_logged_in(&mut browser).await);
    // The cookie is dead for whoever kept it.
    assert!(!is_logged_in(&mut kept.clone()).await);
}

#[tokio::test]
async fn a_modified_id_token_hint_is_no_way_out() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    let good = text(&tokens["id_token"]);
    let jwks = server.call(Call::get("/oauth/jwks.json")).await;
    let (own, _) = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
    let elsewhere = {
        let mut claims = jwt::claims(good);
        claims["iss"] = json!("https://elsewhere.example");
        server.sign(Type::IdToken, &claims).await
    };
    let hints = [
        jwt::unsigned(good, "none"),
        jwt::unsigned(good, "None"),
        jwt::signed_with_public_key(good, &jwks.body),
        // HS256 with the secret of the client.
        jwt::signed_with_public_key(good, b"web-secret"),
        jwt::signed_with_another_key(good, Type::IdToken),
        // The client's own key.
        own.sign(Type::IdToken, &jwt::claims(good)).unwrap(),
        jwt::with_claim(good, "aud", json!("other")),
        jwt::with_claim(good, "sub", json!("somebody")),
        elsewhere,
        text(&tokens["access_token"]).to_owned(),
        "not a token".to_owned(),
        "a".repeat(20_000),
    ];
    for hint in hints {
        for redirect in [None, Some(("post_logout_redirect_uri", GOODBYE))] {
            let mut parameters = vec![("id_token_hint", hint.as_str()), ("state", "s")];
            parameters.extend(redirect);
            let answer = browser.get(&path(&parameters)).await;
            answer.refused_on_page(400, "invalid_request", Cause::IdTokenHintInvalid);
        }
    }
    assert!(is_logged_in(&mut browser).await);
}

/// "The OP SHOULD accept ID Tokens [...] even when the exp time has passed": ours, for as long as the key is published.
#[tokio::test]
async fn an_expired_hint_of_ours_is_accepted() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    server.replace_keys_now().await;
    server.advance(Seconds::hours(2));
    let parameters = [
        ("id_token_hint", text(&tokens["id_token"])),
        ("post_logout_redirect_uri", GOODBYE),
    ];
    let answer = browser.get(&path(&parameters)).await;
    assert_eq!(answer.location(), GOODBYE);
    assert!(!is_logged_in(&mut browser).await);
}

#[tokio::test]
async fn an_unregistered_uri_is_no_way_out() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    let hint = text(&tokens["id_token"]);
    for uri in [
        "https://evil.example/",
        "https://app.example/cb",
        "https://app.example/goodbye/",
        "https://app.example/goodbye#x",
        "HTTPS://APP.example/goodbye",
        "//app.example/goodbye",
        "javascript:alert(1)",
    ] {
        let answer = browser
            .get(&path(&[
                ("id_token_hint", hint),
                ("post_logout_redirect_uri", uri),
            ]))
            .await;
        answer.refused_on_page(400, "invalid_request", Cause::PostLogoutRedirectUriUnregistered);
    }
    assert!(is_logged_in(&mut browser).await);
}

#[tokio::test]
async fn a_query_added_to_the_registered_uri_is_no_way_out() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    for uri in [
        "https://app.example/goodbye?foo=bar",
        "https://app.example/goodbye?keep=1&foo=bar",
    ] {
        let parameters = [
            ("id_token_hint", text(&tokens["id_token"])),
            ("post_logout_redirect_uri", uri),
            ("state", "s"),
        ];
        let answer = browser.get(&path(&parameters)).await;
        answer.refused_on_page(400, "invalid_request", Cause::PostLogoutRedirectUriUnregistered);
    }
}

#[tokio::test]
async fn a_uri_without_a_hint_is_no_way_out() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    log_in(&server, &mut browser, &ask(), ALICE).await;
    let parameters = [("post_logout_redirect_uri", GOODBYE), ("state", "s")];
    let answer = browser.get(&path(&parameters)).await;
    answer.refused_on_page(400, "invalid_request", Cause::PostLogoutRedirectUriWithoutClient);
    assert!(is_logged_in(&mut browser).await);
}

/// A `client_id` says whose the URI is, and proves nothing: the person is asked.
#[tokio::test]
async fn a_uri_with_a_client_id_leads_back_once_the_person_said_yes() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    log_in(&server, &mut browser, &ask(), ALICE).await;
    let parameters = [
        ("client_id", "web"),
        ("post_logout_redirect_uri", GOODBYE),
        ("state", "a b"),
    ];
    let page = leave(&mut browser, &parameters).await;
    page.is_page("logout-page");
    assert!(page.text().contains("The web client"));
    // The form leads to the application, so the policy has to let it.
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("form-action 'self' https://app.example"),
        "{policy}"
    );
    let answer = browser.press(&page, "logout-yes").await;
    assert_eq!(answer.location(), "https://app.example/goodbye?state=a+b");
    assert!(!is_logged_in(&mut browser).await);
}

#[tokio::test]
async fn a_client_id_has_to_be_that_of_the_hint_and_known() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    let hint = ("id_token_hint", text(&tokens["id_token"]));
    let rows = [
        (
            vec![hint, ("client_id", "other")],
            Cause::LogoutClientMismatch,
            400,
        ),
        (
            vec![("client_id", "nobody")],
            Cause::ClientUnknownAtAuthorize,
            400,
        ),
        (
            vec![("client_id", "retired"), ("post_logout_redirect_uri", GOODBYE)],
            Cause::ClientDisabled,
            401,
        ),
    ];
    for (parameters, cause, status) in rows {
        let answer = browser.get(&path(&parameters)).await;
        answer.refused_on_page(status, cause.code().as_str(), cause);
    }
    assert!(is_logged_in(&mut browser).await);
    let same = [hint, ("client_id", "web"), ("post_logout_redirect_uri", GOODBYE)];
    assert_eq!(browser.get(&path(&same)).await.location(), GOODBYE);
}

#[tokio::test]
async fn without_parameters_the_person_is_asked() {
    for parameters in [
        vec![],
        vec![("state", "only")],
        vec![("logout_hint", "alice"), ("ui_locales", "en"), ("unknown", "x")],
    ] {
        let server = setup().start().await;
        let mut browser = Browser::new(&server);
        log_in(&server, &mut browser, &ask(), ALICE).await;
        let page = leave(&mut browser, &parameters).await;
        page.is_page("logout-page");
        assert!(page.text().contains("ALICE Example"));
        assert!(is_logged_in(&mut browser).await);
        let done = browser.press(&page, "logout-yes").await;
        done.is_page("signed-out-page");
        assert_eq!(done.status, 200);
        assert!(!is_logged_in(&mut browser).await);
    }
}

#[tokio::test]
async fn a_hint_without_a_uri_ends_on_our_own_page() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    let hint = ("id_token_hint", text(&tokens["id_token"]));
    let done = leave(&mut browser, &[hint, ("ui_locales", "de")]).await;
    done.is_page("signed-out-page");
    assert!(!done.text().contains("http-equiv"));
    assert!(done.text().contains("id=\"sign-in-again\""));
}

#[tokio::test]
async fn a_no_changes_nothing() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    log_in(&server, &mut browser, &ask(), ALICE).await;
    let page = leave(
        &mut browser,
        &[("client_id", "web"), ("post_logout_redirect_uri", GOODBYE)],
    )
    .await;
    let before = server.everything_stored();
    let answer = browser.press(&page, "logout-no").await;
    answer.is_page("still-signed-in-page");
    assert_eq!(server.everything_stored(), before);
    assert!(is_logged_in(&mut browser).await);
}

/// Nobody is signed out by what somebody else can know: not by a token of their own, nor by a form of another page.
#[tokio::test]
async fn nobody_is_signed_out_by_another_site() {
    let server = setup().start().await;
    let (mut browser, mut attacker) = (Browser::new(&server), Browser::new(&server));
    log_in(&server, &mut browser, &ask(), ALICE).await;
    let own = log_in(&server, &mut attacker, &ask(), BOB).await;
    let hint = ("id_token_hint", text(&own["id_token"]));
    let page = leave(&mut browser, &[hint, ("post_logout_redirect_uri", GOODBYE)]).await;
    page.is_page("logout-page");

    let form = Form::sent_by(page.text(), "logout-yes");
    for forged in [
        form.clone().fill("csrf_token", ""),
        form.clone().fill("csrf_token", &"A".repeat(43)),
    ] {
        let answer = browser.send(&forged).await;
        answer.refused_on_page(403, "access_denied", Cause::FormTokenInvalid);
    }
    let damaged = form.clone().fill("interaction", "damaged");
    let answer = browser.send(&damaged).await;
    answer.refused_on_page(403, "access_denied", Cause::InteractionExpired);
    assert!(is_logged_in(&mut browser).await);
    // Their own answer counts, and leads to where the request said.
    assert_eq!(browser.send(&form).await.location(), GOODBYE);
}

#[tokio::test]
async fn the_question_ends_after_an_hour() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    log_in(&server, &mut browser, &ask(), ALICE).await;
    let page = leave(&mut browser, &[("client_id", "web")]).await;
    server.advance(Seconds::hours(1));
    let answer = browser.press(&page, "logout-yes").await;
    answer.refused_on_page(403, "access_denied", Cause::InteractionExpired);
}

#[tokio::test]
async fn without_a_session_nobody_is_asked() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    leave(&mut browser, &[]).await.is_page("signed-out-page");
    let parameters = [("client_id", "web"), ("post_logout_redirect_uri", GOODBYE)];
    assert_eq!(leave(&mut browser, &parameters).await.location(), GOODBYE);
    browser
        .get("/signed-out?interaction=damaged")
        .await
        .is_page("signed-out-page");
    let page = browser.get("/sign-out").await;
    browser.follow(page).await.is_page("signed-out-page");
}

/// A form that another site posts comes without the cookie; our own page finds it again.
#[tokio::test]
async fn a_request_may_be_posted() {
    let server = setup().start().await;
    let mut browser = Browser::new(&server);
    let tokens = log_in(&server, &mut browser, &ask(), ALICE).await;
    let post = Call::post("/oauth/logout")
        .field("id_token_hint", text(&tokens["id_token"]))
        .field("post_logout_redirect_uri", GOODBYE)
        .field("state", "s");
    let there = server.call(post).await;
    assert_eq!(there.status, 303);
    let answer = browser.follow(there).await;
    assert_eq!(answer.location(), format!("{GOODBYE}?state=s"));
    assert!(!is_logged_in(&mut browser).await);

    let bad = Call::post("/oauth/logout").field("id_token_hint", "x");
    let answer = browser.call(bad).await;
    answer.refused_on_page(400, "invalid_request", Cause::IdTokenHintInvalid);
}
