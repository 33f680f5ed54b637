//! Every public item of a library that others build on stands in an example that is compiled: one of its own, or one of the
//! same crate that uses it.

use super::Finding;
use crate::Failure;
use crate::workspace::Workspace;

const LIBRARIES: [&str; 2] = ["crates/client/src/", "crates/vault/src/"];
/// The guides whose code is compiled with a library: those that a file of it includes.
const GUIDES: &str = "include_str!(\"../../../";

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for library in LIBRARIES {
        let mut sources = Vec::new();
        for path in workspace.files("rs")? {
            let place = workspace.shown(&path);
            if place.starts_with(library) && !place.contains("tests") && !place.ends_with("fixture.rs") {
                sources.push((place, workspace.read(&path)?));
            }
        }
        let mut examples: String = sources.iter().map(|(_, text)| code_in_docs(text)).collect();
        for guide in sources.iter().flat_map(|(_, text)| included(text)) {
            examples.push_str(&fenced(workspace.read(&workspace.path(guide))?.lines()));
        }
        for (place, text) in &sources {
            let without = items(text)
                .into_iter()
                .filter(|item| !item.has_example && !item.is_used_in(&examples));
            findings.extend(without.map(|item| Finding {
                place: place.clone(),
                what: format!("{} stands in no example", item.name),
                rule: "CONTRIBUTING.md, rules",
            }));
        }
    }
    Ok(findings)
}

fn included(text: &str) -> impl Iterator<Item = &str> {
    let paths = text.split(GUIDES).skip(1);
    paths
        .filter_map(|path| path.split_once('"'))
        .map(|(path, _)| path)
}

/// Something public.
#[derive(Debug, PartialEq)]
struct Item<'a> {
    name: &'a str,
    is_function: bool,
    has_example: bool,
}

impl Item<'_> {
    fn is_used_in(&self, examples: &str) -> bool {
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        examples.match_indices(self.name).any(|(at, _)| {
            let (before, rest) = examples.split_at(at);
            let after = rest.strip_prefix(self.name).unwrap_or_default();
            let is_whole = !before.ends_with(is_part) && !after.starts_with(is_part);
            let is_called = after.starts_with('(') || after.starts_with("::<") || before.ends_with("::");
            is_whole && (is_called || !self.is_function)
        })
    }
}

/// The public items of a file, up to its tests.
fn items(text: &str) -> Vec<Item<'_>> {
    let (text, _) = text.split_once("#[cfg(test)]\nmod ").unwrap_or((text, ""));
    let (mut items, mut has_example) = (Vec::new(), false);
    for line in text.lines().map(str::trim) {
        if line.starts_with("///") {
            has_example |= line.contains("```");
        } else if !line.starts_with("#[") {
            items.extend(item(line, has_example));
            has_example = false;
        }
    }
    items
}

fn item(line: &str, has_example: bool) -> Option<Item<'_>> {
    let mut rest = line.strip_prefix("pub ")?;
    for qualifier in ["const ", "async "] {
        rest = rest.strip_prefix(qualifier).unwrap_or(rest);
    }
    let (kind, rest) = rest.split_once(' ')?;
    let is_function = kind == "fn";
    if !is_function && !matches!(kind, "struct" | "enum" | "trait") {
        return None;
    }
    let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_');
    let name = rest.get(..end.unwrap_or(rest.len()))?;
    Some(Item {
        name,
        is_function,
        has_example,
    })
}

fn code_in_docs(text: &str) -> String {
    let docs = text.lines().map(str::trim).map(|line| {
        let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        doc.map_or("", |doc| doc.strip_prefix(' ').unwrap_or(doc))
    });
    fenced(docs)
}

/// What stands between the fences of Markdown, if a compiler sees it.
fn fenced<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let (mut code, mut fence) = (String::new(), None);
    for line in lines {
        match (line.strip_prefix("```"), fence) {
            (Some(language), None) => fence = Some(!language.contains("ignore") && language != "text"),
            (Some(_), Some(_)) => fence = None,
            (None, Some(true)) => {
                code.push_str(line);
                code.push('\n');
            }
            (None, Some(false) | None) => {}
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
/// ```
/// let found = Door::of(\"oak\").open();
/// ```
pub struct Door;
impl Door {
    /// Nothing is shown.
    #[must_use]
    pub async fn open(self) -> u8 {}
    pub const fn close(&self) {}
    pub(crate) fn paint(&self) {}
}
pub trait Hinge {}
#[cfg(test)]
mod tests {
    pub fn opened() {}
}
";

    #[test]
    fn items_and_their_examples() {
        let item = |name, is_function, has_example| Item {
            name,
            is_function,
            has_example,
        };
        let found = items(SOURCE);
        let (door, open) = (item("Door", false, true), item("open", true, false));
        let (close, hinge) = (item("close", true, false), item("Hinge", false, false));
        assert_eq!(found, [door, open, close, hinge]);
        let examples = code_in_docs(SOURCE);
        let used: Vec<_> = found.iter().map(|item| item.is_used_in(&examples)).collect();
        assert_eq!(used, [true, true, false, false]);
    }

    #[test]
    fn what_is_not_compiled_is_no_example() {
        let text = "x\n```rust,ignore\na(1)\n```\n```rust,no_run\nb(1)\n```\nc(1)\n```text\nd(1)\n```\n";
        assert_eq!(fenced(text.lines()), "b(1)\n");
    }
}
