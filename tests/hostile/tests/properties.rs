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
    let seeds: Vec<_> = (target.seeds)().into_iter().map(Just).collect();
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
    for (name, expected) in [("jws", 2), ("jwe", 20)] {
        let accepted = (of(name).seeds)()
            .iter()
            .filter(|seed| (of(name).run)(seed))
            .count();
        assert_eq!(accepted, expected, "{name}");
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
