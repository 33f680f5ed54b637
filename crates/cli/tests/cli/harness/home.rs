//! A person at a terminal, with folders of their own.

use std::io::{BufRead as _, BufReader, Lines, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};

use tempfile::TempDir;

use super::binary::run;
use super::folder::words;
use super::{Http, Run, Server, approve_device, authorize};

/// Who signs in.
const DEMO: (&str, &str) = ("demo", "demo-password");

/// A person whose vault and key lie in a folder that goes away with the test. They have neither a screen nor a browser.
#[derive(Debug)]
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The key of the vault, where it is made when nobody says anything.
    pub(crate) fn key(&self) -> PathBuf {
        self.path("config/grantor/vault.key")
    }

    /// A command, as one line; `'…'` keeps spaces.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grantor"));
        command
            .args(words(line))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CONFIG_HOME", self.path("config"));
        for name in [
            "BROWSER",
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "SSH_CONNECTION",
            "SSH_TTY",
            "GRANTOR_VAULT",
            "GRANTOR_VAULT_KEY",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, line: &str) -> Run {
        self.run_with(line, "")
    }

    /// Runs a command with text on standard input.
    pub(crate) fn run_with(&self, line: &str, input: &str) -> Run {
        run(&mut self.command(line), input)
    }

    /// Starts a login, to be followed while it waits.
    pub(crate) fn start(&self, line: &str) -> Waiting {
        Waiting::start(&mut self.command(line))
    }

    /// Signs `demo` in with a browser, allowing everything. The arguments come after `login` and the issuer.
    pub(crate) async fn sign_in(&self, server: &Server, arguments: &str) -> Run {
        let http = Http::new(&server.issuer());
        let line = format!("login --issuer {} --no-browser {arguments}", server.issuer());
        let mut login = self.start(line.trim_end());
        let url = login.address();
        let callback = authorize(&http, &url, DEMO, "approve").await;
        let page = http.get(&callback, &[]).await;
        assert_eq!(page.status, 200, "{page:?}");
        login.end()
    }

    /// The same with a browser elsewhere.
    pub(crate) async fn sign_in_elsewhere(&self, server: &Server, arguments: &str) -> Run {
        let line = format!("login --issuer {} {arguments}", server.issuer());
        let mut login = self.start(line.trim_end());
        let code = login.user_code();
        approve_device(&Http::new(&server.issuer()), &code, DEMO).await;
        login.end()
    }

    /// The token that a login has now, of a command that says nothing else.
    #[track_caller]
    pub(crate) fn token(&self, arguments: &str) -> String {
        let run = self.run(format!("token {arguments}").trim_end()).ok();
        assert_eq!(run.stderr, "");
        let token = run.stdout.strip_suffix('\n').unwrap().to_owned();
        assert!(!token.contains(char::is_whitespace), "{token}");
        token
    }
}

/// A login that waits for somebody.
pub(crate) struct Waiting {
    child: Child,
    stderr: Lines<BufReader<ChildStderr>>,
    said: String,
}

impl Waiting {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        Self {
            child,
            stderr,
            said: String::new(),
        }
    }

    /// The address to open.
    #[track_caller]
    pub(crate) fn address(&mut self) -> String {
        self.wait_for(|line| line.starts_with("    http"))
    }

    /// The code to type.
    #[track_caller]
    pub(crate) fn user_code(&mut self) -> String {
        self.wait_for(|line| line.starts_with("    ") && line.trim().len() == 9 && line.contains('-'))
    }

    #[track_caller]
    fn wait_for(&mut self, is_wanted: impl Fn(&str) -> bool) -> String {
        for line in self.stderr.by_ref() {
            let line = line.unwrap();
            self.said.push_str(&line);
            self.said.push('\n');
            if is_wanted(&line) {
                return line.trim().to_owned();
            }
        }
        panic!("it ended without saying it: {}", self.said);
    }

    /// What it said when it was done.
    pub(crate) fn end(mut self) -> Run {
        for line in self.stderr.by_ref() {
            self.said.push_str(&line.unwrap());
            self.said.push('\n');
        }
        let mut stdout = String::new();
        let mut output = self.child.stdout.take().unwrap();
        output.read_to_string(&mut stdout).unwrap();
        Run {
            code: self.child.wait().unwrap().code().unwrap(),
            stdout,
            stderr: self.said,
        }
    }
}
