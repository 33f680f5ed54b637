//! The examples of the crate, as somebody runs them.

use std::process::Stdio;

use grantor_tests::{Person, Server, Suite};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

struct Program {
    child: Child,
    output: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(name: &str, server: &Server) -> Self {
        let mut child = Command::new(Suite::example(name))
            .env("GRANTOR_ISSUER", server.issuer())
            .env("WEB_SERVER_ADDRESS", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, output }
    }

    /// What follows the beginning, in the first line that has it.
    async fn line(&mut self, beginning: &str) -> String {
        while let Some(line) = self.output.next_line().await.unwrap() {
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
        panic!("the program printed no line that begins with {beginning}");
    }

    /// That it ends well.
    async fn ends(mut self) {
        let status = self.child.wait().await.unwrap();
        assert!(status.success(), "{status}");
    }
}

#[tokio::test]
async fn each_does_what_it_says() {
    let server = Server::start().await;

    let mut program = Program::start("client_credentials", &server);
    assert!(
        program
            .line("200 OK ")
            .await
            .contains("\"client_id\":\"service\"")
    );
    program.ends().await;

    let mut program = Program::start("token_exchange", &server);
    assert_eq!(program.line("good at downstream-service: ").await, "true");
    program.ends().await;

    let mut program = Program::start("dpop", &server);
    assert_eq!(program.line("with the key: ").await, "200 OK");
    assert_eq!(program.line("without: ").await, "401 Unauthorized");
    program.ends().await;

    let person = Person::new(server.issuer(), "demo");
    let mut program = Program::start("device", &server);
    let url = program.line("or open ").await;
    person.answer_device(&url, "approve").await.unwrap();
    assert!(!program.line("signed in as ").await.is_empty());
    program.ends().await;

    let mut program = Program::start("code_with_loopback", &server);
    let url = program.line("http").await;
    let back = person.authorize(&format!("http{url}"), "approve").await.unwrap();
    assert_eq!(reqwest::get(back).await.unwrap().status(), 200);
    assert_eq!(program.line("refreshed, granted: ").await, "openid profile read");
    program.line("signed out").await;
    program.ends().await;
}

/// A browser that is signed in nowhere and follows no redirect, so that the test sees each step.
#[tokio::test]
async fn the_web_server_signs_in_and_calls_the_api() {
    let server = Server::start().await;
    let mut program = Program::start("web_server", &server);
    let origin = program.line("listening on ").await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .cookie_store(true)
        .build()
        .unwrap();
    let open = async |path: &str| {
        let request = http.get(format!("{origin}{path}")).header("accept", "text/html");
        request.send().await.unwrap()
    };
    let leads = async |path: &str| {
        open(path).await.headers()["location"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert!(open("/").await.text().await.unwrap().contains("Sign in"));
    let provider = leads(&leads("/me").await).await;
    let person = Person::new(server.issuer(), "demo");
    let back = person.authorize(&provider, "approve").await.unwrap();
    assert_eq!(
        leads(back.strip_prefix("http://localhost:8081").unwrap()).await,
        "/me"
    );
    let page = open("/me").await.text().await.unwrap();
    assert!(
        page.starts_with("Hello, Demo Maria User! The API says {"),
        "{page}"
    );
    assert!(page.contains("\"client_id\":\"web\""), "{page}");
    let out = http.post(format!("{origin}/logout")).send().await.unwrap();
    assert!(
        out.headers()["location"]
            .to_str()
            .unwrap()
            .starts_with(server.issuer())
    );
    assert!(open("/").await.text().await.unwrap().contains("Sign in"));
}
