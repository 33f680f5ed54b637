//! Every test that `docs/rfc/coverage.toml` names is there.
//!
//! A value under a key `test` or `tests`, at any depth, names a test: a Rust function, with or without its module path,
//! or `path/of/a/file: words in it` for tests in other languages.

use std::collections::BTreeSet;

use toml::Value;

use super::Finding;
use crate::Failure;
use crate::workspace::Workspace;

const FILE: &str = "docs/rfc/coverage.toml";

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let path = workspace.path(FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let table: toml::Table = workspace
        .read(&path)?
        .parse()
        .map_err(|error| format!("{FILE} cannot be read: {error}"))?;
    let mut names = BTreeSet::new();
    collect(&Value::Table(table), false, &mut names);
    let functions = functions(workspace)?;
    let missing = names
        .into_iter()
        .filter(|name| !exists(workspace, &functions, name));
    let finding = |name: String| Finding {
        place: FILE.to_owned(),
        what: format!("names the test {name}, which is not there"),
        rule: "docs/rfc/coverage.toml",
    };
    Ok(missing.map(finding).collect())
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
    if let Some((file, words)) = name.split_once(": ") {
        return workspace
            .read(&workspace.path(file))
            .is_ok_and(|text| text.contains(words.trim()));
    }
    name.rsplit("::")
        .next()
        .is_some_and(|function| functions.contains(function))
}
