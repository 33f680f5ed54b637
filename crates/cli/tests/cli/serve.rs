//! `grantor serve`: its own TLS, behind a proxy, and the way it stops.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use reqwest::Certificate;

use crate::harness::{Folder, Http, Server, eventually};

/// A server with a certificate of its own, and a client that trusts it.
fn with_tls() -> (Server, Http) {
    with_tls_settings("")
}

/// Writes a new certificate for the server's name, and gives what trusts it.
fn write_certificate(folder: &Folder) -> Certificate {
    let made = rcgen::generate_simple_self_signed(vec!["id.example.test".to_owned()]).unwrap();
    folder.write("key.pem", &made.signing_key.serialize_pem());
    folder.write("cert.pem", &made.cert.pem());
    Certificate::from_pem(made.cert.pem().as_bytes()).unwrap()
}

fn trusting(server: &Server, certificate: Certificate) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_certs_only([certificate])
        .resolve("id.example.test", server.address)
}

fn with_tls_settings(settings: &str) -> (Server, Http) {
    let section = "tls_certificate = \"CERT\"\ntls_private_key = \"KEY\"";
    let folder = Folder::with_server_section(&format!("{section}\n{settings}"));
    let certificate = write_certificate(&folder);
    let config = std::fs::read_to_string(folder.path("grantor.toml")).unwrap();
    let path = |name: &str| folder.path(name).display().to_string();
    folder.write(
        "grantor.toml",
        &config
            .replace("CERT", &path("cert.pem"))
            .replace("KEY", &path("key.pem")),
    );
    let server = Server::serve(folder);
    let http = Http::built(&address_of(&server), trusting(&server, certificate));
    (server, http)
}

fn address_of(server: &Server) -> String {
    format!("https://id.example.test:{}", server.address.port())
}

#[tokio::test]
async fn it_speaks_tls_itself() {
    let (server, http) = with_tls();
    let metadata = http.get("/.well-known/openid-configuration", &[]).await;
    assert_eq!(metadata.json()["issuer"], "https://id.example.test");
    let plain = TcpStream::connect(server.address).and_then(|mut stream| {
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")?;
        let mut answer = Vec::new();
        let _alert_or_reset = stream.read_to_end(&mut answer);
        Ok(answer)
    });
    assert!(!plain.unwrap().starts_with(b"HTTP"), "plain HTTP was answered");
}

/// A renewed certificate is used without a restart, and one that is broken is not.
#[tokio::test]
async fn a_certificate_is_read_again() {
    let (server, http) = with_tls();
    assert_eq!(http.get("/health", &[]).await.status, 200);
    server.folder.write("cert.pem", "nonsense");
    let renewed = write_certificate(&server.folder);
    let client = trusting(&server, renewed).build().unwrap();
    let url = format!("{}/health", address_of(&server));
    // A connection that failed is tried anew.
    let used = async || client.get(&url).send().await.is_ok();
    eventually("the renewed certificate is used", used).await;
}

#[tokio::test]
async fn an_older_version_of_tls_is_spoken_only_where_it_is_allowed() {
    use reqwest::tls::Version;
    for (settings, spoken) in [("", false), ("tls_minimum = \"1.2\"", true)] {
        let (server, http) = with_tls_settings(settings);
        assert_eq!(http.get("/health", &[]).await.status, 200);
        let certificate = std::fs::read(server.folder.path("cert.pem")).unwrap();
        let old = trusting(&server, Certificate::from_pem(&certificate).unwrap())
            .tls_version_max(Version::TLS_1_2)
            .build()
            .unwrap();
        let answer = old.get(format!("{}/health", address_of(&server))).send().await;
        assert_eq!(answer.is_ok(), spoken, "{settings}");
    }
}

#[tokio::test]
async fn behind_a_proxy_it_speaks_plain_and_shows_no_fixtures() {
    let server = Server::serve(Folder::new());
    let http = Http::new(&format!("http://{}", server.address));
    let metadata = http
        .get("/.well-known/oauth-authorization-server", &[])
        .await
        .json();
    assert_eq!(metadata["token_endpoint"], "https://id.example.test/oauth/token");
    assert_eq!(http.get("/ready", &[]).await.status, 200);
    for path in ["/callback", "/oauth2/token", "/api/test"] {
        assert_eq!(http.get(path, &[]).await.status, 404, "{path}");
    }
    assert_eq!(
        http.client_credentials(("service", "service-secret"))
            .await
            .status,
        401
    );
    // Through the proxy the metrics are for nobody but those in metrics_from.
    assert_eq!(http.get("/metrics", &[]).await.status, 200);
    assert_eq!(
        http.get("/metrics", &[("x-forwarded-for", "203.0.113.9")])
            .await
            .status,
        404
    );
}

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    let mut server = Server::serve(Folder::new());
    let mut stream = TcpStream::connect(server.address).unwrap();
    let body = "grant_type=client_credentials&client_id=nobody&client_secret=x";
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nHost: id.example.test\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The server asks for the body: the request is under way.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).unwrap();
    assert!(asked.starts_with(b"HTTP/1.1 100"));
    server.terminate();
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(eventually("no new connection", async || {
            TcpStream::connect(server.address).is_err()
        }));
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(server.wait().success());
}

#[test]
fn a_port_that_is_taken_and_a_key_that_is_missing_are_told() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let config = std::fs::read_to_string(folder.path("grantor.toml")).unwrap();
    folder.write("grantor.toml", &config.replace("127.0.0.1:0", &address));
    folder
        .run("serve")
        .refused(1, &format!("cannot listen on {address}"));
    std::fs::remove_file(folder.path("master.key")).unwrap();
    folder.run("serve").refused(1, "the master key cannot be read");
}

#[test]
fn a_second_development_server_takes_nothing_away_from_the_first() {
    let server = Server::dev();
    server
        .run("client create --id mine --public --grant-type refresh_token")
        .ok();
    let again = format!("dev --fresh --listen {}", server.address);
    server.run(&again).refused(1, "cannot listen");
    server.run("client show mine").ok();
}

/// No key of the program's own takes the place of one that is missing or too short.
#[test]
fn without_a_master_key_it_does_not_start() {
    let folder = Folder::new();
    std::fs::remove_file(folder.path("master.key")).unwrap();
    for text in [None, Some("short"), Some("")] {
        if let Some(text) = text {
            folder.write("master.key", text);
        }
        let run = folder.run("serve");
        assert_ne!(run.code, 0, "{run:?}");
        assert!(run.stderr.contains("master"), "{run:?}");
        assert!(!folder.path("grantor.db").exists());
    }
}
