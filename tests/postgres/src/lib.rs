//! A PostgreSQL server of its own for a test, on a fresh database in a temporary folder. It ends with the test, however that
//! ends. Nothing of the machine is touched. `cargo xtask test` installs PostgreSQL; without it, starting one panics.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so does what only tests use"
)]

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use tempfile::TempDir;

/// Who owns the database. By the socket no password is asked for.
pub const USER: &str = "grantor";
/// What has to be said over the network.
pub const PASSWORD: &str = "the password of the database";

/// The server runs until its standard input is closed, which the end of the test does in any case.
const RUN: &str = r#""$@" & server=$!; read -r _; kill -QUIT "$server"; wait "$server""#;
const READY: &str = "database system is ready to accept connections";

/// A server that runs.
pub struct Postgres {
    folder: TempDir,
    account: Option<Account>,
    port: u16,
    running: Option<Child>,
}

/// Whom a server runs as when root runs the tests: it refuses to run as root.
#[derive(Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Makes a database and starts its server, on a socket in its folder and with TLS on a free port of this machine.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut postgres = Self {
            account: Account::unprivileged(),
            port: free_port(),
            running: None,
            folder,
        };
        postgres.own(postgres.folder.path());
        postgres.initialize();
        postgres.restart();
        postgres
    }

    /// Where it is, by its socket.
    pub fn url(&self) -> String {
        let folder = self.folder.path().to_str().unwrap().replace('/', "%2F");
        format!("postgresql://{USER}@{folder}:{}/postgres", self.port)
    }

    /// Where it is, by the network, with these options: `sslmode=require`.
    pub fn network_url(&self, password: &str, options: &str) -> String {
        let (password, port) = (password.replace(' ', "%20"), self.port);
        format!("postgresql://{USER}:{password}@localhost:{port}/postgres?{options}")
    }

    /// The certificate that it shows, which says `localhost` and is signed by itself.
    pub fn certificate(&self) -> Vec<u8> {
        std::fs::read(self.folder.path().join("server.der")).unwrap()
    }

    /// Ends it, and with it all connections, as a crash would, and starts it again.
    pub fn restart(&mut self) {
        self.stop();
        let data = self.folder.path().join("data");
        let mut command = self.command("sh");
        command.args(["-c", RUN, "sh"]).arg(program("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(self.folder.path());
        command.args(["-p", &self.port.to_string(), "-c", "listen_addresses=localhost"]);
        // What is in it does not have to survive a crash of the machine.
        command.args(["-c", "fsync=off", "-c", "ssl=on"]);
        for (setting, file) in [("ssl_cert_file", "server.pem"), ("ssl_key_file", "server.key")] {
            let path = self.folder.path().join(file);
            command.arg("-c").arg(format!("{setting}={}", path.display()));
        }
        let mut running = command
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        await_readiness(running.stderr.take().unwrap());
        self.running = Some(running);
    }

    /// Ends it, and with it all connections, as a crash would.
    pub fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            drop(running.stdin.take());
            running.wait().unwrap();
        }
    }

    fn initialize(&self) {
        let password = self.write("password", PASSWORD.as_bytes());
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(["localhost".to_owned()])
            .and_then(|parameters| parameters.self_signed(&key))
            .unwrap();
        self.write("server.key", key.serialize_pem().as_bytes());
        self.write("server.pem", certificate.pem().as_bytes());
        self.write("server.der", certificate.der());
        let mut command = self.command(program("initdb"));
        command.arg("-D").arg(self.folder.path().join("data"));
        command.args(["--no-sync", "--encoding=UTF8", "--locale=C", "--username", USER]);
        command.args(["--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile"]);
        let output = command.arg(password).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "initdb: {told}");
    }

    /// A command as the account of the server, in its folder.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("LC_ALL", "C");
        if let Some(Account { user, group }) = self.account {
            command.uid(user).gid(group);
        }
        command
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        self.own(&path);
        path
    }

    fn own(&self, path: &Path) {
        if let Some(Account { user, group }) = self.account {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Account {
    /// `nobody`, when root runs the tests.
    fn unprivileged() -> Option<Self> {
        let id = |arguments: &[&str]| -> u32 {
            let output = Command::new("id").args(arguments).output().unwrap();
            String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
        };
        rustix::process::geteuid().is_root().then(|| Self {
            user: id(&["-u", "nobody"]),
            group: id(&["-g", "nobody"]),
        })
    }
}

/// A program of PostgreSQL: on the path, or where Debian puts it, the newest.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|version| version.unwrap().path()).collect();
    versions.sort_by_key(|folder| {
        let version = folder.file_name().and_then(OsStr::to_str);
        std::cmp::Reverse(version.and_then(|version| version.parse::<u32>().ok()))
    });
    let installed = versions.iter().map(|folder| folder.join("bin"));
    std::env::split_paths(&path)
        .chain(installed)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
        .unwrap_or_else(|| {
            panic!("{name} is missing: install PostgreSQL, or run `cargo xtask test --only rust`")
        })
}

/// Waits until the server says that it is ready; a thread reads what it says afterwards, so that it never waits for us.
fn await_readiness(said: ChildStderr) {
    let mut said = BufReader::new(said);
    let mut before = String::new();
    while !before.contains(READY) {
        let length = said.read_line(&mut before).unwrap();
        assert_ne!(length, 0, "PostgreSQL does not start: {before}");
    }
    std::thread::spawn(move || said.read_to_end(&mut Vec::new()));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
