//! The guide to driving the pages tells what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use grantor_pages::Locale;

use crate::html::tags;
use crate::sample::all;

/// The ids of every page, by its marker. What is numbered stands there with its first number, and a claim as the first of
/// them.
fn ids_by_marker() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for sample in all("Text", "https://app.example/x", Locale::English) {
        let ids = found.entry(sample.marker.to_owned()).or_default();
        let tags = tags(&sample.html);
        let own = tags.iter().filter_map(|tag| tag.get("id"));
        // The marker itself, and what the skip link of every page leads to.
        let own = own.filter(|id| *id != sample.marker && *id != "content");
        ids.extend(
            own.map(|id| match (id.strip_prefix("claim-"), id.rsplit_once('-')) {
                (Some(_), Some((_, part @ ("hint" | "note" | "problem")))) => format!("claim-name-{part}"),
                (Some(_), _) => "claim-name".to_owned(),
                (None, Some((name, number))) if number.parse::<u32>().is_ok() => format!("{name}-0"),
                (None, _) => id.to_owned(),
            }),
        );
    }
    found
}

/// `docs/guides/pages.md` lists the ids of every page, all of them and no others.
#[test]
fn the_table_of_the_guide_is_true() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides/pages.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let rows = guide
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains("-page` |"));
    let mut documented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let quoted = |cell: &str| {
            cell.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let [_, _, marker, ids] = cells.as_slice() else {
            panic!("not four cells: {row}")
        };
        let before = documented.insert(quoted(marker).remove(0), quoted(ids).into_iter().collect());
        assert_eq!(before, None, "{row}");
    }
    for (marker, ids) in ids_by_marker() {
        let written: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
        let told = documented.remove(&marker).unwrap_or_default();
        assert_eq!(told, ids, "{marker} has {}", written.join(" "));
    }
    assert_eq!(documented, BTreeMap::new(), "there is no such page");
}
