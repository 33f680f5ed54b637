//! A digest in a document: base64url.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use grantor_types::SecretHash;
use serde::{Deserialize, Deserializer, Serializer};

pub(super) fn serialize<S: Serializer>(hash: &SecretHash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&URL_SAFE_NO_PAD.encode(hash.as_bytes()))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretHash, D::Error> {
    let bytes = URL_SAFE_NO_PAD
        .decode(String::deserialize(deserializer)?)
        .map_err(|_| serde::de::Error::custom("not base64url"))?;
    let digest = bytes
        .try_into()
        .map_err(|_| serde::de::Error::custom("not 32 bytes"))?;
    Ok(SecretHash::from_digest(digest))
}
