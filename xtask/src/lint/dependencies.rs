//! Dependencies go one way: types → jose → protocol → store → engines, and everything above the server in the binary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::Finding;
use crate::workspace::Workspace;
use crate::{Failure, process};

const RULE: &str = "ARCHITECTURE.md, dependencies";

/// Each crate with the crates of ours that it may use. What is not here may not exist below `crates/`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("grantor-types", &[]),
    ("grantor-jose", &["types"]),
    ("grantor-protocol", &["types", "jose"]),
    ("grantor-store", &["types", "jose", "protocol"]),
    ("grantor-store-sqlite", &["types", "jose", "protocol", "store"]),
    ("grantor-store-postgres", &["types", "jose", "protocol", "store"]),
    ("grantor-fetch", &["types"]),
    ("grantor-pages", &[]),
    (
        "grantor-server",
        &["types", "jose", "protocol", "store", "fetch", "pages"],
    ),
    ("grantor-client", &["types", "jose", "fetch", "vault"]),
    ("grantor-resource", &["types", "jose", "fetch"]),
    ("grantor-vault", &["types", "jose"]),
    (
        "grantor-cli",
        &[
            "types",
            "jose",
            "protocol",
            "store",
            "store-sqlite",
            "store-postgres",
            "fetch",
            "pages",
            "server",
            "client",
            "vault",
            "resource",
        ],
    ),
];

/// What a crate must never reach, by any way: rules know no runtime, no network, no database and no log.
const UNREACHABLE: &[(&str, &[&str])] = &[
    (
        "grantor-protocol",
        &["tokio", "axum", "hyper", "rusqlite", "reqwest", "tracing"],
    ),
    ("grantor-client", &["grantor-protocol", "grantor-store"]),
    ("grantor-resource", &["grantor-protocol", "grantor-store"]),
    // It keeps tokens and asks nobody: whoever refreshes them comes in through a trait.
    (
        "grantor-vault",
        &["grantor-protocol", "grantor-store", "axum", "hyper", "reqwest"],
    ),
    (
        "grantor-server",
        &["rusqlite", "grantor-store-sqlite", "grantor-store-postgres"],
    ),
];

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let text = process::output(process::cargo(
        workspace,
        &["metadata", "--format-version", "1", "--locked"],
    ))?;
    let metadata: Value =
        serde_json::from_str(&text).map_err(|error| format!("cargo metadata cannot be read: {error}"))?;
    let graph = Graph::read(&metadata);
    let mut findings = direction(&graph, &workspace.path("crates"));
    findings.extend(reach(&graph));
    Ok(findings)
}

/// Direct dependencies of our crates on each other. Packages outside `crates/` are leaves: nobody may use them.
fn direction(graph: &Graph, library_folder: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in graph.packages.values().filter(|package| package.is_member) {
        let below_crates = Path::new(&package.manifest).starts_with(library_folder);
        let allowed = ALLOWED.iter().find(|(name, _)| *name == package.name);
        let finding = |what: String| Finding {
            place: package.name.clone(),
            what,
            rule: RULE,
        };
        let Some((_, allowed)) = allowed else {
            if below_crates {
                findings.push(finding(
                    "has no line in xtask/src/lint/dependencies.rs; write one".to_owned(),
                ));
            }
            continue;
        };
        for used in package
            .dependencies
            .iter()
            .filter_map(|id| graph.packages.get(id))
        {
            let short = used.name.strip_prefix("grantor-").unwrap_or(&used.name);
            if used.is_member && !allowed.contains(&short) {
                findings.push(finding(format!(
                    "depends on {}, which lies on the wrong side",
                    used.name
                )));
            }
        }
    }
    findings
}

fn reach(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, forbidden) in UNREACHABLE {
        let reached = graph.reached_from(name);
        for forbidden in forbidden.iter().filter(|forbidden| reached.contains(**forbidden)) {
            findings.push(Finding {
                place: (*name).to_owned(),
                what: format!("reaches {forbidden}; `cargo tree -p {name} -i {forbidden}` shows how"),
                rule: RULE,
            });
        }
    }
    findings
}

/// Packages by id, with what they need to run. What only tests need may point anywhere.
struct Graph {
    packages: BTreeMap<String, Package>,
}

struct Package {
    name: String,
    manifest: String,
    is_member: bool,
    dependencies: Vec<String>,
}

impl Graph {
    fn read(metadata: &Value) -> Self {
        let members: BTreeSet<&str> = array(metadata.get("workspace_members"))
            .filter_map(Value::as_str)
            .collect();
        let mut packages = BTreeMap::new();
        for package in array(metadata.get("packages")) {
            let id = text(package, "id");
            packages.insert(
                id.to_owned(),
                Package {
                    name: text(package, "name").to_owned(),
                    manifest: text(package, "manifest_path").to_owned(),
                    is_member: members.contains(id),
                    dependencies: Vec::new(),
                },
            );
        }
        let nodes = metadata.get("resolve").and_then(|resolve| resolve.get("nodes"));
        for node in array(nodes) {
            let used = array(node.get("deps")).filter(|dependency| is_normal(dependency));
            if let Some(package) = packages.get_mut(text(node, "id")) {
                package.dependencies = used
                    .map(|dependency| text(dependency, "pkg").to_owned())
                    .collect();
            }
        }
        Self { packages }
    }

    /// The names of everything a package needs, directly or not.
    fn reached_from(&self, name: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<&Package> = self
            .packages
            .values()
            .filter(|package| package.name == name && package.is_member)
            .collect();
        while let Some(package) = waiting.pop() {
            for used in package.dependencies.iter().filter_map(|id| self.packages.get(id)) {
                if reached.insert(used.name.as_str()) {
                    waiting.push(used);
                }
            }
        }
        reached
    }
}

/// Neither a build nor a test dependency alone.
fn is_normal(dependency: &Value) -> bool {
    array(dependency.get("dep_kinds")).any(|kind| kind.get("kind").is_none_or(Value::is_null))
}

fn array(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::{Graph, direction, reach};

    /// Packages with what they need to run; ours are told by their names.
    fn graph(packages: &[(&str, &[&str])]) -> Graph {
        let ours = |name: &str| name.starts_with("grantor-");
        let normal = json!([{ "kind": null }]);
        let used = |names: &[&str]| -> Vec<Value> {
            names
                .iter()
                .map(|name| json!({ "pkg": name, "dep_kinds": normal }))
                .collect()
        };
        let manifest = |name: &str| format!("/w/crates/{name}/Cargo.toml");
        Graph::read(&json!({
            "workspace_members": packages.iter().map(|(name, _)| *name).filter(|name| ours(name)).collect::<Vec<_>>(),
            "packages": packages.iter().map(|(name, _)| {
                json!({ "id": name, "name": name, "manifest_path": manifest(name) })
            }).collect::<Vec<_>>(),
            "resolve": { "nodes": packages.iter().map(|(name, deps)| {
                json!({ "id": name, "deps": used(deps) })
            }).collect::<Vec<_>>() },
        }))
    }

    #[test]
    fn an_arrow_against_the_direction_is_found() {
        let graph = graph(&[("grantor-jose", &["grantor-store"]), ("grantor-store", &[])]);
        let findings = direction(&graph, Path::new("/w/crates"));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, "grantor-jose");
    }

    #[test]
    fn a_crate_without_a_line_is_found() {
        let findings = direction(&graph(&[("grantor-new", &[])]), Path::new("/w/crates"));
        assert_eq!(findings.len(), 1);
        assert!(direction(&graph(&[("grantor-new", &[])]), Path::new("/elsewhere")).is_empty());
    }

    #[test]
    fn a_runtime_is_found_behind_other_crates() {
        let graph = graph(&[
            ("grantor-protocol", &["grantor-jose"]),
            ("grantor-jose", &["middle"]),
            ("middle", &["tokio"]),
            ("tokio", &[]),
        ]);
        let findings = reach(&graph);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].what.contains("tokio"));
    }
}
