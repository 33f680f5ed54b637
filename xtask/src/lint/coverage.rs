//! Every test that `docs/rfc/coverage.toml`, `docs/conformance.toml` and `docs/security.md` name is there, and the second
//! leaves no check without a test or a reason.
//!
//! In the tables it is every value under a key `test` or `tests`: a file and a test in it, with `::` between. In the page it
//! is every `module::function` in backticks; the function may be anywhere.

use std::collections::BTreeSet;

use toml::Value;

use super::Finding;
use crate::Failure;
use crate::conformance::{self, Conformance};
use crate::workspace::Workspace;

const COVERAGE: &str = "docs/rfc/coverage.toml";
const THREATS: &str = "docs/security.md";

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let functions = functions(workspace)?;
    let conformance = Conformance::read(workspace)?;
    let tests = conformance.tests().map(str::to_owned).collect();
    let mut findings: Vec<Finding> = conformance.faults().into_iter().map(fault).collect();
    for (file, names) in [
        (COVERAGE, covered(workspace)?),
        (conformance::SOURCE, tests),
        (THREATS, threats(workspace)?),
    ] {
        let missing = names
            .into_iter()
            .filter(|name| !exists(workspace, &functions, name));
        findings.extend(missing.map(|name| Finding {
            place: file.to_owned(),
            what: format!("names the test {name}, which is not there"),
            rule: "CONTRIBUTING.md, rules",
        }));
    }
    Ok(findings)
}

fn fault(what: String) -> Finding {
    Finding {
        place: conformance::SOURCE.to_owned(),
        what,
        rule: "CONTRIBUTING.md, rules",
    }
}

fn covered(workspace: &Workspace) -> Result<BTreeSet<String>, Failure> {
    let mut names = BTreeSet::new();
    let path = workspace.path(COVERAGE);
    if path.exists() {
        let table: toml::Table = workspace
            .read(&path)?
            .parse()
            .map_err(|error| format!("{COVERAGE} cannot be read: {error}"))?;
        collect(&Value::Table(table), false, &mut names);
    }
    Ok(names)
}

fn threats(workspace: &Workspace) -> Result<BTreeSet<String>, Failure> {
    let path = workspace.path(THREATS);
    if !path.exists() {
        return Ok(BTreeSet::new());
    }
    let text = workspace.read(&path)?;
    let quoted = text.split('`').skip(1).step_by(2);
    let is_test = |words: &&str| {
        let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | ':');
        words.contains("::") && words.len() > 2 && words.chars().all(named)
    };
    Ok(quoted.filter(is_test).map(str::to_owned).collect())
}

fn collect(value: &Value, names_tests: bool, names: &mut BTreeSet<String>) {
    match value {
        Value::String(name) if names_tests => {
            names.insert(name.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names_tests, names)),
        Value::Table(table) => {
            for (key, value) in table {
                collect(value, matches!(key.as_str(), "test" | "tests"), names);
            }
        }
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

fn functions(workspace: &Workspace) -> Result<BTreeSet<String>, Failure> {
    let mut names = BTreeSet::new();
    for path in workspace.files("rs")? {
        for line in workspace.read(&path)?.lines() {
            let after = line.split_once("fn ").map(|(_, after)| after);
            let name = after.and_then(|after| after.split(['(', '<']).next());
            names.extend(name.map(str::to_owned));
        }
    }
    Ok(names)
}

fn exists(workspace: &Workspace, functions: &BTreeSet<String>, name: &str) -> bool {
    match name.rsplit_once("::") {
        Some((file, function)) if file.contains('/') => {
            let text = workspace.read(&workspace.path(file)).unwrap_or_default();
            has_test(&text, function)
        }
        Some((_, function)) => functions.contains(function),
        None => functions.contains(name),
    }
}

/// Whether the file has a function of this name with `#[test]` or `#[tokio::test…]` among its attributes.
fn has_test(text: &str, function: &str) -> bool {
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ") {
            if is_test && rest.split('(').next() == Some(function) {
                return true;
            }
            is_test = false;
        }
        is_test |= line == "#[test]" || line.starts_with("#[tokio::test");
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_test;

    #[test]
    fn a_function_is_a_test_by_its_attribute() {
        let text = "#[test]\nfn one() {}\n    #[tokio::test(flavor = \"x\")]\n#[rustfmt::skip]\n    async fn two() {\nfn three() {\n\
            #[test]\n#[cfg_attr(\n    windows,\n    ignore\n)]\nfn five() {";
        assert!(has_test(text, "one") && has_test(text, "two") && has_test(text, "five"));
        for other in ["three", "on", "one(", "four"] {
            assert!(!has_test(text, other), "{other}");
        }
    }
}
