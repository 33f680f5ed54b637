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
