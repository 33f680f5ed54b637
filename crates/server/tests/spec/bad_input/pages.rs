//! Forms that were forged, and cookies and interactions that are not the browser's own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::COOKIE;

use super::Expected::{Page, Shows, ToLogin};
use super::{Expected, Row, World, row};
use crate::harness::{ALICE, Call, password, tampered};

#[tokio::test]
async fn pages() {
    let world = World::new().await;
    world.check(rows(&world)).await;
}

const FORGED: Expected = Page(403, "access_denied", "form_token_invalid");
const EXPIRED: Expected = Page(403, "access_denied", "interaction_expired");

pub(crate) fn rows(world: &World) -> Vec<Row> {
    let mut rows = interactions(world);
    rows.extend(consents(world));
    rows.extend(logins(world));
    rows.extend(accounts(world));
    rows.extend(cookies(world));
    rows
}

fn interactions(world: &World) -> Vec<Row> {
    let good = world.consent.value("interaction").unwrap();
    let open = |page: &str, sealed: &str| {
        Call::get(&format!("/{page}?interaction={sealed}")).header(COOKIE, &world.alice)
    };
    #[rustfmt::skip]
    let rows = vec![
        row("interaction: none on consent", Call::get("/consent").header(COOKIE, &world.alice), EXPIRED),
        row("interaction: none on select-account", Call::get("/select-account").header(COOKIE, &world.alice), EXPIRED),
        row("interaction: garbage on login", open("login", "x"), EXPIRED),
        row("interaction: garbage on consent", open("consent", "x"), EXPIRED),
        row("interaction: garbage on select-account", open("select-account", "x"), EXPIRED),
        row("interaction: truncated", open("consent", &good[..good.len() - 4]), EXPIRED),
        row("interaction: longer", open("consent", &format!("{good}AAAA")), EXPIRED),
        row("interaction: one bit flipped", open("consent", &tampered(good, good.len() / 2)), EXPIRED),
        row("interaction: the key's id flipped", open("consent", &tampered(good, 1)), EXPIRED),
        row("interaction: an opaque access token", open("consent", &world.opaque_token), EXPIRED),
        row("interaction: a JWT", open("consent", &world.access_token), EXPIRED),
        row("interaction: twice", open("consent", &format!("{good}&interaction=x")), Page(400, "invalid_request", "parameter_repeated")),
        row("interaction: not UTF-8", open("consent", "%ff"), Page(400, "invalid_request", "parameter_encoding")),
        row("interaction: without a session", Call::get(&format!("/consent?interaction={good}")), ToLogin),
    ];
    rows
}

fn consents(world: &World) -> Vec<Row> {
    let send = |name: &str, value: &str| {
        let form = world.consent.clone().fill(name, value);
        Call::post("/consent")
            .fields(&form.fields)
            .header(COOKIE, &world.alice)
    };
    let bobs_token = world.bobs_consent.value("csrf_token").unwrap();
    let own = world.consent.value("csrf_token").unwrap();
    let as_bob = Call::post("/consent").fields(&world.bobs_consent.fields);
    let nobody = Call::post("/consent").fields(&world.consent.fields);
    let form_cookie_only: String = world.cookie("__Host-grantor_form");
    #[rustfmt::skip]
    let rows = vec![
        row("consent: no form token", send("csrf_token", ""), FORGED),
        row("consent: a made-up form token", send("csrf_token", &"A".repeat(43)), FORGED),
        row("consent: the form token with a bit flipped", send("csrf_token", &tampered(own, 5)), FORGED),
        row("consent: another browser's form token", send("csrf_token", bobs_token), FORGED),
        row("consent: the form of another browser", as_bob.header(COOKIE, &world.alice), FORGED),
        row("consent: without cookies", nobody.clone(), FORGED),
        row("consent: after the session is gone", nobody.clone().header(COOKIE, &form_cookie_only), FORGED),
        row("consent: with a made-up form cookie", nobody.header(COOKIE, &format!("__Host-grantor_form={}", "A".repeat(43))), FORGED),
        row("consent: a forged interaction", send("interaction", "x"), EXPIRED),
        row("consent: no interaction", send("interaction", ""), EXPIRED),
        row("consent: JSON", Call::post("/consent").body("application/json", "{}").header(COOKIE, &world.alice), Page(415, "invalid_request", "content_type_unsupported")),
        row("consent: in the query", Call::post(&format!("/consent?{}", world.consent.encoded())).body("application/x-www-form-urlencoded", "").header(COOKIE, &world.alice), FORGED),
        row("select-account: no form token", Call::post("/select-account").field("account", "x").header(COOKIE, &world.alice), FORGED),
        row("select-account: a forged interaction", Call::post("/select-account").field("csrf_token", own).field("interaction", "x").header(COOKIE, &world.alice), EXPIRED),
    ];
    rows
}

/// None of these gets as far as the password, so none counts as an attempt.
fn logins(world: &World) -> Vec<Row> {
    let interaction = world.consent.value("interaction").unwrap();
    let own = world.consent.value("csrf_token").unwrap();
    let form = |token: &str| {
        Call::post("/login")
            .field("interaction", interaction)
            .field("csrf_token", token)
            .field("username", ALICE)
            .field("password", &password(ALICE))
    };
    let again = Shows(403, "login-page");
    let wrong = Shows(401, "login-page");
    let with = |name: &str, value: &str| {
        form(own)
            .without(name)
            .field(name, value)
            .header(COOKIE, &world.alice)
    };
    #[rustfmt::skip]
    let rows = vec![
        row("login: without cookies", form(own), again),
        row("login: no form token", form("").header(COOKIE, &world.alice), again),
        row("login: a made-up form token", form("x").header(COOKIE, &world.alice), again),
        row("login: a forged interaction", with("interaction", "x"), EXPIRED),
        row("login: no name", with("username", ""), wrong),
        row("login: spaces for a name", with("username", "   "), wrong),
        row("login: a name of 256 bytes", with("username", &"x".repeat(256)), wrong),
        row("login: no password", with("password", ""), wrong),
        row("login: two names", form(own).field("username", "bob").header(COOKIE, &world.alice), Page(400, "invalid_request", "parameter_repeated")),
        row("login: JSON", Call::post("/login").body("application/json", "{}"), Page(415, "invalid_request", "content_type_unsupported")),
    ];
    rows
}

fn accounts(world: &World) -> Vec<Row> {
    let own = world.consent.value("csrf_token").unwrap();
    let post = |path: &str| {
        Call::post(path)
            .field("csrf_token", own)
            .header(COOKIE, &world.alice)
    };
    let shown = Shows(200, "account-overview-page");
    let without = |path: &str| Call::post(path).field("x", "y").header(COOKIE, &world.alice);
    let bobs_session = world.bobs_session();
    #[rustfmt::skip]
    let rows = vec![
        row("sign-out: no form token", without("/account/sign-out"), FORGED),
        row("sign-out-everywhere: no form token", without("/account/sign-out-everywhere"), FORGED),
        row("logout-confirm: no form token", without("/sign-out"), FORGED),
        row("remove-access: no form token", without("/account/remove-access"), FORGED),
        row("sign-out: another person's session", post("/account/sign-out").field("session_id", &bobs_session), shown),
        row("sign-out: a session that is none", post("/account/sign-out").field("session_id", &"A".repeat(22)), shown),
        row("remove-access: a client without access", post("/account/remove-access").field("grant_id", "native"), shown),
        row("remove-access: a client that is none", post("/account/remove-access").field("grant_id", "\0"), shown),
        row("remove-access: nothing", post("/account/remove-access"), shown),
        row("account: nobody", Call::get("/account"), ToLogin),
    ];
    rows
}

fn cookies(world: &World) -> Vec<Row> {
    let session = world.cookie("__Host-grantor_session");
    let value = session.split_once('=').unwrap().1.to_owned();
    let account = |cookie: &str| Call::get("/account").header(COOKIE, cookie);
    let with = |value: &str| account(&format!("__Host-grantor_session={value}"));
    let mut wrong_secret = URL_SAFE_NO_PAD.decode(&value).unwrap();
    wrong_secret[16..].fill(0);
    #[rustfmt::skip]
    let rows = vec![
        row("session: made up", with(&"A".repeat(64)), ToLogin),
        row("session: the id with another secret", with(&URL_SAFE_NO_PAD.encode(wrong_secret)), ToLogin),
        row("session: one bit of the secret flipped", with(&tampered(&value, 50)), ToLogin),
        row("session: one bit of the id flipped", with(&tampered(&value, 3)), ToLogin),
        row("session: truncated", with(&value[..63]), ToLogin),
        row("session: longer", with(&format!("{value}A")), ToLogin),
        row("session: empty", with(""), ToLogin),
        row("session: an access token", with(&world.access_token), ToLogin),
        // A cookie that plain http, or another host of the domain, could have set.
        row("session: without the prefix", account(&format!("grantor_session={value}")), ToLogin),
        row("session: under another name", account(&format!("__Host-grantor_form={value}")), ToLogin),
        row("session: a forged one first", account(&format!("__Host-grantor_session=x; {session}")), ToLogin),
        row("session: a cookie header of commas", account(",,;;==;"), ToLogin),
    ];
    rows
}
