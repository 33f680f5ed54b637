//! Several processes on one file, and what is left of one that was killed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod rows;

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use grantor_store::Store;
use rows::{create, generation, grant_id, key, open, rotate};
use tokio::task::JoinSet;

/// Where the other process finds the database, and the number of its first grant.
const DATABASE: &str = "GRANTOR_TEST_DATABASE";
const FIRST: &str = "GRANTOR_TEST_FIRST";

/// Not a test: the other process, started by the tests below. It commits without end and prints each answer.
#[test]
fn other_process() {
    let Ok(folder) = std::env::var(DATABASE) else {
        return;
    };
    let first: u64 = std::env::var(FIRST).unwrap().parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Arc::new(open(Path::new(&folder)));
        let next = Arc::new(AtomicU64::new(first));
        let mut callers = JoinSet::new();
        for _ in 0..16 {
            let (store, next) = (Arc::clone(&store), Arc::clone(&next));
            callers.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    store.commit(vec![create(number)]).await.unwrap();
                    println!("committed {number} 0");
                    store
                        .commit(vec![rotate(number, 0), rotate(number, 1)])
                        .await
                        .unwrap();
                    println!("committed {number} 2");
                }
            });
        }
        while callers.join_next().await.is_some() {}
    });
}

struct OtherProcess {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl OtherProcess {
    fn start(folder: &Path, first: u64) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "other_process", "--nocapture"])
            .env(DATABASE, folder)
            .env(FIRST, first.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    /// The next answer: a grant and the generation it has at least. `None` when the process has ended.
    fn answer(&mut self) -> Option<(u64, u64)> {
        loop {
            let line = self.lines.next()?.unwrap();
            // What the test harness prints comes between; a line that the kill cut short is no answer.
            let mut words = line
                .split(' ')
                .skip_while(|word| !word.ends_with("committed"))
                .skip(1);
            if let (Some(number), Some(generation)) = (words.next(), words.next()) {
                return Some((number.parse().unwrap(), generation.parse().unwrap()));
            }
        }
    }

    /// Kills it as `kill -9` does and returns the answers that it had still given.
    fn kill(mut self) -> Vec<(u64, u64)> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        std::iter::from_fn(|| self.answer()).collect()
    }
}

/// Nothing that was answered is lost, kill after kill.
#[tokio::test]
async fn a_killed_process_loses_nothing_that_it_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut answered = Vec::new();
    for round in 0..5 {
        let mut other = OtherProcess::start(folder.path(), round * 1_000_000);
        answered.extend((0..200 + round * 50).map(|_| other.answer().unwrap()));
        answered.extend(other.kill());
        let store = open(folder.path());
        for (number, at_least) in &answered {
            let found = store.grant(grant_id(*number)).await.unwrap();
            let found = found.unwrap_or_else(|| panic!("grant {number} is lost"));
            // Two rotations in one commit: both or none.
            assert!([0, 2].contains(&generation(&found)) && generation(&found) >= *at_least);
        }
    }
    assert!(answered.len() > 1_000);
}

/// A second process reads what the first has committed and gets its turn to write, however busy the first is.
#[tokio::test]
async fn two_processes_share_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut other = OtherProcess::start(folder.path(), 0);
    for number in 0..20 {
        let (grant, _) = other.answer().unwrap();
        assert!(store.grant(grant_id(grant)).await.unwrap().is_some());
        store.commit(vec![key(number, vec![1])]).await.unwrap();
    }
    other.kill();
    assert_eq!(store.keys().await.unwrap().len(), 20);
    assert_eq!(store.event_position().await.unwrap().0, 20);
}
