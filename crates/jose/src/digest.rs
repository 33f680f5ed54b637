//! Hashes, keyed hashes and derived keys.

use aws_lc_rs::{constant_time, digest, hkdf, hmac};
use grantor_types::{SecretBytes, SecretHash, SigningAlgorithm};

use crate::{JoseError, base64url};

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    array(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// SHA-256 of a text in base64url: `code_challenge` by S256 (RFC 7636 §4.2), `ath` (RFC 9449 §4.2).
pub fn sha256_text(text: &str) -> String {
    base64url::encode(sha256(text.as_bytes()))
}

/// What is stored in place of a secret that we made ourselves from 256 random bits: the SHA-256 of its text. A slow
/// hash is for what people type.
pub fn secret_hash(secret: &str) -> SecretHash {
    SecretHash::from_digest(sha256(secret.as_bytes()))
}

/// A key for HMAC-SHA256 ([RFC 2104]), made ready once.
///
/// [RFC 2104]: https://www.rfc-editor.org/rfc/rfc2104
pub struct HmacKey(hmac::Key);

impl HmacKey {
    /// Any length is accepted; 32 bytes is the one to choose.
    pub fn from_bytes(key: &SecretBytes) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.expose()))
    }
}

impl std::fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HmacKey([redacted])")
    }
}

/// HMAC-SHA256 over the parts one after the other. Nothing separates them: give parts of fixed length, or put the
/// lengths in. Compare the result with [`constant_time_eq`].
pub fn hmac_sha256(key: &HmacKey, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&key.0);
    for part in parts {
        context.update(part);
    }
    array(context.sign().as_ref())
}

/// Compares without telling by the time it takes where the first difference is. Slices of unequal length differ at
/// once, as lengths are no secret.
pub fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

/// A 32-byte key for one purpose, derived from the master key by HKDF-SHA256 ([RFC 5869]) without salt, with the
/// label as `info`. Another label gives a key that tells nothing of this one.
///
/// # Errors
/// [`JoseError::Derive`] if the primitive fails.
///
/// [RFC 5869]: https://www.rfc-editor.org/rfc/rfc5869
pub fn derive_key(master: &SecretBytes, label: &str) -> Result<SecretBytes, JoseError> {
    let mut key = vec![0; 32];
    hkdf::Salt::none(hkdf::HKDF_SHA256)
        .extract(master.expose())
        .expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|output| output.fill(&mut key))
        .map_err(|_| JoseError::Derive)?;
    Ok(SecretBytes::new(key))
}

/// The value of `at_hash`, `c_hash` and `s_hash` in an ID token signed with the algorithm ([OpenID Connect Core
/// §3.1.3.6]): "the base64url encoding of the left-most half of the hash" of the ASCII octets, by the hash function
/// of the `alg`. Ed25519 hashes with SHA-512, so its half is 32 bytes.
///
/// [OpenID Connect Core §3.1.3.6]: https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
pub fn oidc_hash(algorithm: SigningAlgorithm, value: &str) -> String {
    let hash = match algorithm {
        SigningAlgorithm::Es256 | SigningAlgorithm::Ps256 | SigningAlgorithm::Rs256 => &digest::SHA256,
        SigningAlgorithm::EdDsa => &digest::SHA512,
    };
    let full = digest::digest(hash, value.as_bytes());
    let (left, _) = full.as_ref().split_at(full.as_ref().len() / 2);
    base64url::encode(left)
}

/// Copies a SHA-256 output; its length is 32 by definition, and `zip` would shorten rather than panic.
fn array(output: &[u8]) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(output) {
        *to = *from;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn sha256_of_fips_180() {
        assert_eq!(
            hex(&sha256(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(secret_hash("abc").as_bytes(), &sha256(b"abc"));
    }

    #[test]
    fn sha256_text_of_rfc_7636_appendix_b() {
        assert_eq!(
            sha256_text("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn hmac_of_rfc_4231_in_parts() {
        let key = HmacKey::from_bytes(&SecretBytes::new(*b"Jefe"));
        let whole = hmac_sha256(&key, &[b"what do ya want for nothing?"]);
        assert_eq!(
            hex(&whole),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hmac_sha256(&key, &[b"what do ya want ", b"", b"for nothing?"]),
            whole
        );
        assert_eq!(format!("{key:?}"), "HmacKey([redacted])");
    }

    #[test]
    fn hkdf_of_rfc_5869_case_3() {
        let master = SecretBytes::new([0x0b; 22]);
        let derived = derive_key(&master, "").unwrap();
        // The first 32 of the 42 octets of appendix A.3: output of HKDF does not depend on its length.
        assert_eq!(
            hex(derived.expose()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
        );
        assert_ne!(derive_key(&master, "other").unwrap().expose(), derived.expose());
    }

    #[test]
    fn comparison() {
        assert!(constant_time_eq(b"same", b"same"));
        assert!(!constant_time_eq(b"same", b"sama"));
        assert!(!constant_time_eq(b"same", b"sam"));
    }

    #[test]
    fn at_hash_of_openid_connect_core_a_3() {
        // The access token and its hash in the response of appendix A.3.
        assert_eq!(
            oidc_hash(
                SigningAlgorithm::Rs256,
                "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
            ),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
        assert_eq!(oidc_hash(SigningAlgorithm::EdDsa, "x").len(), 43);
    }

    #[test]
    fn c_hash_of_openid_connect_core_a_4_and_the_halves_of_every_algorithm() {
        use SigningAlgorithm::{EdDsa, Es256, Ps256, Rs256};
        // The code and its hash in the response of appendix A.4.
        let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
        let sha256 = "LDktKdoQak3Pk0cnXxCltA";
        // The first half of SHA-512, as Ed25519 hashes (RFC 8032 §5.1).
        let sha512 = "E9z1C-c0Az4eTEzE0Nm3OQ3BS2BhMgxuP7x5JAQj1_4";
        for (algorithm, expected) in [(Rs256, sha256), (Ps256, sha256), (Es256, sha256), (EdDsa, sha512)] {
            assert_eq!(oidc_hash(algorithm, code), expected, "{algorithm}");
        }
    }
}
