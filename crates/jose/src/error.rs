//! Why a key, a signature or a token was refused: one variant per reason.

use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, SigningAlgorithm};

/// A failure of our own side: making keys, randomness and signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// The operating system gave no random bytes.
    #[error("no random bytes could be read")]
    Random,
    /// A new key could not be made.
    #[error("a {0} key could not be generated")]
    Generate(SigningAlgorithm),
    /// The PKCS#8 document holds no private key for the algorithm, or one that is too short.
    #[error("the PKCS#8 document holds no acceptable {0} private key")]
    PrivateKeyRejected(SigningAlgorithm),
    /// The key would not sign.
    #[error("the {0} key did not sign")]
    Sign(SigningAlgorithm),
    /// A new key to decrypt with could not be made.
    #[error("a {0} key could not be generated")]
    GenerateDecryptionKey(KeyManagementAlgorithm),
    /// The PKCS#8 document holds no private key to decrypt with, or one that is too short.
    #[error("the PKCS#8 document holds no acceptable {0} private key")]
    DecryptionKeyRejected(KeyManagementAlgorithm),
    /// Nothing could be encrypted to the key.
    #[error("encrypting to the {0} key failed")]
    Encrypt(KeyManagementAlgorithm),
    /// The claims or the header do not serialize to JSON.
    #[error("the claims do not serialize to JSON")]
    Serialize,
    /// A symmetric key of the wrong length was given.
    #[error("a symmetric key must be 32 bytes long")]
    KeyLength,
    /// A key could not be derived from the master key.
    #[error("the key could not be derived")]
    Derive,
}

/// Why a token was refused. For the log and the metric; what a client is told is the caller's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Longer than [`MAX_TOKEN_BYTES`](crate::MAX_TOKEN_BYTES).
    #[error("the token is longer than is accepted")]
    TooLong,
    /// Not three parts between two dots (RFC 7515 §7.1).
    #[error("the token is not a JWS in compact serialization")]
    NotCompact,
    /// The header is not base64url without padding (RFC 7515 §2).
    #[error("the header is not base64url")]
    HeaderEncoding,
    /// The payload is not base64url without padding.
    #[error("the payload is not base64url")]
    PayloadEncoding,
    /// The signature is not base64url without padding.
    #[error("the signature is not base64url")]
    SignatureEncoding,
    /// The header is not a JSON object with members of the right types.
    #[error("the header is not the JSON object it must be")]
    HeaderJson,
    /// A header member stands twice (RFC 7515 §4).
    #[error("a header member is repeated")]
    DuplicateHeaderMember,
    /// `crit` names extensions, and none is supported (RFC 7515 §4.1.11).
    #[error("the header demands an extension that is not supported")]
    CriticalExtension,
    /// `b64` is present (RFC 7797), which a JWT must not use.
    #[error("the header asks for an unencoded payload")]
    UnencodedPayload,
    /// No `alg`.
    #[error("the header names no algorithm")]
    MissingAlgorithm,
    /// `alg` is `none`, symmetric or unknown.
    #[error("the header's algorithm is not supported")]
    UnsupportedAlgorithm,
    /// `alg` is known, but the caller does not allow it here.
    #[error("the algorithm {0} is not allowed here")]
    AlgorithmNotAllowed(SigningAlgorithm),
    /// `typ` is not the one that was expected.
    #[error("the token is of another type")]
    WrongType,
    /// No key has the token's `kid`, or, without `kid`, none fits the algorithm.
    #[error("no key is known for this token")]
    UnknownKey,
    /// More than one key would do.
    #[error("more than one key fits this token")]
    AmbiguousKey,
    /// The key with the token's `kid` is for another algorithm.
    #[error("the key is not for the algorithm {0}")]
    KeyAlgorithmMismatch(SigningAlgorithm),
    /// The signature is not that of the key over the header and the payload.
    #[error("the signature is wrong")]
    BadSignature,
    /// The payload is not a JSON object, or a registered claim has the wrong type.
    #[error("the claims are not the JSON object they must be")]
    ClaimsJson,
    /// A claim stands twice (RFC 7519 §4).
    #[error("a claim is repeated")]
    DuplicateClaim,
    /// The claims are valid, but not those the caller asked for.
    #[error("a claim that is needed is missing or of the wrong type")]
    ClaimsShape,
    /// No `iss`, and one is expected.
    #[error("the token has no issuer")]
    MissingIssuer,
    /// `iss` is another issuer.
    #[error("the token is from another issuer")]
    WrongIssuer,
    /// No `aud`, and one is expected.
    #[error("the token has no audience")]
    MissingAudience,
    /// `aud` does not name us.
    #[error("the token is for another audience")]
    WrongAudience,
    /// No `exp`, and it is required.
    #[error("the token has no expiry")]
    MissingExpiry,
    /// `exp` is further ahead than the caller allows.
    #[error("the token would live for too long")]
    LivesTooLong,
    /// The secret is shorter than the hash of the algorithm (RFC 7518 §3.2).
    #[error("the secret is too short for the algorithm")]
    SecretTooShort,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` is still to come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `iat` is in the future.
    #[error("the token was issued in the future")]
    IssuedInFuture,
}

/// Why an encrypted token was not opened. For the log; tell the sender no more than that the token is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// Longer than [`MAX_ENCRYPTED_BYTES`](crate::jwe::MAX_ENCRYPTED_BYTES), or its header longer than
    /// [`MAX_HEADER_BYTES`](crate::jwe::MAX_HEADER_BYTES).
    #[error("the encrypted token or its header is longer than is accepted")]
    TooLong,
    /// Not five parts between four dots (RFC 7516 §7.1).
    #[error("the token is not a JWE in compact serialization")]
    NotCompact,
    /// A part is not base64url without padding (RFC 7515 §2).
    #[error("a part of the encrypted token is not base64url")]
    Encoding,
    /// The header is not a JSON object with members of the right types.
    #[error("the header is not the JSON object it must be")]
    HeaderJson,
    /// A header member stands twice (RFC 7516 §4).
    #[error("a header member is repeated")]
    DuplicateHeaderMember,
    /// `crit` names extensions, and none is supported (RFC 7516 §4.1.13).
    #[error("the header demands an extension that is not supported")]
    CriticalExtension,
    /// `zip` is present. RFC 8725 §3.6: "Compression of data SHOULD NOT be done before encryption".
    #[error("the token is compressed, which is not supported")]
    Compressed,
    /// No `alg`.
    #[error("the header names no key management algorithm")]
    MissingAlgorithm,
    /// `alg` is none that Grantor has.
    #[error("the header's key management algorithm is not supported")]
    UnsupportedAlgorithm,
    /// `alg` is known, but the caller does not allow it here.
    #[error("the key management algorithm {0} is not allowed here")]
    AlgorithmNotAllowed(KeyManagementAlgorithm),
    /// No `enc`.
    #[error("the header names no content encryption algorithm")]
    MissingEncryption,
    /// `enc` is none that Grantor has.
    #[error("the header's content encryption algorithm is not supported")]
    UnsupportedEncryption,
    /// `enc` is known, but the caller does not allow it here.
    #[error("the content encryption algorithm {0} is not allowed here")]
    EncryptionNotAllowed(ContentEncryptionAlgorithm),
    /// No key of ours has the token's `kid`, or, without `kid`, none is for the algorithm.
    #[error("the token is encrypted to no key of ours")]
    UnknownKey,
    /// `epk` is missing, is private, or is no point on the curve of our key (RFC 7518 §4.6.1.1).
    #[error("the ephemeral key is missing or unfit")]
    EphemeralKey,
    /// The initialization vector has not 96 bits or the tag not 128 (RFC 7518 §5.3), or a key stands where none belongs.
    #[error("a part of the encrypted token has the wrong length")]
    PartLength,
    /// The key or the content did not open. Which of them is not known here on purpose.
    #[error("the encrypted token is not authentic")]
    NotAuthentic,
    /// The system gave no random bytes.
    #[error("no random bytes could be read")]
    Random,
    /// What was encrypted is not a JWT.
    #[error("what was encrypted is not a JWT")]
    NotJwt,
}
