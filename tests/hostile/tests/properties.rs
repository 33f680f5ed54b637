//! Every target of the fuzzer on a bounded number of inputs, which are the same in every run.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use grantor_hostile::{TARGETS, Target};
use proptest::collection::vec as list;
use proptest::prelude::{Just, Strategy, any};
use proptest::sample::{Index, select};
use proptest::strategy::Union;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const CASES: u32 = 1_000;
/// Largest of the forged inputs that is altered, in bytes.
const MOST_ALTERED: usize = 4_096;

/// What parsers trip over.
const WORDS: &[&str] = &[
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ".",
    "=",
    "\n",
    "\0",
    "null",
    "-1",
    "1e400",
    "\\u0000",
    "\\ud800",
    "\u{feff}",
    "\"alg\":\"none\"",
    "\"crit\":[\"exp\"]",
    "\"zip\":\"DEF\"",
    "[[[[[[[[",
    "18446744073709551616",
];

/// One change to an input.
#[derive(Clone, Debug)]
enum Edit {
    Set(Index, u8),
    Remove(Index, usize),
    Insert(Index, &'static str),
    Repeat(Index, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    Union::new([
        (any::<Index>(), any::<u8>())
            .prop_map(|(at, byte)| Edit::Set(at, byte))
            .boxed(),
        (any::<Index>(), 1..64_usize)
            .prop_map(|(at, length)| Edit::Remove(at, length))
            .boxed(),
        (any::<Index>(), select(WORDS))
            .prop_map(|(at, word)| Edit::Insert(at, word))
            .boxed(),
        (any::<Index>(), 1..64_usize)
            .prop_map(|(at, length)| Edit::Repeat(at, length))
            .boxed(),
    ])
}

fn apply(mut input: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        let place = |at: &Index| at.index(input.len() + 1);
        match edit {
            Edit::Set(at, byte) => {
                let at = place(at);
                input.splice(at..(at + 1).min(input.len()), [*byte]);
            }
            Edit::Remove(at, length) => {
                let at = place(at);
                input.drain(at..(at + length).min(input.len()));
            }
            Edit::Insert(at, word) => {
                let at = place(at);
                input.splice(at..at, word.bytes());
            }
            Edit::Repeat(at, length) => {
                let at = place(at);
                let again: Vec<u8> = input.iter().skip(at).take(*length).copied().collect();
                input.splice(at..at, again);
            }
        }
    }
    input
}

fn inputs(target: Target) -> impl Strategy<Value = Vec<u8>> {
    let mut starts = (target.seeds)();
    // What is long is tried as it is, and not altered a hundred times.
    starts.extend(
        (target.forged)()
            .into_iter()
            .filter(|input| input.len() < MOST_ALTERED),
    );
    let seeds: Vec<_> = starts.into_iter().map(Just).collect();
    let altered = (Union::new(seeds), list(edit(), 0..6)).prop_map(|(seed, edits)| apply(seed, &edits));
    Union::new_weighted(vec![
        (1, list(any::<u8>(), 0..2048).boxed()),
        (7, altered.boxed()),
    ])
}

#[test]
fn what_holds_for_every_input_holds_for_these() {
    for target in TARGETS {
        let config = Config {
            cases: CASES,
            failure_persistence: None,
            ..Config::default()
        };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let found = runner.run(&inputs(*target), |input| {
            (target.run)(&input);
            Ok(())
        });
        if let Err(failure) = found {
            panic!("{}: {failure}", target.name);
        }
    }
}

#[test]
fn the_seeds_get_far() {
    for target in TARGETS {
        let accepted = (target.seeds)().iter().filter(|seed| (target.run)(seed)).count();
        assert!(accepted > 0, "{}", target.name);
    }
    // Both ways to put a token in, of each implementation.
    let of = |name: &str| TARGETS.iter().find(|target| target.name == name).unwrap();
    for (name, expected) in [
        ("jws", 2),
        ("jwe", 20),
        ("request_object", 4),
        ("id_token_hint", 3),
        ("client_assertion", 6),
    ] {
        let accepted = (of(name).seeds)()
            .iter()
            .filter(|seed| (of(name).run)(seed))
            .count();
        assert_eq!(accepted, expected, "{name}");
    }
}

/// Each of them has passed somewhere once: no signature, an algorithm of another family, the public key as a secret, keys
/// that the token itself brings or names, names of keys that are paths and queries, headers and documents that are too much.
#[test]
fn what_is_forged_is_refused() {
    for target in TARGETS {
        let forged = (target.forged)();
        assert!(forged.len() >= 10, "{} has too few", target.name);
        for input in forged {
            let shown = String::from_utf8_lossy(&input[..input.len().min(400)]).into_owned();
            assert!(!(target.run)(&input), "{}: {shown}", target.name);
        }
    }
}

#[test]
fn the_fuzzer_has_every_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for target in TARGETS {
        let path = format!("fuzz_targets/{}.rs", target.name);
        assert!(manifest.contains(&format!("path = \"{path}\"")), "{path}");
        let text = std::fs::read_to_string(folder.join(&path)).unwrap();
        assert!(text.contains(&format!("\"{}\"", target.name)), "{path}");
    }
    let files = std::fs::read_dir(folder.join("fuzz_targets")).unwrap();
    assert_eq!(files.count(), TARGETS.len());
}
