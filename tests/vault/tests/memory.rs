//! What is in the memory of a process that holds secrets, and when it has let go of them. Its memory is read from outside, as
//! a core dump would show it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use grantor_vault_processes::secret;
use memchr::memmem;
use tempfile::TempDir;

/// What of a secret is looked for: a part tells enough.
const TELLING: usize = 16;

/// The secret as it is written into a file of a master key: its first 32 bytes.
fn in_hex(name: &str) -> String {
    let secret = secret(name);
    secret
        .bytes()
        .take(32)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

struct Process {
    child: Child,
    told: BufReader<ChildStdout>,
    errors: ChildStderr,
    /// What is looked for: a name, and what could stand in memory.
    secrets: Vec<(&'static str, Vec<String>)>,
    _folder: TempDir,
}

impl Process {
    fn start(program: &str, secrets: &[&'static str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("master.key");
        let mut options = File::options();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&key)
            .unwrap();
        file.write_all(in_hex("other-master-key").as_bytes()).unwrap();
        let mut child = Command::new(program)
            .env("VAULT_FILE", folder.path().join("vault.db"))
            .env("VAULT_KEY_FILE", key)
            .env("RUST_BACKTRACE", "full")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let secrets = secrets
            .iter()
            .map(|name| (*name, vec![secret(name), in_hex(name)]));
        Self {
            told: BufReader::new(child.stdout.take().unwrap()),
            errors: child.stderr.take().unwrap(),
            child,
            secrets: secrets.collect(),
            _folder: folder,
        }
    }

    /// Waits until it has done the step, and tells which secrets are in its memory.
    fn found_when(&mut self, step: &str) -> Vec<&'static str> {
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        let (done, disguised) = line
            .trim_end_matches('\n')
            .split_once(' ')
            .unwrap_or((line.trim(), ""));
        if done != step {
            let mut errors = String::new();
            self.errors.read_to_string(&mut errors).unwrap();
            assert_eq!(done, step, "{errors}");
        }
        if !disguised.is_empty() {
            self.secrets.push(("verifier", vec![undisguised(disguised)]));
        }
        let memory = self.memory();
        let found = self.secrets.iter().filter(|(_, forms)| {
            let mut parts = forms
                .iter()
                .flat_map(|form| form.as_bytes().chunks_exact(TELLING));
            parts.any(|part| memory.iter().any(|region| memmem::find(region, part).is_some()))
        });
        let found = found.map(|(name, _)| *name).collect();
        self.child.stdin.as_mut().unwrap().write_all(b"go on\n").unwrap();
        found
    }

    /// Everything that it can write to.
    fn memory(&self) -> Vec<Vec<u8>> {
        let folder = format!("/proc/{}", self.child.id());
        let maps = std::fs::read_to_string(format!("{folder}/maps")).unwrap();
        let memory = File::open(format!("{folder}/mem")).unwrap();
        let writable = maps.lines().filter(|line| line.contains(" rw"));
        let regions = writable.map(|line| {
            let (range, _) = line.split_once(' ').unwrap();
            let (start, end) = range.split_once('-').unwrap();
            let [start, end] = [start, end].map(|address| u64::from_str_radix(address, 16).unwrap());
            let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
            memory.read_exact_at(&mut bytes, start).unwrap();
            bytes
        });
        regions.collect()
    }
}

/// A secret that only the process itself could tell.
fn undisguised(hex: &str) -> String {
    let bytes = hex.as_bytes().chunks_exact(2).map(|digits| {
        let digits = std::str::from_utf8(digits).unwrap();
        char::from(!u8::from_str_radix(digits, 16).unwrap())
    });
    bytes.collect()
}

#[test]
fn secrets_of_a_vault_are_wiped_from_memory_when_they_are_dropped() {
    let secrets = [
        "access-token-1",
        "refresh-token-1",
        "access-token-2",
        "refresh-token-2",
        "access-token-3",
        "refresh-token-3",
        "client-secret",
        "dpop-key",
        "master-key",
        "other-master-key",
        "passphrase",
        "large",
    ];
    let mut process = Process::start(env!("CARGO_BIN_EXE_secrets"), &secrets);
    assert_eq!(process.found_when("begun"), [""; 0]);
    let found = process.found_when("held");
    for name in ["access-token-1", "refresh-token-1", "client-secret", "dpop-key"] {
        assert!(
            found.contains(&name),
            "{name} is not found in {found:?}: the search does not work"
        );
    }
    // The token that is handed out next lies in memory; what belongs to it is in the vault's file only.
    assert_eq!(process.found_when("renewed"), ["access-token-3"]);
    assert_eq!(process.found_when("dropped"), [""; 0]);
    assert!(process.child.wait().unwrap().success());
    let mut errors = String::new();
    process.errors.read_to_string(&mut errors).unwrap();
    assert!(errors.contains("panics with Credential"), "{errors}");
    for name in secrets {
        assert!(!errors.contains(&secret(name)), "{name} is in {errors}");
    }
}

/// What the HTTP client beneath has in its own buffers is not ours; this one has none.
#[test]
fn secrets_of_a_login_are_wiped_from_memory_when_they_are_dropped() {
    let secrets = [
        "code",
        "access-token-1",
        "refresh-token-1",
        "access-token-2",
        "refresh-token-2",
        "client-secret",
    ];
    let mut process = Process::start(env!("CARGO_BIN_EXE_client"), &secrets);
    assert_eq!(process.found_when("begun"), [""; 0]);
    for way in ["in the form", "in the header"] {
        let held = ["access-token-1", "refresh-token-1", "client-secret"];
        assert_eq!(process.found_when("held"), held, "{way}");
        assert_eq!(process.found_when("let-go"), ["client-secret"], "{way}");
    }
    assert_eq!(process.found_when("dropped"), [""; 0]);
    assert!(process.child.wait().unwrap().success());
}
