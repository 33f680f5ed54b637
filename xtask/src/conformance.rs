//! `docs/conformance.toml`: what an OpenID Provider is certified for, check by check, and what holds each: tests, or the
//! reason why this server fails it on purpose.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::Failure;
use crate::workspace::Workspace;

/// Where the table is.
pub(crate) const SOURCE: &str = "docs/conformance.toml";

/// The table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conformance {
    part: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    title: String,
    about: String,
    check: Vec<Check>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    name: String,
    /// What is checked.
    what: String,
    /// Files and functions in them.
    #[serde(default)]
    tests: Vec<String>,
    /// Why it fails here, or does not apply.
    known: Option<String>,
}

impl Conformance {
    /// Reads the table.
    ///
    /// # Errors
    /// When it is not there or not such a table.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self, Failure> {
        Self::parse(&workspace.read(&workspace.path(SOURCE))?)
    }

    fn parse(text: &str) -> Result<Self, Failure> {
        toml::from_str(text).map_err(|error| format!("{SOURCE} cannot be read: {error}"))
    }

    /// Every test that is named.
    pub(crate) fn tests(&self) -> impl Iterator<Item = &str> {
        self.checks()
            .flat_map(|check| check.tests.iter().map(String::as_str))
    }

    /// What is wrong with the table itself.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut names = BTreeSet::new();
        let mut faults = Vec::new();
        for check in self.checks() {
            let Check { name, tests, .. } = check;
            let known = check.known.as_deref().map(str::trim);
            if known.is_none() && tests.is_empty() {
                faults.push(format!(
                    "{name} has neither tests nor a reason why it is known to fail"
                ));
            }
            if known.is_some_and(str::is_empty) || check.what.trim().is_empty() {
                faults.push(format!("{name} says nothing where it has to say something"));
            }
            if name.is_empty() || !name.chars().all(is_of_a_name) {
                faults.push(format!(
                    "\"{name}\" is no name of lower case letters, digits and hyphens"
                ));
            }
            if !names.insert(name) {
                faults.push(format!("{name} is there twice"));
            }
            for test in tests.iter().filter(|test| !names_a_function_in_a_file(test)) {
                faults.push(format!("{name}: {test} is not a file and a function in it"));
            }
        }
        faults
    }

    /// The page for people.
    pub(crate) fn page(&self) -> String {
        let (mut lines, mut held, mut known) = (String::new(), 0, 0);
        for part in &self.part {
            lines.push_str(&format!("\n## {}\n\n{}\n\n", part.title, part.about));
            lines.push_str("| check | what is checked | held by |\n|---|---|---|\n");
            for check in &part.check {
                match check.known {
                    Some(_) => known += 1,
                    None => held += 1,
                }
                lines.push_str(&check.row());
            }
        }
        format!(
            "# Conformance\n\n<!-- Written by `cargo xtask gen` from {SOURCE}. Change it there. -->\n\n\
             What the published conformance suite of the OpenID Foundation asks of a provider, and what holds it here. The\n\
             suite itself has not been run against this server yet. {} checks: {held} held by tests, {known} known to fail \
             or not to\napply, with the reason. `cargo xtask lint` fails when a test is not there.\n{lines}",
            held + known
        )
    }

    fn checks(&self) -> impl Iterator<Item = &Check> {
        self.part.iter().flat_map(|part| &part.check)
    }
}

impl Check {
    fn row(&self) -> String {
        let known = self.known.iter().map(|reason| format!("**Known:** {reason}"));
        let held: Vec<String> = known.chain(self.tests.iter().map(|test| link(test))).collect();
        let cells = [format!("`{}`", self.name), self.what.clone(), held.join("<br>")];
        let cells = cells.map(|cell| cell.trim().replace('|', "\\|").replace('\n', " "));
        format!("| {} |\n", cells.join(" | "))
    }
}

/// A link to the file of a test, which shows the names of both.
fn link(test: &str) -> String {
    let (file, function) = test.rsplit_once("::").unwrap_or((test, ""));
    let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".rs");
    format!("[{name}](../../{file}) `{function}`")
}

fn is_of_a_name(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
}

fn names_a_function_in_a_file(test: &str) -> bool {
    test.rsplit_once("::")
        .is_some_and(|(file, function)| file.contains('/') && !function.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Conformance;

    fn table(checks: &str) -> Conformance {
        let part = "[[part]]\ntitle = \"Title\"\nabout = \"About.\"\n";
        Conformance::parse(&format!("{part}{checks}")).unwrap()
    }

    const HELD: &str = "[[part.check]]\nname = \"a\"\nwhat = \"A | b.\"\ntests = [\"x/y.rs::z\"]\n";

    #[test]
    fn an_entry_has_tests_or_a_reason() {
        let reason = "[[part.check]]\nname = \"b\"\nwhat = \"B.\"\nknown = \"Because.\"\n";
        assert_eq!(table(&format!("{HELD}{reason}")).faults(), Vec::<String>::new());
        for (broken, fault) in [
            ("name = \"b\"\nwhat = \"B.\"", "neither tests nor a reason"),
            (
                "name = \"b\"\nwhat = \"B.\"\ntests = []",
                "neither tests nor a reason",
            ),
            ("name = \"b\"\nwhat = \"B.\"\nknown = \" \"", "says nothing"),
            (
                "name = \"b\"\nwhat = \"\"\ntests = [\"x/y.rs::z\"]",
                "says nothing",
            ),
            ("name = \"a\"\nwhat = \"B.\"\nknown = \"So.\"", "there twice"),
            ("name = \"B c\"\nwhat = \"B.\"\nknown = \"So.\"", "no name"),
            (
                "name = \"b\"\nwhat = \"B.\"\ntests = [\"z\"]",
                "not a file and a function",
            ),
        ] {
            let faults = table(&format!("{HELD}[[part.check]]\n{broken}\n")).faults();
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(faults[0].contains(fault), "{faults:?}");
        }
        assert!(Conformance::parse("[[part]]\ntitle = \"x\"\nabout = \"x\"\ncheck = []\nodd = 1").is_err());
    }

    #[test]
    fn the_page_counts_and_links() {
        let reason = "[[part.check]]\nname = \"b\"\nwhat = \"B.\"\nknown = \"Because.\"\n";
        let page = table(&format!("{HELD}{reason}")).page();
        assert!(page.contains("2 checks: 1 held by tests, 1 known"), "{page}");
        assert!(
            page.contains("| `a` | A \\| b. | [y](../../x/y.rs) `z` |"),
            "{page}"
        );
        assert!(page.contains("| `b` | B. | **Known:** Because. |"), "{page}");
    }
}
