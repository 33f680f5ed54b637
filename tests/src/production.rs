//! `grantor serve` with TLS of its own, as a child process.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use reqwest::ClientBuilder;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::application::Identity;
use crate::server::{free_port, printed, spawn_logged, wait_until_ready};
use crate::{Application, binary};

/// What a server keeps: its database and its master key.
const KEPT: [&str; 3] = ["grantor.db", "grantor.db-wal", "master.key"];

/// What a server that has ended has left behind, to begin another with. Keys of RSA take a while to make, and so do the
/// hashes of passwords.
#[derive(Clone, Debug)]
pub struct Remains(BTreeMap<&'static str, Vec<u8>>);

/// A production server on this machine, killed when dropped.
#[derive(Debug)]
pub struct Production {
    folder: TempDir,
    port: u16,
    identity: Identity,
    child: Child,
}

/// What a production server is started with.
#[derive(Debug, Default)]
pub struct Deployment<'a> {
    /// More lines of the section `[server]`.
    pub server: &'a str,
    /// More sections.
    pub sections: &'a str,
    /// What `grantor apply` loads before the start.
    pub declaration: Option<&'a str>,
    /// What an earlier server has left; nothing when it is to begin anew.
    pub remains: Option<&'a Remains>,
    /// Who it may ask, and whose certificates it trusts.
    pub applications: &'a [&'a Application],
    /// Who it may ask as well, without trusting their certificates.
    pub strangers: &'a [&'a Application],
}

impl Deployment<'_> {
    /// Starts it and waits until it is ready.
    pub async fn start(&self) -> Production {
        let folder = tempfile::tempdir().expect("there is a folder for temporary files");
        let identity = Identity::of("localhost");
        let port = free_port();
        let path = |name: &str| folder.path().join(name);
        write(&path("cert.pem"), &identity.certificate);
        write(&path("key.pem"), &identity.private_key);
        write(&path("grantor.toml"), self.settings(folder.path(), port));
        let config = shown(&path("grantor.toml"));
        match self.remains {
            Some(Remains(files)) => files.iter().for_each(|(name, bytes)| write(&path(name), bytes)),
            None => {
                command(&["key", "new-master", "--out", &shown(&path("master.key"))]).await;
            }
        }
        if let Some(declaration) = self.declaration {
            write(&path("state.toml"), declaration);
            command(&["apply", &shown(&path("state.toml")), "--config", &config]).await;
        }
        let mut serve = Command::new(binary::grantor());
        serve.args(["serve", "--config", &config]);
        let child = spawn_logged(&mut serve, &path("server.log"));
        let mut server = Production {
            folder,
            port,
            identity,
            child,
        };
        let http = server.http().build().expect("a client without special settings");
        wait_until_ready(&http, &server.issuer(), &mut server.child).await;
        server
    }

    fn settings(&self, folder: &Path, port: u16) -> String {
        let path = |name: &str| shown(&folder.join(name));
        let strangers = self.strangers.iter();
        let mut origins: Vec<String> = strangers
            .map(|stranger| format!("\"{}\"", stranger.origin()))
            .collect();
        let mut anchors = Vec::new();
        for (index, application) in self.applications.iter().enumerate() {
            let anchor = format!("application-{index}.pem");
            write(&folder.join(&anchor), application.certificate());
            origins.push(format!("\"{}\"", application.origin()));
            anchors.push(format!("\"{}\"", path(&anchor)));
        }
        format!(
            "[server]\nissuer = \"https://localhost:{port}\"\nlisten = \"127.0.0.1:{port}\"\n\
             tls_certificate = \"{}\"\ntls_private_key = \"{}\"\n{}\n\
             [database]\npath = \"{}\"\n[keys]\nmaster_key_file = \"{}\"\n\
             [outgoing]\norigins = [{}]\ntrust_anchors = [{}]\n{}\n",
            path("cert.pem"),
            path("key.pem"),
            self.server,
            path("grantor.db"),
            path("master.key"),
            origins.join(", "),
            anchors.join(", "),
            self.sections,
        )
    }
}

impl Production {
    /// The issuer, which is also the address that everything is below.
    pub fn issuer(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Where it listens.
    pub fn address(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.port)
    }

    /// An HTTP client that trusts its certificate and no other.
    pub fn http(&self) -> ClientBuilder {
        self.identity.trusted_by(reqwest::Client::builder())
    }

    /// Ends it, and gives what it leaves.
    pub async fn end(mut self) -> Remains {
        self.child.kill().await.expect("a child that runs can be killed");
        let kept = KEPT.into_iter().filter(|name| self.path(name).exists());
        let read = |name| std::fs::read(self.path(name)).expect("what is there can be read");
        Remains(kept.map(|name| (name, read(name))).collect())
    }

    /// Its certificate in PEM.
    pub fn certificate(&self) -> &str {
        &self.identity.certificate
    }

    /// Runs a command beside the server, and returns what it prints.
    pub async fn command(&self, line: &str) -> String {
        let config = shown(&self.path("grantor.toml"));
        let mut words: Vec<&str> = line.split(' ').collect();
        words.extend(["--config", &config]);
        command(&words).await
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("server.log")).unwrap_or_default()
    }
}

impl Drop for Production {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the server's log ---\n{}---", self.log());
        }
    }
}

async fn command(words: &[&str]) -> String {
    printed(Command::new(binary::grantor()).args(words)).await
}

/// For the eyes of its owner alone: the server takes no other master key.
fn write(path: &Path, content: impl AsRef<[u8]>) {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).expect("a temporary file can be written");
    file.write_all(content.as_ref())
        .expect("a temporary file can be written");
}

fn shown(path: &Path) -> String {
    path.to_str()
        .expect("temporary folders have plain names")
        .to_owned()
}
