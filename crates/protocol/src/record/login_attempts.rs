//! Password attempts, counted per account and per address.

use grantor_types::Timestamp;

/// Whose attempts are counted: a hash, so that the table holds no names or addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttemptKey([u8; 32]);

impl AttemptKey {
    /// A key with these bytes: a SHA-256 digest.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for storing.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Attempts that failed since the last success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoginAttempts {
    /// How many. Those under way are not among them yet.
    pub count: u32,
    /// When the last one was counted.
    pub last_at: Timestamp,
}
