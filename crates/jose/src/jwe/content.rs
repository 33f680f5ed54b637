//! The content and its encryption: AES-GCM with the encoded header as additional data (RFC 7518 §5.3, RFC 7516 §5.1).

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use grantor_types::{ContentEncryptionAlgorithm, SecretBytes};

use super::DecryptError;
use crate::{base64url, random};

/// RFC 7518 §5.3: "The requested size of the Authentication Tag output MUST be 128 bits, regardless of the key size."
const TAG_LEN: usize = 16;

/// The content as it came.
pub(super) struct Sealed<'a> {
    /// The encoded header, which the tag covers.
    header: &'a str,
    iv: [u8; NONCE_LEN],
    ciphertext: Vec<u8>,
    tag: [u8; TAG_LEN],
}

impl<'a> Sealed<'a> {
    /// RFC 7518 §5.3: "Use of an IV of size 96 bits is REQUIRED with this algorithm." A tag that is cut off would be
    /// guessed sooner.
    pub(super) fn new(
        header: &'a str,
        iv: &[u8],
        ciphertext: Vec<u8>,
        tag: &[u8],
    ) -> Result<Self, DecryptError> {
        Ok(Self {
            header,
            iv: iv.try_into().map_err(|_| DecryptError::PartLength)?,
            ciphertext,
            tag: tag.try_into().map_err(|_| DecryptError::PartLength)?,
        })
    }

    pub(super) fn open(
        &self,
        encryption: ContentEncryptionAlgorithm,
        key: &SecretBytes,
    ) -> Result<SecretBytes, DecryptError> {
        let key = aead_key(encryption, key).ok_or(DecryptError::NotAuthentic)?;
        let nonce = Nonce::assume_unique_for_key(self.iv);
        let mut in_out = self.ciphertext.clone();
        key.open_in_place_separate_tag(nonce, Aad::from(self.header), &self.tag, &mut in_out)
            .map_err(|_| DecryptError::NotAuthentic)?;
        Ok(SecretBytes::new(in_out))
    }
}

/// Appends `.iv.ciphertext.tag` to what stands before them; `header` is the encoded header. Every key is used for one
/// content only, so that a random nonce is no risk.
pub(super) fn seal_onto(
    token: &mut String,
    header: &str,
    encryption: ContentEncryptionAlgorithm,
    key: &SecretBytes,
    plaintext: &[u8],
) -> Option<()> {
    let iv = random::array::<NONCE_LEN>().ok()?;
    let mut in_out = plaintext.to_vec();
    let tag = aead_key(encryption, key)?
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(iv), Aad::from(header), &mut in_out)
        .ok()?;
    for part in [&iv[..], &in_out, tag.as_ref()] {
        token.push('.');
        base64url::encode_onto(part, token);
    }
    Some(())
}

/// A random key for one content.
pub(super) fn random_key(encryption: ContentEncryptionAlgorithm) -> Option<SecretBytes> {
    let mut key = vec![0; key_len(encryption)];
    random::fill(&mut key).ok()?;
    Some(SecretBytes::new(key))
}

/// The length of the key, in bytes.
pub(super) fn key_len(encryption: ContentEncryptionAlgorithm) -> usize {
    algorithm(encryption).key_len()
}

fn aead_key(encryption: ContentEncryptionAlgorithm, key: &SecretBytes) -> Option<LessSafeKey> {
    let key = UnboundKey::new(algorithm(encryption), key.expose()).ok()?;
    Some(LessSafeKey::new(key))
}

fn algorithm(encryption: ContentEncryptionAlgorithm) -> &'static Algorithm {
    match encryption {
        ContentEncryptionAlgorithm::A128Gcm => &AES_128_GCM,
        ContentEncryptionAlgorithm::A256Gcm => &AES_256_GCM,
    }
}
