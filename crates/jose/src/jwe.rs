//! Encrypted tokens in compact serialization ([RFC 7516 §7.1]): [`EncryptionKey`] is the key of somebody else that we
//! encrypt to, [`DecryptionKey`] one of ours that others encrypt to.
//!
//! Encryption alone says nothing about who made a token: anybody can encrypt to a public key. What comes out of
//! [`decrypt`] is therefore no claims, but a signed JWT that goes to [`verify`](crate::verify()) like any other
//! (RFC 7519 §5.2, nested JWT).
//!
//! ```
//! use grantor_jose::jwe::{Allowed, DecryptionKey, EncryptionKey, decrypt};
//! use grantor_jose::Jwks;
//! use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm};
//!
//! let (ours, _pkcs8) = DecryptionKey::generate(KeyManagementAlgorithm::EcdhEs)?;
//! let published = Jwks { keys: vec![ours.public_jwk()] };
//!
//! let theirs = EncryptionKey::choose(&published, KeyManagementAlgorithm::EcdhEs).ok_or("no key")?;
//! let token = theirs.encrypt_jwt(ContentEncryptionAlgorithm::A256Gcm, "e30.e30.c2ln")?;
//! assert_eq!(decrypt(&token, &[ours], &Allowed::ALL)?.jwt()?, "e30.e30.c2ln");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [RFC 7516 §7.1]: https://www.rfc-editor.org/rfc/rfc7516#section-7.1

use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, SecretBytes};

use crate::typ::same_media_type;
use crate::{MAX_TOKEN_BYTES, base64url};

pub use crate::error::DecryptError;
pub use decryption_key::DecryptionKey;
pub use encryption_key::EncryptionKey;

use content::Sealed;
use header::RawHeader;

mod agreement;
mod content;
mod decryption_key;
mod encryption_key;
mod header;

/// The longest header of an encrypted token that is looked at, in bytes of base64url. An ephemeral key on the longest
/// curve takes about 300.
pub const MAX_HEADER_BYTES: usize = 4 * 1024;

/// The longest encrypted token that is looked at, in bytes: the longest signed one, encoded once more, with the header
/// and the key in front.
pub const MAX_ENCRYPTED_BYTES: usize = base64url::encoded_len(MAX_TOKEN_BYTES) + MAX_HEADER_BYTES + 2 * 1024;

/// How many of our keys are tried on a token that names none.
const MAX_TRIED: usize = 4;

/// The algorithms that a caller takes. RFC 8725 §3.1: "Libraries MUST enable the caller to specify a supported set of
/// algorithms and MUST NOT use any other algorithms when performing cryptographic operations."
#[derive(Clone, Copy, Debug)]
pub struct Allowed<'a> {
    /// `alg`.
    pub key_management: &'a [KeyManagementAlgorithm],
    /// `enc`.
    pub content_encryption: &'a [ContentEncryptionAlgorithm],
}

impl Allowed<'static> {
    /// Everything that Grantor has.
    pub const ALL: Self = Self {
        key_management: KeyManagementAlgorithm::ALL,
        content_encryption: ContentEncryptionAlgorithm::ALL,
    };
}

/// What was in an encrypted token. Whoever has the public key can have put it there.
#[derive(Debug)]
pub struct Decrypted {
    algorithm: KeyManagementAlgorithm,
    encryption: ContentEncryptionAlgorithm,
    kid: String,
    cty: Option<String>,
    plaintext: SecretBytes,
}

impl Decrypted {
    /// `alg`: how the key was brought.
    pub fn algorithm(&self) -> KeyManagementAlgorithm {
        self.algorithm
    }

    /// `enc`: what the content was encrypted with.
    pub fn encryption(&self) -> ContentEncryptionAlgorithm {
        self.encryption
    }

    /// The name of the key that opened it.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The content, whatever it is.
    pub fn plaintext(&self) -> &[u8] {
        self.plaintext.expose()
    }

    /// The JWT that was encrypted, still to be verified. Clients in the field leave `cty` out, though RFC 7519 §5.2
    /// says of nested tokens that "this Header Parameter MUST be present; in this case, the value MUST be 'JWT'"; what
    /// is inside is a JWT or is refused for not being one, so nothing hangs on it.
    ///
    /// # Errors
    /// [`DecryptError::NotJwt`] when `cty` says that it is something else, or it is no text.
    pub fn jwt(&self) -> Result<&str, DecryptError> {
        let is_jwt = self.cty.as_deref().is_none_or(|cty| same_media_type(cty, "JWT"));
        let text = std::str::from_utf8(self.plaintext()).ok();
        text.filter(|_| is_jwt).ok_or(DecryptError::NotJwt)
    }
}

/// Whether this has the form of an encrypted token: five parts, where a signed one has three (RFC 7516 §9).
pub fn is_encrypted(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 4
}

/// Opens a token that was encrypted to one of these keys.
///
/// In this order: the form, the header, the algorithms, the key, the content. With a `kid` it is the key of that name
/// that has to open it; without one, the first few for the algorithm are tried.
///
/// # Errors
/// The [`DecryptError`] of the first check that fails. Everything that depends on a private key is
/// [`DecryptError::NotAuthentic`].
pub fn decrypt(
    token: &str,
    keys: &[DecryptionKey],
    allowed: &Allowed<'_>,
) -> Result<Decrypted, DecryptError> {
    let parts = split(token)?;
    let header = decode(parts.header)?;
    let header = RawHeader::parse(&header)?;
    let (algorithm, encryption) = header.algorithms(allowed)?;
    let sealed = Sealed::new(
        parts.header,
        &decode(parts.iv)?,
        decode(parts.ciphertext)?,
        &decode(parts.tag)?,
    )?;
    let encrypted_key = decode(parts.encrypted_key)?;

    let kid = header.kid();
    let fitting = keys
        .iter()
        .filter(|key| key.algorithm() == algorithm && kid.is_none_or(|kid| key.kid() == kid));
    let mut refusal = DecryptError::UnknownKey;
    for key in fitting.take(MAX_TRIED) {
        let content_key = key.content_key(&header, encryption, &encrypted_key)?;
        match sealed.open(encryption, &content_key) {
            Ok(plaintext) => {
                return Ok(Decrypted {
                    algorithm,
                    encryption,
                    kid: key.kid().to_owned(),
                    cty: header.into_content_type(),
                    plaintext,
                });
            }
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

fn decode(part: &str) -> Result<Vec<u8>, DecryptError> {
    base64url::decode(part).ok_or(DecryptError::Encoding)
}

/// The parts of a compact serialization, still encoded.
struct Parts<'a> {
    header: &'a str,
    encrypted_key: &'a str,
    iv: &'a str,
    ciphertext: &'a str,
    tag: &'a str,
}

fn split(token: &str) -> Result<Parts<'_>, DecryptError> {
    if token.len() > MAX_ENCRYPTED_BYTES {
        return Err(DecryptError::TooLong);
    }
    let mut parts = token.split('.');
    let mut next = || parts.next().ok_or(DecryptError::NotCompact);
    let [header, encrypted_key, iv, ciphertext, tag] = [next()?, next()?, next()?, next()?, next()?];
    if parts.next().is_some() {
        return Err(DecryptError::NotCompact);
    }
    if header.len() > MAX_HEADER_BYTES {
        return Err(DecryptError::TooLong);
    }
    Ok(Parts {
        header,
        encrypted_key,
        iv,
        ciphertext,
        tag,
    })
}
