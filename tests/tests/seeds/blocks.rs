//! The printed clients: taken out of the documents, changed where `patches.toml` says so, and nowhere else.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use toml::Table;

/// The list of changes.
const PATCHES: &str = include_str!("../../interop/seeds/patches.toml");

/// Where the documents are: beside the clone, or where `GRANTOR_SHARED` says. `None` when they are not there.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("GRANTOR_SHARED").map_or_else(beside, PathBuf::from);
    shared.join("seeds").is_dir().then_some(shared)
}

/// The clients of one run, in a folder that goes away with this.
pub(crate) struct Blocks(TempDir);

impl Blocks {
    /// Takes the blocks out of the documents and puts in the server's address.
    pub(crate) fn extract(shared: &Path, issuer: &str) -> Self {
        let folder = tempfile::tempdir().expect("there is a folder for temporary files");
        let status = Command::new(shared.join("tools/extract-seed-clients"))
            .arg(folder.path())
            .arg(shared.join("seeds"))
            .status()
            .expect("the extractor starts");
        assert!(status.success(), "the extractor failed: {status}");
        let patches: Table = PATCHES.parse().expect("the patches are TOML");
        for patch in patches["patch"].as_array().expect("a list of patches") {
            apply(folder.path(), patch, issuer);
        }
        Self(folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }
}

fn apply(folder: &Path, patch: &toml::Value, issuer: &str) {
    let text = |key: &str| patch[key].as_str().expect("a text").to_owned();
    assert!(!text("reason").is_empty(), "a patch without a reason: {patch}");
    let path = folder.join(text("block"));
    let printed =
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(
        printed.contains(&text("find")),
        "{} does not hold {:?} any more",
        text("block"),
        text("find")
    );
    let replaced = printed.replace(&text("find"), &text("replace").replace("{issuer}", issuer));
    std::fs::write(&path, replaced).expect("a block can be written");
}
