//! A server process.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};

use super::folder::words;
use super::{Folder, Run, grantor};

/// A server that ends with the test.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The folder of a development server.
    data: Option<String>,
    /// What it was configured in.
    pub(crate) folder: Folder,
}

impl Server {
    /// A development server on a port that is free.
    pub(crate) fn dev() -> Self {
        let folder = Folder::new();
        let data = folder.text("dev");
        let mut child = Command::new(env!("CARGO_BIN_EXE_grantor"))
            .args(["dev", "--listen", "127.0.0.1:0", "--log", "warn", "--data", &data])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let issuer = first_after(child.stdout.take().unwrap(), "Issuer");
        let port = issuer
            .trim()
            .strip_prefix("http://localhost:")
            .unwrap()
            .parse()
            .unwrap();
        Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            data: Some(data),
            folder,
        }
    }

    /// A production server with the configuration of the folder.
    pub(crate) fn serve(folder: Folder) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_grantor"))
            .args(["serve", "--config", &folder.text("grantor.toml")])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let rest = first_after(child.stderr.take().unwrap(), "\"message\":\"serving\"");
        let address = rest
            .split_once("\"address\":\"")
            .unwrap()
            .1
            .split('"')
            .next()
            .unwrap();
        Self {
            address: address.parse().unwrap(),
            child,
            data: None,
            folder,
        }
    }

    /// The issuer of a development server.
    pub(crate) fn issuer(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Runs a command beside a development server.
    pub(crate) fn run(&self, line: &str) -> Run {
        let mut words = words(line);
        words.extend(["--data".to_owned(), self.data.clone().unwrap()]);
        grantor(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Asks the server to stop.
    pub(crate) fn terminate(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    /// Waits for the server to end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Reads lines until one has the word; returns the rest of that line. What follows is read and dropped, so that the
/// server never waits for a reader.
#[track_caller]
fn first_after(output: impl std::io::Read + Send + 'static, word: &str) -> String {
    let mut lines = BufReader::new(output).lines();
    let mut seen = Vec::new();
    while let Some(Ok(line)) = lines.next() {
        if let Some((_, rest)) = line.split_once(word) {
            let rest = rest.to_owned();
            std::thread::spawn(move || lines.count());
            return rest;
        }
        seen.push(line);
    }
    panic!("the server ended without saying {word:?}: {seen:#?}");
}
