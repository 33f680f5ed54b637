//! Size and names of source files, and work that is left undone without a place to find it again.

use std::path::Path;

use super::Finding;
use crate::Failure;
use crate::workspace::Workspace;

const MAX_LINES: usize = 400;
/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 8] = [
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers",
];
/// What a generated file says in its first lines.
const GENERATED: &str = "@generated";
/// Marks of undone work. Split, so that this file does not find itself.
const MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for path in workspace.files("rs")? {
        let (shown, text) = (workspace.shown(&path), workspace.read(&path)?);
        let finding = |place: String, what: String| Finding {
            place,
            what,
            rule: "CONTRIBUTING.md, rules",
        };
        if text.lines().take(3).any(|line| line.contains(GENERATED)) {
            continue;
        }
        let lines = text.lines().count();
        if lines > MAX_LINES {
            findings.push(finding(
                shown.clone(),
                format!("has {lines} lines, more than {MAX_LINES}; split it by subject"),
            ));
        }
        if let Some(name) = empty_name(&path) {
            findings.push(finding(
                shown.clone(),
                format!("{name} says nothing; name it after what is inside"),
            ));
        }
        for (number, line) in text.lines().enumerate() {
            let place = || format!("{shown}:{}", number + 1);
            if let Some(name) = inline_module(line).filter(|name| EMPTY_NAMES.contains(name)) {
                findings.push(finding(
                    place(),
                    format!("module {name} says nothing; name it after what is inside"),
                ));
            }
            if let Some(mark) = unpinned_mark(line) {
                findings.push(finding(
                    place(),
                    format!("{mark} without an issue; write {mark}(#number) or do it"),
                ));
            }
        }
    }
    Ok(findings)
}

/// A file or folder name of the path that says nothing.
fn empty_name(path: &Path) -> Option<&str> {
    let parts = path.iter().filter_map(|part| part.to_str());
    parts
        .map(|part| part.strip_suffix(".rs").unwrap_or(part))
        .find(|name| EMPTY_NAMES.contains(name))
}

/// The name in `mod name {`, with or without visibility.
fn inline_module(line: &str) -> Option<&str> {
    let rest = line.trim_start();
    let rest = rest
        .strip_prefix("pub(crate) ")
        .or_else(|| rest.strip_prefix("pub "))
        .unwrap_or(rest);
    let name = rest.strip_prefix("mod ")?.trim_end_matches(['{', ';', ' ']);
    Some(name)
}

fn unpinned_mark(line: &str) -> Option<&'static str> {
    let (_, comment) = line.split_once("//")?;
    let is_unpinned = |mark: &&'static str| {
        let mut words = comment.split(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '#'));
        words.any(|word| {
            word == *mark
                || word
                    .strip_prefix(*mark)
                    .is_some_and(|rest| rest.starts_with('(') && !rest.starts_with("(#"))
        })
    };
    MARKS.iter().copied().find(|mark| is_unpinned(mark))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{MARKS, empty_name, inline_module, unpinned_mark};

    #[test]
    fn names_that_say_nothing() {
        assert_eq!(empty_name(Path::new("crates/x/src/util.rs")), Some("util"));
        assert_eq!(
            empty_name(Path::new("crates/x/tests/common/mod.rs")),
            Some("common")
        );
        assert_eq!(empty_name(Path::new("crates/x/src/utility.rs")), None);
        assert_eq!(inline_module("    pub(crate) mod helper {"), Some("helper"));
        assert_eq!(inline_module("mod misc;"), Some("misc"));
        assert_eq!(inline_module("let model = 1;"), None);
    }

    #[test]
    fn marks_without_an_issue() {
        let mark = MARKS[0];
        assert_eq!(unpinned_mark(&format!("x(); // {mark}: later")), Some(mark));
        assert_eq!(unpinned_mark(&format!("// {mark}(somebody) later")), Some(mark));
        assert_eq!(unpinned_mark(&format!("// {mark}(#12) later")), None);
        assert_eq!(unpinned_mark(&format!("let {mark} = 1;")), None);
    }
}
