//! `cargo xtask gen`: the reference pages. The binary itself prints them; the page on conformance is written from its table.

use std::path::PathBuf;

use crate::conformance::Conformance;
use crate::workspace::Workspace;
use crate::{Failure, process};

/// What `grantor reference` knows, and the page each becomes.
const PAGES: [&str; 5] = ["commands", "errors", "metrics", "routes", "settings"];

/// Stands in each page, below the title.
const NOTICE: &str = "<!-- Written by `cargo xtask gen` from the code. Change it there. -->";

/// Writes every page.
///
/// # Errors
/// When the binary does not build or a page cannot be written.
pub(crate) fn write(workspace: &Workspace) -> Result<(), Failure> {
    for page in pages(workspace)? {
        let shown = workspace.shown(&page.path);
        if page.is_fresh() {
            println!("{shown} is as it was");
            continue;
        }
        let folder = page.path.parent().ok_or("a page has no folder")?;
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&page.path, &page.text))
            .map_err(|error| format!("{shown} cannot be written: {error}"))?;
        println!("{shown} written");
    }
    Ok(())
}

/// Compares every page with what it would be.
///
/// # Errors
/// The stale pages, with the first line that differs.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Failure> {
    let mut stale = String::new();
    for page in pages(workspace)?.iter().filter(|page| !page.is_fresh()) {
        stale.push_str(&format!(
            "\n  {}: {}",
            workspace.shown(&page.path),
            page.difference()
        ));
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!(
        "these pages are stale; run `cargo xtask gen` and commit them:{stale}"
    ))
}

struct Page {
    path: PathBuf,
    text: String,
}

impl Page {
    fn is_fresh(&self) -> bool {
        self.stored() == self.text
    }

    /// What is there; nothing when there is no page.
    fn stored(&self) -> String {
        std::fs::read_to_string(&self.path).unwrap_or_default()
    }

    fn difference(&self) -> String {
        let stored = self.stored();
        let (mut old, mut new) = (stored.lines(), self.text.lines());
        let mut number = 0;
        loop {
            number += 1;
            match (old.next(), new.next()) {
                (Some(old), Some(new)) if old == new => {}
                (None, None) => return "the line ends differ".to_owned(),
                (old, new) => {
                    let (old, new) = (old.unwrap_or("(nothing)"), new.unwrap_or("(nothing)"));
                    return format!("line {number}\n    - {old}\n    + {new}");
                }
            }
        }
    }
}

fn pages(workspace: &Workspace) -> Result<Vec<Page>, Failure> {
    let print = |subject: &str| {
        let run = [
            "run",
            "--quiet",
            "--package",
            "grantor-cli",
            "--bin",
            "grantor",
            "--",
            "reference",
            subject,
        ];
        process::output(process::cargo(workspace, &run))
    };
    let page = |subject: &&str| -> Result<Page, String> {
        let printed = print(subject)?;
        let (title, rest) = printed
            .split_once('\n')
            .ok_or_else(|| format!("`grantor reference {subject}` prints no page"))?;
        Ok(Page {
            path: workspace.path(&format!("docs/reference/{subject}.md")),
            text: format!("{title}\n\n{NOTICE}\n{rest}"),
        })
    };
    let mut pages = PAGES.iter().map(page).collect::<Result<Vec<_>, Failure>>()?;
    pages.push(Page {
        path: workspace.path("docs/reference/admin-api.json"),
        text: print("admin-api")?,
    });
    pages.push(Page {
        path: workspace.path("docs/reference/conformance.md"),
        text: Conformance::read(workspace)?.page(),
    });
    Ok(pages)
}
