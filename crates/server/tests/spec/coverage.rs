//! `docs/rfc/coverage.toml` lists the MUSTs that are kept, each with a test. This is the test that they are there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    must: Vec<Must>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Must {
    rfc: String,
    section: String,
    text: String,
    test: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn coverage() -> Vec<Must> {
    let text = std::fs::read_to_string(root().join("docs/rfc/coverage.toml")).unwrap();
    toml::from_str::<Coverage>(&text).unwrap().must
}

/// The names of the tests in a file: functions right below `#[test]` or `#[tokio::test…]`.
fn tests_in(path: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut below_attribute = false;
    let mut names = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        let declared = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        if let Some(name) = declared.filter(|_| below_attribute) {
            names.insert(name.split('(').next().unwrap().to_owned());
        }
        below_attribute = line == "#[test]" || line.starts_with("#[tokio::test");
    }
    names
}

#[test]
fn every_test_is_there() {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for must in coverage() {
        let (file, name) = must.test.rsplit_once("::").unwrap();
        let tests = files
            .entry(file.to_owned())
            .or_insert_with(|| tests_in(&root().join(file)));
        assert!(tests.contains(name), "{} is not there", must.test);
    }
}

#[test]
fn every_entry_quotes_a_must_once() {
    let mut seen = BTreeSet::new();
    for must in coverage() {
        let (rfc, section, text) = (&must.rfc, &must.section, &must.text);
        let demands = ["MUST", "REQUIRED", "SHALL"];
        assert!(demands.iter().any(|word| text.contains(word)), "{text}");
        assert!(
            rfc.starts_with("RFC ") || rfc.starts_with("OpenID ") || rfc.starts_with("OAuth "),
            "{rfc}"
        );
        assert!(
            section.split('.').all(|part| part.parse::<u8>().is_ok()),
            "{rfc} {section}"
        );
        // What both sides have to keep stands there for each of them.
        let is_of_the_client = must.test.starts_with("crates/client/");
        assert!(
            seen.insert((rfc.clone(), section.clone(), text.clone(), is_of_the_client)),
            "{rfc} {section}: {text}"
        );
    }
}

/// A file named after a specification is there for its MUSTs.
#[test]
fn every_specification_with_a_file_has_an_entry() {
    let named: BTreeSet<String> = coverage().into_iter().map(|must| must.rfc).collect();
    for entry in std::fs::read_dir(root().join("crates/server/tests/spec")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(number) = name.strip_prefix("rfc").and_then(|rest| rest.split('_').next()) {
            assert!(named.contains(&format!("RFC {number}")), "{name}");
        }
    }
}
