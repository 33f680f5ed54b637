//! `grantor login` and `grantor token NAME`: signing in at a server that runs, and what scripts get of it.

use std::process::Stdio;

use serde_json::Value;

use crate::harness::{Home, Http, Server, Waiting, approve_device, authorize, eventually};

const DEMO: (&str, &str) = ("demo", "demo-password");

/// Without any argument but where the server is: the client of the fixtures, a scope that is of use, a name that is found.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_in_and_scripts_get_tokens() {
    let (server, home) = (Server::dev(), Home::new());
    let http = Http::new(&server.issuer());
    let done = home.sign_in(&server, "").await.ok();
    let says = format!(
        "Signed in at {} as demo.\n`grantor token` prints",
        server.issuer()
    );
    assert!(done.stdout.starts_with(&says), "{}", done.stdout);
    assert!(done.stderr.contains("Waiting for the browser"), "{}", done.stderr);

    let token = home.token("");
    assert!(http.is_active(&token).await);
    assert_eq!(home.token("default"), token);
    let header = home.run("token --header").ok().stdout;
    assert_eq!(header, format!("Authorization: Bearer {token}\n"));
    let (name, value) = header.trim().split_once(": ").unwrap();
    let answer = http.get("/api/test", &[(name, value)]).await;
    assert_eq!(
        (answer.status, &answer.json()["acts_for"]),
        (200, &"a user".into()),
        "{answer:?}"
    );
    let json = home.run("token --json").json();
    assert_eq!(
        (&json["access_token"], &json["token_type"]),
        (&token.clone().into(), &"Bearer".into())
    );
    assert!(json["expires_at"].as_str().unwrap().ends_with('Z'));

    let renewed = home.token("--renew");
    assert!(renewed != token && http.is_active(&renewed).await);
    assert_eq!(home.token(""), renewed);
}

/// What comes to the waiting port besides is passed over; a person who says no is told so, and nothing is kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_says_no_is_not_signed_in() {
    let (server, home) = (Server::dev(), Home::new());
    let http = Http::new(&server.issuer());
    let mut login = home.start(&format!("login work --issuer {} --no-browser", server.issuer()));
    let url = login.address();
    let callback = authorize(&http, &url, DEMO, "deny").await;
    let (address, _) = callback.split_once('?').unwrap();
    let forged = http.get(&format!("{address}?code=c&state=s"), &[]).await;
    assert_eq!(forged.status, 400);
    let page = http.get(&callback, &[]).await;
    assert!(page.body.contains("Signing in did not work"), "{page:?}");
    login.end().refused(3, "access_denied");
    home.run("token work")
        .refused(3, "grantor login work --issuer URL");
    assert_eq!(home.run("vault list --json").json(), serde_json::json!([]));
}

/// The browser that BROWSER names is opened, with the address that is printed as well.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_browser_is_opened() {
    use std::os::unix::fs::PermissionsExt as _;
    let (server, home) = (Server::dev(), Home::new());
    let browser = home.path("browser");
    let opened = home.path("opened");
    let draft = home.path("draft");
    let (to, from) = (opened.display(), draft.display());
    std::fs::write(
        &browser,
        format!("#!/bin/sh\necho noise\necho \"$1\" > {from}\nmv {from} {to}\n"),
    )
    .unwrap();
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = home.command(&format!("login --json --issuer {}", server.issuer()));
    let mut login = Waiting::start(command.env("BROWSER", &browser));
    let printed = login.address();
    eventually("the browser is opened", async || opened.exists()).await;
    assert_eq!(std::fs::read_to_string(&opened).unwrap().trim(), printed);
    let http = Http::new(&server.issuer());
    let callback = authorize(&http, &printed, DEMO, "approve").await;
    http.get(&callback, &[]).await;
    let done = login.end().json();
    assert_eq!((&done["user"], &done["renewed"]), (&"demo".into(), &true.into()));
    assert_eq!(done["client_id"], "cli");
    assert!(
        done["scope"].as_str().unwrap().contains("offline_access"),
        "{done}"
    );
}

/// Nobody comes back: the command ends by itself, and says what else there is.
#[test]
fn nobody_waits_for_ever() {
    let (server, home) = (Server::dev(), Home::new());
    let issuer = server.issuer();
    home.run(&format!("login --issuer {issuer} --no-browser --timeout 1s"))
        .refused(1, "--device");
}

/// Where there is no browser, a code is shown. The login is repeated with nothing but its name.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_signs_in_and_signs_in_again() {
    let (server, home) = (Server::dev(), Home::new());
    let done = home
        .sign_in_elsewhere(&server, "work --scope 'openid read'")
        .await
        .ok();
    assert!(done.stderr.contains('\u{2588}'), "no QR code: {}", done.stderr);
    let token = home.token("work");
    assert!(Http::new(&server.issuer()).is_active(&token).await);
    let before = home.run("vault show work --json").json();
    assert_eq!(
        (&before["scope"], &before["way"]),
        (&"openid read".into(), &"device".into())
    );

    let mut again = home.start("login work");
    let code = again.user_code();
    approve_device(&Http::new(&server.issuer()), &code, DEMO).await;
    again.end().ok();
    let after = home.run("vault show work --json").json();
    assert_eq!(
        (&after["scope"], &after["issuer"]),
        (&before["scope"], &before["issuer"])
    );
    assert_ne!(home.token("work"), token);
}

/// Where the provider has no client for us, the command registers itself, and uses that for every login there.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_registers_itself_once_and_goes_with_its_last_login() {
    let (server, home) = (Server::dev(), Home::new());
    server.run("client delete cli").ok();
    let done = home.sign_in(&server, "one --scope 'openid read' --json").await;
    assert!(done.stderr.contains("Registering a client at"), "{done:?}");
    let client = done.json()["client_id"].as_str().unwrap().to_owned();
    let shown = home.run("vault show one").ok().stdout;
    assert!(shown.contains("by grantor login"), "{shown}");
    let registered = server.run(&format!("client show {client} --json")).json();
    assert_eq!(registered["name"], "Grantor command line");

    let done = home.sign_in(&server, "two --scope 'openid read' --json").await;
    assert!(!done.stderr.contains("Registering"), "{done:?}");
    assert_eq!(done.json()["client_id"].as_str(), Some(client.as_str()));

    home.run("logout one").ok();
    server.run(&format!("client show {client}")).ok();
    assert!(Http::new(&server.issuer()).is_active(&home.token("two")).await);
    home.run("logout two").ok();
    server.run(&format!("client show {client}")).refused(2, &client);
}

/// A client with a secret gets tokens for itself, and new ones without anybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_gets_tokens_for_itself() {
    let (server, home) = (Server::dev(), Home::new());
    let http = Http::new(&server.issuer());
    let secret = home.path("secret");
    std::fs::write(&secret, "backend-secret\n").unwrap();
    let line = format!(
        "login svc --issuer {} --client-id backend --client-credentials --client-secret-file {}",
        server.issuer(),
        secret.display()
    );
    home.run(&format!("{line} --resource api-service --scope api:read"))
        .ok();
    let token = home.token("svc");
    let audience = |token: &str| {
        let token = token.to_owned();
        let http = &http;
        async move {
            let form = [("token", token.as_str())];
            let reply = http
                .post_as("/oauth/introspect", ("backend", "backend-secret"), &form)
                .await;
            reply.json()["aud"].clone()
        }
    };
    assert_eq!(audience(&token).await, "api-service");
    // What it is for holds for the tokens that come after as well.
    let renewed = home.token("svc --renew");
    assert_ne!(renewed, token);
    assert_eq!(audience(&renewed).await, "api-service");
    // The secret is in the vault, so that the login can be repeated without it.
    std::fs::remove_file(&secret).unwrap();
    home.run("login svc").ok();
    assert_eq!(audience(&home.token("svc")).await, "api-service");
    let shown = home.run("vault show svc").ok().stdout;
    assert!(
        shown.contains("client_credentials") && !shown.contains("backend-secret"),
        "{shown}"
    );
}

/// Tokens that are bound to a key are presented as such, and renewed with it.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_can_be_bound_to_a_key_in_the_vault() {
    let (server, home) = (Server::dev(), Home::new());
    home.sign_in(&server, "--dpop").await.ok();
    let bare = home.run("token --header").ok();
    assert!(bare.stdout.starts_with("Authorization: DPoP "), "{bare:?}");
    assert!(bare.stderr.contains("--proof METHOD URL"), "{bare:?}");
    let http = Http::new(&server.issuer());
    let url = format!("{}/api/test", server.issuer());
    let call = async |arguments: &str| {
        let printed = home.run(&format!("token {arguments}")).ok().stdout;
        let headers: Vec<_> = printed
            .lines()
            .map(|line| line.split_once(": ").unwrap())
            .collect();
        assert_eq!(headers.len(), 2, "{printed}");
        http.get("/api/test", &headers).await.status
    };
    assert_eq!(call(&format!("--proof GET {url}")).await, 200);
    assert_eq!(call(&format!("--renew --proof GET {url}")).await, 200);
    // A proof is for one request.
    assert_eq!(call(&format!("--proof POST {url}")).await, 401);
    home.run("token --proof GET nowhere")
        .refused(2, "--proof GET nowhere");
}

/// Four processes find an expired token at once: one of them renews it, all of them print what came.
#[tokio::test(flavor = "multi_thread")]
async fn processes_that_ask_at_once_renew_once() {
    let (server, home) = (Server::dev(), Home::new());
    let http = Http::new(&server.issuer());
    server
        .run(
            "client create --id short --public --application-type native --grant-type authorization_code \
             --grant-type refresh_token --redirect-uri http://127.0.0.1/callback --scope read --access-token-lifetime 1s",
        )
        .ok();
    home.sign_in(&server, "short --client-id short --scope read")
        .await
        .ok();
    let first = home.run("vault show short --json --reveal").json();
    server.run("client update short --access-token-lifetime 1h").ok();
    // Changes are heard in the order in which they were made.
    server.run("client update service --disable").ok();
    let service = ("service", "service-secret");
    eventually("the server has heard of it", async || {
        http.client_credentials(service).await.status != 200
    })
    .await;
    eventually("the token has expired", async || {
        home.run("vault list").ok().stdout.contains("to be renewed")
    })
    .await;
    let processes: Vec<_> = (0..4)
        .map(|_| {
            home.command("token short")
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let printed: Vec<String> = processes
        .into_iter()
        .map(|process| {
            let output = process.wait_with_output().unwrap();
            assert!(output.status.success());
            String::from_utf8(output.stdout).unwrap()
        })
        .collect();
    assert!(printed.iter().all(|token| token == &printed[0]), "{printed:?}");
    assert!(http.is_active(printed[0].trim()).await);
    let now = home.run("vault show short --json --reveal").json();
    let generation = |document: &Value| document["generation"].as_u64().unwrap();
    assert_eq!(generation(&now), generation(&first) + 1);
    assert_ne!(now["refresh_token"], first["refresh_token"]);
}

/// The grant ended at the provider: scripts see it by the exit code, people read what to do.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_ended_says_so() {
    let (server, home) = (Server::dev(), Home::new());
    home.sign_in(&server, "work").await.ok();
    server.run("grant revoke --user demo").ok();
    let renewed = async || home.run("token work --renew").code;
    eventually("the server has heard of it", async || renewed().await == 3).await;
    home.run("token work").refused(3, "run `grantor login work`");
    let listed = home.run("vault list").ok().stdout;
    assert!(listed.contains("login needed"), "{listed}");
    let document = home.run("vault show work --json").json();
    assert_eq!(document["state"]["is"], "login_needed");
}

#[test]
fn what_cannot_be_is_told_with_what_to_do() {
    let (server, home) = (Server::dev(), Home::new());
    let issuer = server.issuer();
    home.run("login revoke")
        .refused(2, "`grantor token revoke` is a command");
    home.run("login work --issuer ftp://x").refused(2, "--issuer");
    home.run(&format!("login --issuer {issuer}/elsewhere"))
        .refused(2, "no metadata");
    let other_name = format!("http://127.0.0.1:{}", server.address.port());
    home.run(&format!("login --issuer {other_name}"))
        .refused(2, "exactly as its metadata have it");
    home.run("login --issuer http://localhost:1")
        .refused(4, "tried again");
    home.run(&format!("login --issuer {issuer} --client-id nobody --device"))
        .refused(1, "invalid_client");
    home.run(&format!(
        "login --issuer {issuer} --client-id nobody --no-browser"
    ))
    .refused(1, "invalid_client");
    home.run(&format!("login --issuer {issuer} --scope nonsense --no-browser"))
        .refused(1, "invalid_scope");
    home.run(&format!(
        "login --issuer {issuer} --device --resource https://api.example"
    ))
    .refused(1, "invalid_target");
    home.run(&format!("login --issuer {issuer} --client-credentials"))
        .refused(2, "--client-id");
    home.run(&format!(
        "login --issuer {issuer} --client-id service --client-credentials --client-secret-env NO_SUCH_NAME"
    ))
    .refused(2, "NO_SUCH_NAME is not set");
    home.run(&format!(
        "login --issuer {issuer} --redirect-uri https://app.example/cb"
    ))
    .refused(2, "on this machine");
    assert_eq!(home.run("vault list --json").json(), serde_json::json!([]));
}
