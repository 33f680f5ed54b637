//! Sealing: encrypted and authenticated texts that only we can read, and stored keys wrapped by a master key.
//!
//! A sealed text is base64url of `version ‖ key id ‖ nonce ‖ ciphertext ‖ tag`: 1 byte, 4 bytes big-endian, 12 bytes,
//! as long as the plaintext, 16 bytes. Tokens are sealed with AES-256-GCM-SIV ([RFC 8452]), which bears random nonces
//! at any number of tokens that we could make; stored keys are wrapped with AES-256-GCM, since there are few.
//!
//! [RFC 8452]: https://www.rfc-editor.org/rfc/rfc8452

use aws_lc_rs::aead::{
    AES_256_GCM, AES_256_GCM_SIV, Aad, Algorithm, LessSafeKey, NONCE_LEN, Nonce, UnboundKey,
};
use grantor_types::SecretBytes;

use crate::{JoseError, base64url, random};

/// The longest sealed text that is looked at, in bytes.
pub const MAX_SEALED_BYTES: usize = 64 * 1024;

const VERSION: u8 = 1;
const KEY_ID_LEN: usize = 4;

/// Why a sealed text or a wrapped key did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not the form of a sealed text: not base64url, too short or too long, another version.
    #[error("this is no sealed text")]
    Malformed,
    /// Sealed with a key that is not known, or no longer.
    #[error("the sealing key {0} is not known")]
    UnknownKey(u32),
    /// Altered, or sealed for another purpose, or with another key.
    #[error("the sealed text is not authentic")]
    NotAuthentic,
    /// The text could not be sealed.
    #[error("sealing failed")]
    Failed,
}

/// A 256-bit key to seal with, and the number it goes by.
pub struct SealingKey {
    id: u32,
    key: LessSafeKey,
}

impl SealingKey {
    /// Takes 32 bytes.
    ///
    /// # Errors
    /// [`JoseError::KeyLength`] when there are more or fewer.
    pub fn from_bytes(id: u32, key: &SecretBytes) -> Result<Self, JoseError> {
        Ok(Self {
            id,
            key: aead_key(&AES_256_GCM_SIV, key)?,
        })
    }

    /// The number that sealed texts refer to the key by.
    pub fn id(&self) -> u32 {
        self.id
    }
}

/// The key that seals, and those that still open what they sealed before.
pub struct SealingKeys {
    current: SealingKey,
    older: Vec<SealingKey>,
}

impl SealingKeys {
    /// Seals with `current`, opens with it and with `older`.
    pub fn new(current: SealingKey, older: Vec<SealingKey>) -> Self {
        Self { current, older }
    }

    /// Seals the plaintext for one purpose. The purpose is authenticated, so that what was sealed as one thing does
    /// not open as another.
    ///
    /// # Errors
    /// [`SealError::Failed`] when there is no randomness or the plaintext is beyond all measure.
    pub fn seal(&self, purpose: &str, plaintext: &[u8]) -> Result<String, SealError> {
        let [a, b, c, d] = self.current.id.to_be_bytes();
        let head = [VERSION, a, b, c, d];
        encrypt(&self.current.key, purpose.as_bytes(), &head, plaintext).map(base64url::encode)
    }

    /// Opens what was sealed for this purpose.
    ///
    /// # Errors
    /// A [`SealError`] that says why not. Tell the sender no more than that the text is invalid.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<SecretBytes, SealError> {
        if sealed.len() > MAX_SEALED_BYTES {
            return Err(SealError::Malformed);
        }
        let bytes = base64url::decode(sealed).ok_or(SealError::Malformed)?;
        let (version, rest) = bytes.split_first().ok_or(SealError::Malformed)?;
        let (id, rest) = rest
            .split_first_chunk::<KEY_ID_LEN>()
            .ok_or(SealError::Malformed)?;
        if *version != VERSION {
            return Err(SealError::Malformed);
        }
        let key = self.find(u32::from_be_bytes(*id))?;
        decrypt(&key.key, purpose.as_bytes(), rest)
    }

    fn find(&self, id: u32) -> Result<&SealingKey, SealError> {
        let mut keys = std::iter::once(&self.current).chain(&self.older);
        keys.find(|key| key.id == id).ok_or(SealError::UnknownKey(id))
    }
}

impl std::fmt::Debug for SealingKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let older: Vec<_> = self.older.iter().map(SealingKey::id).collect();
        write!(
            f,
            "SealingKeys {{ current: {}, older: {older:?} }}",
            self.current.id
        )
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({}, [redacted])", self.id)
    }
}

/// The master key, under which private keys and sealing keys are stored.
pub struct WrappingKey(LessSafeKey);

impl WrappingKey {
    /// Takes 32 bytes.
    ///
    /// # Errors
    /// [`JoseError::KeyLength`] when there are more or fewer.
    pub fn from_bytes(key: &SecretBytes) -> Result<Self, JoseError> {
        aead_key(&AES_256_GCM, key).map(Self)
    }

    /// Wraps a key for storing: `version ‖ nonce ‖ ciphertext ‖ tag`. `aad` ties it to its place, such as the row's
    /// id, so that wrapped keys cannot be exchanged for one another in the database.
    ///
    /// # Errors
    /// [`SealError::Failed`] when there is no randomness.
    pub fn wrap(&self, plaintext: &SecretBytes, aad: &[u8]) -> Result<Vec<u8>, SealError> {
        encrypt(&self.0, aad, &[VERSION], plaintext.expose())
    }

    /// Opens a wrapped key.
    ///
    /// # Errors
    /// [`SealError::Malformed`] or [`SealError::NotAuthentic`]; the latter also when the master key is another one.
    pub fn open(&self, wrapped: &[u8], aad: &[u8]) -> Result<SecretBytes, SealError> {
        match wrapped.split_first() {
            Some((&VERSION, rest)) => decrypt(&self.0, aad, rest),
            _ => Err(SealError::Malformed),
        }
    }
}

impl std::fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WrappingKey([redacted])")
    }
}

fn aead_key(algorithm: &'static Algorithm, key: &SecretBytes) -> Result<LessSafeKey, JoseError> {
    let key = UnboundKey::new(algorithm, key.expose()).map_err(|_| JoseError::KeyLength)?;
    Ok(LessSafeKey::new(key))
}

/// `head ‖ nonce ‖ ciphertext ‖ tag`, in one buffer.
fn encrypt(key: &LessSafeKey, aad: &[u8], head: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce = random::array::<NONCE_LEN>().map_err(|_| SealError::Failed)?;
    let tag_len = key.algorithm().tag_len();
    let mut bytes = Vec::with_capacity(head.len() + NONCE_LEN + plaintext.len() + tag_len);
    bytes.extend_from_slice(head);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(plaintext);
    let (_, in_out) = bytes
        .split_at_mut_checked(head.len() + NONCE_LEN)
        .ok_or(SealError::Failed)?;
    let tag = key
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), in_out)
        .map_err(|_| SealError::Failed)?;
    bytes.extend_from_slice(tag.as_ref());
    Ok(bytes)
}

fn decrypt(key: &LessSafeKey, aad: &[u8], bytes: &[u8]) -> Result<SecretBytes, SealError> {
    let (nonce, ciphertext) = bytes
        .split_first_chunk::<NONCE_LEN>()
        .ok_or(SealError::Malformed)?;
    let length = ciphertext
        .len()
        .checked_sub(key.algorithm().tag_len())
        .ok_or(SealError::Malformed)?;
    let mut in_out = ciphertext.to_vec();
    key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut in_out)
        .map_err(|_| SealError::NotAuthentic)?;
    in_out.truncate(length);
    Ok(SecretBytes::new(in_out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: u32) -> SealingKey {
        SealingKey::from_bytes(id, &SecretBytes::new([id as u8; 32])).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        let keys = SealingKeys::new(key(7), vec![]);
        for plaintext in [&b""[..], b"x", &[9; 1000]] {
            let sealed = keys.seal("cookie", plaintext).unwrap();
            assert_eq!(keys.open("cookie", &sealed).unwrap().expose(), plaintext);
            assert_eq!(keys.open("code", &sealed).unwrap_err(), SealError::NotAuthentic);
        }
        assert_ne!(
            keys.seal("cookie", b"x").unwrap(),
            keys.seal("cookie", b"x").unwrap()
        );
    }

    #[test]
    fn every_altered_byte_is_noticed() {
        let keys = SealingKeys::new(key(7), vec![]);
        let bytes = base64url::decode(&keys.seal("p", b"plain").unwrap()).unwrap();
        assert_eq!(bytes.len(), 1 + 4 + 12 + 5 + 16);
        assert_eq!(bytes[..5], [1, 0, 0, 0, 7]);
        for position in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[position] ^= 1;
            let expected = match position {
                0 => SealError::Malformed,
                1..=4 => SealError::UnknownKey(u32::from_be_bytes(altered[1..5].try_into().unwrap())),
                _ => SealError::NotAuthentic,
            };
            assert_eq!(
                keys.open("p", &base64url::encode(&altered)).unwrap_err(),
                expected,
                "{position}"
            );
        }
        for length in 0..bytes.len() {
            assert!(
                keys.open("p", &base64url::encode(&bytes[..length])).is_err(),
                "{length}"
            );
        }
        for text in ["", "====", "A", &"A".repeat(MAX_SEALED_BYTES + 1)] {
            assert_eq!(keys.open("p", text).unwrap_err(), SealError::Malformed);
        }
    }

    #[test]
    fn keys_rotate() {
        let sealed = SealingKeys::new(key(1), vec![]).seal("p", b"old").unwrap();
        let rotated = SealingKeys::new(key(2), vec![key(1)]);
        assert_eq!(rotated.open("p", &sealed).unwrap().expose(), b"old");
        let forgotten = SealingKeys::new(key(2), vec![]);
        assert_eq!(
            forgotten.open("p", &sealed).unwrap_err(),
            SealError::UnknownKey(1)
        );
        let impostor = SealingKey::from_bytes(1, &SecretBytes::new([99; 32])).unwrap();
        let other = SealingKeys::new(impostor, vec![]);
        assert_eq!(other.open("p", &sealed).unwrap_err(), SealError::NotAuthentic);
        assert_eq!(format!("{rotated:?}"), "SealingKeys { current: 2, older: [1] }");
    }

    #[test]
    fn wrapped_keys_are_tied_to_their_place() {
        let master = WrappingKey::from_bytes(&SecretBytes::new([3; 32])).unwrap();
        let wrapped = master.wrap(&SecretBytes::new(*b"private key"), b"row 1").unwrap();
        assert_eq!(master.open(&wrapped, b"row 1").unwrap().expose(), b"private key");
        assert_eq!(
            master.open(&wrapped, b"row 2").unwrap_err(),
            SealError::NotAuthentic
        );
        let other = WrappingKey::from_bytes(&SecretBytes::new([4; 32])).unwrap();
        assert_eq!(
            other.open(&wrapped, b"row 1").unwrap_err(),
            SealError::NotAuthentic
        );
        assert_eq!(master.open(&[], b"row 1").unwrap_err(), SealError::Malformed);
        assert_eq!(master.open(&[2, 0], b"row 1").unwrap_err(), SealError::Malformed);
    }

    #[test]
    fn keys_have_256_bits() {
        for length in [0, 16, 31, 33] {
            let bytes = SecretBytes::new(vec![0; length]);
            assert_eq!(
                SealingKey::from_bytes(1, &bytes).unwrap_err(),
                JoseError::KeyLength
            );
            assert_eq!(WrappingKey::from_bytes(&bytes).unwrap_err(), JoseError::KeyLength);
        }
    }
}
