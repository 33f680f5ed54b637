//! `grantor dev` as a child process.

use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::binary;

/// How often and how many times a starting server is asked whether it is ready; 30 seconds in all.
const READY_POLL: (Duration, u32) = (Duration::from_millis(25), 1_200);
/// As much of the log as is shown when a test fails.
const LOG_TAIL: usize = 8_000;

/// A development server with data of its own, killed when dropped.
#[derive(Debug)]
pub struct Server {
    data: TempDir,
    port: u16,
    issuer: String,
    child: Child,
}

impl Server {
    /// Starts a server with nothing but its fixtures, and waits until it is ready.
    pub async fn start() -> Self {
        let data = tempfile::tempdir().expect("there is a folder for temporary files");
        let port = free_port();
        let mut server = Self {
            child: spawn(&data, port, true),
            issuer: format!("http://localhost:{port}"),
            data,
            port,
        };
        server.wait_until_ready().await;
        server
    }

    /// The issuer, which is also the address that everything is below.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The binary that runs, for commands beside the server.
    pub fn binary(&self) -> &'static Path {
        binary::grantor()
    }

    /// The folder that the server keeps everything in.
    pub fn data(&self) -> PathBuf {
        self.data.path().join("data")
    }

    /// Runs a command beside the server, and returns what it prints.
    pub async fn command(&self, line: &str) -> String {
        printed(
            Command::new(self.binary())
                .args(line.split(' '))
                .arg("--data")
                .arg(self.data()),
        )
        .await
    }

    /// Ends the process with SIGKILL, so that it can finish nothing.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("a child that runs can be killed");
    }

    /// Starts again, on the same data and port.
    pub async fn restart(&mut self) {
        self.child = spawn(&self.data, self.port, false);
        self.wait_until_ready().await;
    }

    async fn wait_until_ready(&mut self) {
        wait_until_ready(&reqwest::Client::new(), &self.issuer, &mut self.child).await;
    }

    fn log(&self) -> String {
        let log = std::fs::read(log_path(&self.data)).unwrap_or_default();
        String::from_utf8_lossy(&log[log.len().saturating_sub(LOG_TAIL)..]).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the end of the server's log ---\n{}---", self.log());
        }
    }
}

fn log_path(data: &TempDir) -> PathBuf {
    data.path().join("server.log")
}

fn spawn(data: &TempDir, port: u16, fresh: bool) -> Child {
    let mut command = Command::new(binary::grantor());
    command
        .arg("dev")
        .arg("--listen")
        .arg(format!("127.0.0.1:{port}"))
        .arg("--data")
        .arg(data.path().join("data"))
        .args(fresh.then_some("--fresh"));
    spawn_logged(&mut command, &log_path(data))
}

/// Starts a server that is killed when dropped; what it prints is added to the file `log`.
pub(crate) fn spawn_logged(command: &mut Command, log: &Path) -> Child {
    let log: File = OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .expect("the log can be written");
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a file handle can be copied"))
        .stderr(log)
        .kill_on_drop(true);
    command.spawn().expect("the binary under test starts")
}

/// Asks the server until it is ready. When it never is, its owner shows the log as it is dropped.
pub(crate) async fn wait_until_ready(http: &reqwest::Client, issuer: &str, child: &mut Child) {
    let url = format!("{issuer}/ready");
    for _ in 0..READY_POLL.1 {
        if let Ok(response) = http.get(&url).send().await
            && response.status().is_success()
        {
            return;
        }
        if let Some(status) = child.try_wait().expect("the state of a child can be read") {
            panic!("the server ended ({status}) before it was ready");
        }
        sleep(READY_POLL.0).await;
    }
    panic!("the server was not ready in time");
}

/// Runs a command that has to succeed, and returns what it prints.
pub(crate) async fn printed(command: &mut Command) -> String {
    let output = command.output().await.expect("the binary can be started");
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).expect("commands print text")
}

/// A port that nothing listens on, below those that the system gives to outgoing connections: one of these could take
/// the port while the server is down.
pub(crate) fn free_port() -> u16 {
    (0..1_000)
        .map(|_| fastrand::u16(20_000..32_000))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("some port is free")
}
