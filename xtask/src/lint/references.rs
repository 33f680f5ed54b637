//! What code and documents point to is there.

use std::path::Path;

use super::Finding;
use crate::Failure;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for extension in ["rs", "md"] {
        for path in workspace.files(extension)? {
            let text = workspace.read(&path)?;
            for (number, line) in text.lines().enumerate() {
                let missing = if extension == "rs" {
                    documents(line).find(|named| !workspace.path(named).exists())
                } else {
                    links(line).find(|target| !is_there(workspace, &path, target))
                };
                if let Some(missing) = missing {
                    findings.push(Finding {
                        place: format!("{}:{}", workspace.shown(&path), number + 1),
                        what: format!("points to {missing}, which is not there"),
                        rule: "CONTRIBUTING.md, rules",
                    });
                }
            }
        }
    }
    Ok(findings)
}

/// Documents that a comment names by their path from the root.
fn documents(line: &str) -> impl Iterator<Item = &str> {
    let (_, comment) = line.split_once("//").unwrap_or_default();
    let words = comment.split(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | ')' | ',' | ';'));
    let words = words.map(|word| word.trim_end_matches(['.', ':']));
    words.filter(|word| word.starts_with("docs/") && word.ends_with(".md"))
}

/// The targets of links that are no web addresses and no places on the same page.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let after_brackets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    after_brackets
        .filter(|target| !target.contains("://") && !target.starts_with('#') && !target.starts_with('<'))
}

fn is_there(workspace: &Workspace, page: &Path, target: &str) -> bool {
    let file = target.split('#').next().unwrap_or(target);
    match file.strip_prefix('/') {
        Some(from_root) => workspace.path(from_root).exists(),
        None => page.parent().is_some_and(|folder| folder.join(file).exists()),
    }
}

#[cfg(test)]
mod tests {
    use super::{documents, links};

    #[test]
    fn documents_in_comments() {
        let line = "    /// On the calling thread: see docs/adr/0002-x.md.";
        assert_eq!(documents(line).collect::<Vec<_>>(), ["docs/adr/0002-x.md"]);
        assert_eq!(documents("let folder = \"docs/reference/x.md\";").count(), 0);
        assert_eq!(documents("//! writes into `docs/reference`.").count(), 0);
    }

    #[test]
    fn links_in_pages() {
        let line = "See [a](docs/a.md#part), [b](https://b.example), [c](#here) and [d](../d.md).";
        assert_eq!(links(line).collect::<Vec<_>>(), ["docs/a.md#part", "../d.md"]);
    }
}
