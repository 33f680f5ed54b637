//! What other servers let through: one test for each hole that was found in the four that this one takes the place of.
//! `h..` are those of the first server's list, in its order; the folder has those of the others.
//!
//! Not here, because there is no such thing: administration over HTTP (H8, H11, H12, H17, H19) and CIBA (H10). H14, a
//! secret of the program's own in place of a missing one, is a test of `grantor serve`. H15, ids of every shape, is with
//! the leniencies.

mod issuing;
mod people;

use grantor_protocol::Cause;
use grantor_types::{Scope, SigningAlgorithm};
use serde_json::json;

use crate::harness::{ALICE, Answer, Ask, Browser, Call, DPOP, Holder, Server, Setup, jwt, text};

/// Sends what has to be refused with this code and to change nothing.
async fn refused(server: &Server, call: Call, status: u16, error: &str, cause: Cause) -> Answer {
    let before = server.everything_stored();
    let answer = server.call(call).await;
    answer.refused(status, error, cause);
    assert_eq!(server.everything_stored(), before);
    answer
}

/// The server cannot read its own tokens.
#[tokio::test]
async fn h01_every_token_fails_its_own_decoder() {
    let server = Server::start().await;
    for resource in [
        "https://api.example",
        "https://files.example",
        "https://sealed.example",
    ] {
        let tokens = Ask::web()
            .with("scope", "openid read")
            .with("resource", resource)
            .tokens(&server)
            .await;
        let token = text(&tokens["access_token"]);
        let found = server.call(Call::introspect(token).client("web")).await;
        assert_eq!(found.ok()["active"], json!(true), "{resource}");
        server.call(Call::userinfo(token)).await.ok();
    }
}

/// The verifier is looked at only when it is there.
#[tokio::test]
async fn h02_pkce_skipped_by_omission() {
    let server = Server::start().await;
    for ask in [Ask::web(), Ask::spa()] {
        let code = ask.code(&server).await;
        for without in ["", " "] {
            let call = ask.redeem(&code).without("code_verifier").field("x", without);
            refused(&server, call, 400, "invalid_grant", Cause::CodeVerifierMissing).await;
        }
        let empty = ask
            .redeem(&code)
            .without("code_verifier")
            .field("code_verifier", "");
        refused(&server, empty, 400, "invalid_grant", Cause::CodeVerifierMissing).await;
    }
}

/// Errors are redirected before client and redirect URI are checked.
#[tokio::test]
async fn h03_open_redirector() {
    let server = Server::start().await;
    let evil = Ask::web().with("redirect_uri", "https://evil.example/cb");
    let unknown = Ask::of("nobody", "https://evil.example/cb");
    for (ask, cause) in [
        (evil.clone(), Cause::RedirectUriUnregistered),
        (
            evil.clone().without("code_challenge"),
            Cause::RedirectUriUnregistered,
        ),
        (
            evil.clone().with("response_type", "token"),
            Cause::RedirectUriUnregistered,
        ),
        (evil.with("scope", "nonsense"), Cause::RedirectUriUnregistered),
        (unknown.clone(), Cause::ClientUnknownAtAuthorize),
        (
            unknown.with("response_type", "token"),
            Cause::ClientUnknownAtAuthorize,
        ),
    ] {
        let before = server.everything_stored();
        let answer = server.call(Call::get(&ask.path())).await;
        answer.refused_on_page(400, "invalid_request", cause);
        assert!(!answer.text().contains("evil.example"));
        assert_eq!(server.everything_stored(), before);
    }
}

/// Knowing the name of a client with a secret is enough to refresh.
#[tokio::test]
async fn h04_refresh_without_secret() {
    let server = Server::start().await;
    let tokens = Ask::web().tokens(&server).await;
    let refresh = Call::token()
        .field("grant_type", "refresh_token")
        .field("refresh_token", text(&tokens["refresh_token"]));
    for (call, cause) in [
        (
            refresh.clone().field("client_id", "web"),
            Cause::ClientAuthenticationMissing,
        ),
        (
            refresh.clone().basic("web", ""),
            Cause::ClientAuthenticationMissing,
        ),
        (refresh.clone().basic("web", "wrong"), Cause::ClientSecretWrong),
    ] {
        refused(&server, call, 401, "invalid_client", cause).await;
    }
    refused(&server, refresh, 400, "invalid_request", Cause::ClientIdMissing).await;
}

/// Every client gets every scope, and may use every grant.
#[tokio::test]
async fn h05_scopes_granted_for_the_asking() {
    let server = Server::start().await;
    let service = Call::token()
        .client("service")
        .field("grant_type", "client_credentials");
    for scope in ["admin", "*", "read admin", "openid"] {
        let call = service.clone().field("scope", scope);
        refused(&server, call, 400, "invalid_scope", Cause::ScopeNotAllowed).await;
        let answer = server
            .call(Call::get(&Ask::web().with("scope", &format!("{scope} x")).path()))
            .await;
        assert!(
            answer
                .location()
                .starts_with("https://app.example/cb?error=invalid_scope&")
        );
    }
    let wrong_grant = Call::token()
        .client("web")
        .field("grant_type", "client_credentials");
    refused(
        &server,
        wrong_grant,
        400,
        "unauthorized_client",
        Cause::GrantTypeNotAllowed,
    )
    .await;
    let public = Call::token()
        .client("spa")
        .field("grant_type", "client_credentials");
    refused(
        &server,
        public,
        400,
        "unauthorized_client",
        Cause::GrantTypeNotAllowed,
    )
    .await;
}

/// `state` goes into the address as it came.
#[tokio::test]
async fn h06_state_unescaped() {
    let server = Server::start().await;
    let mut browser = Browser::new(&server);
    for state in [
        "a==&code=forged",
        "a#b",
        "a\r\nlocation: x",
        "%26code=x",
        "<script>alert(1)</script>",
        "select 'x' data:",
    ] {
        for ask in [
            Ask::web(),
            Ask::of("spa", "https://spa.example/cb?keep=1&me=2").with("scope", "read"),
        ] {
            let callback = browser.callback(&ask.with("state", state), ALICE).await;
            assert_eq!(callback.value("state"), Some(state));
            let named = |wanted: &str| callback.names().iter().filter(|name| **name == wanted).count();
            assert_eq!((named("state"), named("code")), (1, 1));
        }
    }
}

/// A bad proof leads to a bearer token, and a bound token is taken as one.
#[tokio::test]
async fn h07_silent_dpop_downgrade() {
    let server = Server::start().await;
    let holder = Holder::new();
    let service = || {
        Call::token()
            .client("service")
            .field("grant_type", "client_credentials")
    };
    for proof in ["", "garbage", "a.b.c"] {
        let call = service().header(DPOP, proof);
        refused(&server, call, 400, "invalid_dpop_proof", Cause::DpopProofInvalid).await;
    }
    let ask = Ask::spa().with("scope", "openid read");
    let code = ask.code(&server).await;
    let tokens = server
        .call(holder.at_token(&server, ask.redeem(&code)))
        .await
        .ok();
    assert_eq!(tokens["token_type"], json!("DPoP"));
    let bearer = Call::userinfo(text(&tokens["access_token"]));
    refused(&server, bearer, 401, "invalid_token", Cause::TokenBoundToKey).await;
    let refresh = Call::refresh("spa", text(&tokens["refresh_token"]));
    refused(
        &server,
        refresh,
        400,
        "invalid_dpop_proof",
        Cause::DpopProofMissing,
    )
    .await;
}

/// The client's name is read from the header and the secret is not looked at.
#[tokio::test]
async fn h09_basic_credentials_whose_secret_nobody_reads() {
    let server = Server::start().await;
    for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/par"] {
        let call = Call::post(path)
            .basic("web", "wrong")
            .field("grant_type", "client_credentials")
            .field("token", "x");
        let answer = refused(&server, call, 401, "invalid_client", Cause::ClientSecretWrong).await;
        assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"grantor\""));
    }
}

/// Another algorithm in the settings, and nothing can be signed.
#[tokio::test]
async fn h13_algorithms_that_only_the_settings_know() {
    for algorithm in SigningAlgorithm::ALL {
        let setup = Setup::new().policy(|policy| policy.access_token_algorithm = algorithm);
        let server = setup.start().await;
        let call = Call::token()
            .client("service")
            .field("grant_type", "client_credentials");
        let tokens = server.call(call).await.ok();
        let token = text(&tokens["access_token"]);
        assert_eq!(jwt::header(token)["alg"], json!(algorithm.as_str()));
        let found = server.call(Call::introspect(token).client("service")).await;
        assert_eq!(found.ok()["active"], json!(true));
    }
}

/// Of several who redeem a code in the same moment, several succeed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn h16_code_redeemed_twice_in_parallel() {
    let server = Server::start().await;
    let code = Ask::spa().code(&server).await;
    let answers = server.at_once(vec![Ask::spa().redeem(&code); 6]).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    for answer in lost {
        answer.refused(400, "invalid_grant", Cause::CodeReplayed);
    }
}

/// Answers that caches keep, refusals without a challenge, texts from inside.
#[tokio::test]
async fn h18_headers_and_texts_of_refusals() {
    let server = Server::start().await;
    let refusals = [
        Call::token().client("web").field("grant_type", "x"),
        Call::token()
            .basic("web", "wrong")
            .field("grant_type", "refresh_token"),
        Call::introspect("x"),
        Call::userinfo("x"),
        Call::get("/oauth/userinfo"),
    ];
    for call in refusals {
        let answer = server.call(call).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(
            answer.headers.contains_key("www-authenticate"),
            answer.status == 401
        );
        let said = answer.json();
        let known = Cause::ALL
            .iter()
            .any(|cause| said["error_description"] == json!(cause.description()));
        assert!(known, "{said}");
    }
}

/// Who is an administrator is found out from the e-mail address.
#[tokio::test]
async fn h08_rights_that_hang_on_an_email_address() {
    let server = Setup::new()
        .user(ALICE, |user| {
            user.claims.email = Some("admin@admin.com".to_owned())
        })
        .client("web", |client| {
            client.scope = Scope::parse("openid email read").unwrap()
        })
        .start()
        .await;
    let answer = server
        .call(Call::get(&Ask::web().with("scope", "read write").path()))
        .await;
    assert!(answer.location().contains("error=invalid_scope"));
    let tokens = Ask::web().with("scope", "openid email").tokens(&server).await;
    assert_eq!(tokens["scope"], json!("email openid"));
    let claims = jwt::claims(text(&tokens["access_token"]));
    assert!(
        ["roles", "groups", "entitlements"]
            .iter()
            .all(|name| claims.get(*name).is_none())
    );
}
