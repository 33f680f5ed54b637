//! Many processes on one vault, and processes that are killed at every step of a refresh.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use grantor_test_postgres::Postgres;
use tempfile::TempDir;

/// When the credential is stored, and when it ends.
const STORED: u64 = 1_000_000;
const ENDS: u64 = STORED + 3600;
/// How long a lease lasts.
const LEASE: u64 = 30;
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const OTHER_KEY: &str = "f00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// A provider that counts. It takes each refresh token once; one that forgives gives the same successor for the token before.
#[derive(Clone, Default)]
struct Provider(Arc<Mutex<Tokens>>);

#[derive(Default)]
struct Tokens {
    calls: usize,
    /// How often a token was replaced.
    rotations: usize,
    forgives: bool,
}

impl Provider {
    fn start(forgives: bool) -> (Self, String) {
        let provider = Self::default();
        provider.0.lock().unwrap().forgives = forgives;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let answering = provider.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answering.answer(&stream.unwrap());
            }
        });
        (provider, address)
    }

    fn answer(&self, mut stream: &TcpStream) {
        let mut sent = String::new();
        BufReader::new(stream).read_line(&mut sent).unwrap();
        let mut tokens = self.0.lock().unwrap();
        tokens.calls += 1;
        let current = format!("refresh-token-{}", tokens.rotations + 1);
        let before = format!("refresh-token-{}", tokens.rotations);
        if sent.trim() == current {
            tokens.rotations += 1;
        } else if !(tokens.forgives && sent.trim() == before) {
            // Whoever died before it read this closed the connection.
            let _ = stream.write_all(b"invalid_grant\n");
            return;
        }
        let number = tokens.rotations + 1;
        let _ = stream.write_all(format!("access-token-{number} refresh-token-{number}\n").as_bytes());
    }

    fn calls(&self) -> usize {
        self.0.lock().unwrap().calls
    }
}

struct World {
    place: Place,
    provider: Provider,
    address: String,
    forgives: bool,
}

/// Where a vault lies.
enum Place {
    File(TempDir),
    Postgres(Postgres),
}

impl Place {
    fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    /// As the process is told.
    fn name(&self) -> String {
        match self {
            Self::File(folder) => folder.path().join("vault.db").to_str().unwrap().to_owned(),
            Self::Postgres(postgres) => postgres.url(),
        }
    }
}

impl World {
    /// A vault with a credential that ends at [`ENDS`].
    fn new(forgives: bool) -> Self {
        Self::at(Place::file(), forgives)
    }

    /// The same in a place.
    fn at(place: Place, forgives: bool) -> Self {
        let world = Self::empty(place, forgives);
        assert_eq!(world.run("store", STORED, None), "");
        world
    }

    /// A place for a vault.
    fn empty(place: Place, forgives: bool) -> Self {
        let (provider, address) = Provider::start(forgives);
        Self {
            place,
            provider,
            address,
            forgives,
        }
    }

    fn command(&self, action: &str, now: u64) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grantor-vault-processes"));
        command
            .env("VAULT_STORAGE", self.place.name())
            .env("VAULT_KEY", KEY)
            .env("VAULT_PROVIDER", &self.address)
            .env("VAULT_NOW", now.to_string())
            .env("VAULT_ACTION", action)
            .env("VAULT_TASKS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if self.forgives {
            command.env("VAULT_RETRIES", "1");
        }
        command
    }

    /// What a process prints after it was ready; nothing when it was killed.
    fn run(&self, action: &str, now: u64, kill_at: Option<&str>) -> String {
        let mut command = self.command(action, now);
        if let Some(step) = kill_at {
            command.env("VAULT_KILL_AT", step);
        }
        let mut process = Started::start(&mut command);
        process.go();
        let (printed, was_killed) = process.end();
        assert_eq!(was_killed, kill_at.is_some(), "{kill_at:?}: {printed}");
        printed
    }
}

struct Started {
    child: Child,
    printed: BufReader<std::process::ChildStdout>,
}

impl Started {
    fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut printed = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        printed.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Self { child, printed }
    }

    fn go(&mut self) {
        self.child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }

    fn end(mut self) -> (String, bool) {
        let mut printed = String::new();
        self.printed.read_to_string(&mut printed).unwrap();
        let status = self.child.wait().unwrap();
        let was_killed = std::os::unix::process::ExitStatusExt::signal(&status) == Some(9);
        assert!(status.success() || was_killed, "{status}");
        (printed.trim().to_owned(), was_killed)
    }
}

#[test]
fn a_hundred_tasks_in_four_processes_cause_one_refresh() {
    four_processes_refresh_once(&World::new(false));
}

#[test]
fn a_hundred_tasks_in_four_processes_on_postgresql_cause_one_refresh() {
    let postgres = Place::Postgres(Postgres::start());
    four_processes_refresh_once(&World::at(postgres, false));
}

fn four_processes_refresh_once(world: &World) {
    let mut processes: Vec<_> = (0..4)
        .map(|_| Started::start(world.command("token", ENDS).env("VAULT_TASKS", "25")))
        .collect();
    processes.iter_mut().for_each(Started::go);
    let printed: Vec<_> = processes.into_iter().map(|process| process.end().0).collect();
    let lines: Vec<_> = printed.iter().flat_map(|printed| printed.lines()).collect();
    assert_eq!(lines, ["ok access-token-2"; 100]);
    assert_eq!(world.provider.calls(), 1);
}

#[test]
fn processes_that_make_a_vault_at_once_make_one() {
    let places = std::iter::repeat_with(Place::file).take(3);
    for place in places.chain([Place::Postgres(Postgres::start())]) {
        let world = World::empty(place, false);
        let children: Vec<_> = (0..8)
            .map(|_| world.command("store", STORED).spawn().unwrap())
            .collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success());
            assert_eq!(String::from_utf8(output.stdout).unwrap(), "ready\n");
        }
        assert_eq!(world.run("token", STORED, None), "ok access-token-1");
    }
}

const FINE: &str = "ok access-token-2";
const UNKNOWN: &str = "error it is not known whether the provider renewed the credential: the process that renewed it did \
                       not come back";
const USER: &str = "error the user has to log in again: invalid_grant";

/// Each step of a refresh, with what whoever comes next is told, what it gets when it tries again, and how often the provider
/// was asked by then.
const STEPS: [(&str, &str, &str, usize); 7] = [
    ("before-claim", FINE, FINE, 1),
    ("after-claim", UNKNOWN, FINE, 1),
    ("before-call", UNKNOWN, FINE, 1),
    ("after-send", UNKNOWN, USER, 2),
    ("after-answer", UNKNOWN, USER, 2),
    ("before-save", UNKNOWN, USER, 2),
    ("after-save", FINE, FINE, 1),
];

#[test]
fn a_refresh_that_is_killed_at_any_step_loses_nothing_in_silence() {
    for (step, next, retried, calls) in STEPS {
        let world = World::new(false);
        assert_eq!(world.run("token", ENDS, Some(step)), "", "{step}");
        assert_eq!(world.run("token", ENDS + LEASE, None), next, "{step}");
        assert_eq!(
            world.run("token", ENDS + LEASE, None),
            next,
            "{step}, asked again"
        );
        let again = world.run("retry", ENDS + LEASE, None);
        assert_eq!(again, retried, "{step}, tried again");
        assert_eq!(world.provider.calls(), calls, "{step}");
    }
}

#[test]
fn with_a_provider_that_forgives_nothing_is_lost_at_all() {
    for (step, ..) in STEPS {
        let world = World::new(true);
        assert_eq!(world.run("token", ENDS, Some(step)), "", "{step}");
        assert_eq!(
            world.run("token", ENDS + LEASE, None),
            "ok access-token-2",
            "{step}"
        );
    }
}

#[test]
fn a_vault_that_is_copied_without_its_master_key_opens_nothing() {
    let world = World::new(false);
    let elsewhere = tempfile::tempdir().unwrap();
    let name = PathBuf::from(world.place.name());
    for file in std::fs::read_dir(name.parent().unwrap()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), elsewhere.path().join(file.file_name())).unwrap();
    }
    let copied = elsewhere.path().join("vault.db");
    let bytes = std::fs::read(&copied).unwrap();
    for secret in ["access-token-1", "refresh-token-1"] {
        assert!(
            !bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
    }
    let mut command = world.command("token", STORED);
    let output = command
        .env("VAULT_STORAGE", &copied)
        .env("VAULT_KEY", OTHER_KEY)
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "error the master key does not open this vault\n"
    );
    let mut command = world.command("token", STORED);
    let mut process = Started::start(command.env("VAULT_STORAGE", &copied));
    process.go();
    assert_eq!(process.end().0, "ok access-token-1");
}
