//! `[keys]`: the master key and rotation.

use std::path::PathBuf;

use grantor_server::KeySettings;
use grantor_types::{Seconds, SigningAlgorithm};

use super::MasterKeySource;
use super::reader::Section;

pub(super) fn read(section: &mut Section<'_>, keys: &mut KeySettings) -> MasterKeySource {
    let file: Option<PathBuf> = section.optional(
        "master_key_file",
        "A file with the master key: 32 or more random bytes as base64url or hex. `grantor key new-master` makes one.",
    );
    let variable = section.setting(
        "master_key_variable",
        "GRANTOR_MASTER_KEY".to_owned(),
        "The environment variable with the master key, when there is no file.",
    );
    keys.algorithms = section.setting(
        "algorithms",
        keys.algorithms.clone(),
        "Signature algorithms that there is a key for. OpenID Connect demands RS256.",
    );
    if !keys.algorithms.contains(&SigningAlgorithm::Rs256) {
        section.problem("algorithms", "has to hold RS256 (OpenID Connect Core 15.1)");
    }
    keys.rotate_after = section.setting(
        "rotate_after",
        keys.rotate_after,
        "Age at which a key is replaced.",
    );
    keys.publish_before = section.setting(
        "publish_before",
        keys.publish_before,
        "How long a new key is published before it signs.",
    );
    keys.cache_for = section.setting(
        "cache_for",
        keys.cache_for,
        "How long caches may keep the JWK set and the metadata.",
    );
    if keys.publish_before < keys.cache_for {
        section.problem(
            "publish_before",
            "has to be at least cache_for, or caches miss the new key",
        );
    }
    if keys.rotate_after <= keys.publish_before || keys.rotate_after < Seconds::hours(1) {
        section.problem(
            "rotate_after",
            "has to be an hour or more, and longer than publish_before",
        );
    }
    file.map_or(MasterKeySource::Environment(variable), MasterKeySource::File)
}
