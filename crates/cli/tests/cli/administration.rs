//! `grantor admin token`, and commands that administer a server over its API.

use serde_json::{Value, json};

use crate::harness::{Folder, Http, Run, Server, eventually, grantor, grantor_with};

/// A development server with the file of an access token for it.
struct Remote {
    server: Server,
    folder: Folder,
    token: String,
}

impl Remote {
    fn start() -> Self {
        let (server, folder) = (Server::dev(), Folder::new());
        let token = server.run("admin token").ok().stdout.trim().to_owned();
        folder.write("token", &token);
        Self {
            server,
            folder,
            token,
        }
    }

    fn run(&self, line: &str) -> Run {
        self.run_with(line, "")
    }

    /// Runs a command against the server, knowing nothing of its folder. The arguments are one line; `~` stands for a space
    /// within one.
    fn run_with(&self, line: &str, input: &str) -> Run {
        let (issuer, file) = (self.server.issuer(), self.folder.text("token"));
        let mut words: Vec<String> = line
            .split_whitespace()
            .map(|word| word.replace('~', " "))
            .collect();
        words.extend(["--server".to_owned(), issuer, "--token-file".to_owned(), file]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        grantor_with(&words, input)
    }
}

#[tokio::test]
async fn a_token_opens_the_api_until_it_is_revoked() {
    let remote = Remote::start();
    let http = Http::new(&remote.server.issuer());
    let bearer = format!("Bearer {}", remote.token);
    let ask = async || {
        http.get("/admin/v1/clients", &[("authorization", &bearer)])
            .await
            .status
    };
    // The client of the command line is new: the server hears of it within a quarter of a second.
    eventually("the token is taken", async || ask().await == 200).await;
    let revoked = http.post("/oauth/revoke", &[("token", &remote.token)], &[]).await;
    assert_eq!(revoked.status, 200);
    assert_eq!(ask().await, 401);
    remote.run("client list").refused(1, "refuses the access token");

    let second = remote
        .server
        .run("admin token --scope admin:read --expires-in 5m --json")
        .json();
    assert_eq!(
        (&second["scope"], &second["server"]),
        (&json!("admin:read"), &json!(remote.server.issuer()))
    );
    let bearer = format!("Bearer {}", second["access_token"].as_str().unwrap());
    assert_eq!(
        http.get("/admin/v1/clients", &[("authorization", &bearer)])
            .await
            .status,
        200
    );
    remote.server.run("client update grantor-cli --disable").ok();
    remote.server.run("admin token").refused(2, "is switched off");
    eventually(
        "the token of a client that is switched off is refused",
        async || {
            http.get("/admin/v1/clients", &[("authorization", &bearer)])
                .await
                .status
                == 401
        },
    )
    .await;
    remote.server.run("client delete grantor-cli").ok();
    remote.server.run("admin token").ok();
    for (line, says) in [
        ("admin token --scope read", "admin:read"),
        ("admin token --expires-in 2d", "a day at most"),
        ("admin token --expires-in 0", "a day at most"),
    ] {
        remote.server.run(line).refused(2, says);
    }
}

#[test]
fn clients_and_users_of_a_server() {
    let remote = Remote::start();
    let created = remote
        .run("client create --id far --grant-type client_credentials --scope read --json")
        .json();
    assert_eq!(created["secret"].as_str().unwrap().len(), 43);
    assert_eq!(remote.run("client show far --json").json(), created["client"]);
    assert_eq!(
        remote.server.run("client show far --json").json(),
        created["client"]
    );
    remote
        .run("client create --id far --grant-type client_credentials")
        .refused(2, "`grantor client update far`");
    remote
        .run("client create --id x --grant-type authorization_code")
        .refused(2, "has no redirect_uris");
    let changed = remote.run("client update far --name Far~away --json").json();
    assert_eq!(
        (&changed["changed"], &changed["client"]["name"]),
        (&json!(true), &json!("Far away"))
    );
    remote
        .run("client update far --name x --revision 1")
        .refused(1, "is at revision 2");
    assert_ne!(
        remote.run("client rotate-secret far --json").json()["secret"],
        created["secret"]
    );
    assert!(remote.run("client list").ok().stdout.contains("Far away"));
    assert_eq!(
        remote.run("client delete far --json").json(),
        json!({ "deleted": "far" })
    );
    remote.run("client show far").refused(2, "`grantor client list`");

    let user = remote
        .run_with(
            "user create zoe --password-stdin --claim name=Zoe --json",
            "a long password\n",
        )
        .json();
    assert_eq!(
        (&user["username"], &user["has_password"]),
        (&json!("zoe"), &json!(true))
    );
    assert_eq!(remote.run("user disable ZOE --json").json()["disabled"], true);
    assert_eq!(remote.run("user show zoe --json").json()["sessions"], 0);
    remote
        .run_with("user set-password zoe --password-stdin", "another password\n")
        .ok();
    assert!(remote.run("user list").ok().stdout.contains("zoe"));
    assert_eq!(remote.run("token list --user zoe --json").json(), json!([]));
    assert_eq!(remote.run("grant list --user zoe --json").json(), json!([]));
    remote.run("grant revoke --user zoe").ok();
    remote.run("token revoke-all zoe").ok();
}

#[test]
fn the_catalogue_and_the_keys_of_a_server() {
    let remote = Remote::start();
    remote.run("scope create lamps").ok();
    remote.run("scope create lamps").refused(2, "--replace");
    remote
        .run("scope create lamps --replace --description Lamps")
        .ok();
    assert!(remote.run("scope list").ok().stdout.contains("Lamps"));
    remote.run("resource create https://lamps.example/a").ok();
    remote.run("resource delete https://lamps.example/a").ok();
    remote
        .run("resource delete https://lamps.example/a")
        .refused(2, "`grantor resource list`");
    let issuer = "issuer create https://idp.example --jwks-uri https://idp.example/k --subject username --scope read --client x";
    remote.run(issuer).ok();
    assert_eq!(
        remote.run("issuer list --json").json().as_array().unwrap().len(),
        1
    );
    remote.run("issuer delete https://idp.example").ok();
    let rotated = remote.run("key rotate --algorithm ES256 --json").json();
    let id = &rotated["created"][0]["id"];
    let keys = remote.run("key list --json").json();
    let is_new = |key: &&Value| key["id"] == *id;
    assert_eq!(
        keys.as_array().unwrap().iter().find(is_new).unwrap()["state"],
        "waiting"
    );
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let folder = Folder::new();
    grantor(&["client", "list", "--server", "http://localhost:1"]).refused(2, "GRANTOR_ADMIN_TOKEN");
    let token = folder.write("token", "x");
    let with_token = |server: &str| grantor(&["client", "list", "--server", server, "--token-file", &token]);
    with_token("http://example.com").refused(2, "in the clear");
    with_token("http://localhost:1").refused(1, "asking the server");
    let both = ["client", "list", "--server", "http://localhost:1", "--data", "x"];
    grantor(&both).refused(2, "cannot be used with");
    folder.run("admin token").refused(1, "cannot be signed");
}

#[tokio::test]
async fn a_production_server_has_the_api_unless_it_is_switched_off() {
    for (line, status) in [("", 401), ("[admin]\nenabled = false\n", 404)] {
        let folder = Folder::new();
        let config = std::fs::read_to_string(folder.path("grantor.toml")).unwrap();
        folder.write("grantor.toml", &format!("{config}{line}"));
        let server = Server::serve(folder);
        let http = Http::new(&format!("http://{}", server.address));
        assert_eq!(http.get("/admin/v1/clients", &[]).await.status, status);
    }
}
