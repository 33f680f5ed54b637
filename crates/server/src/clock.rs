//! Time and randomness enter here and nowhere else.

use grantor_types::Timestamp;

/// Says what time it is. Tests freeze it.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the edge at which the time comes in"
    )]
    fn now(&self) -> Timestamp {
        std::time::SystemTime::now().into()
    }
}

/// Draws random bytes. Tests seed it.
pub trait Entropy: Send + Sync + std::fmt::Debug {
    /// Fills the bytes.
    ///
    /// # Errors
    /// When the system has no randomness to give; nothing may go on without it.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), grantor_jose::JoseError>;
}

/// The system's randomness, through aws-lc-rs.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), grantor_jose::JoseError> {
        grantor_jose::random::fill(bytes)
    }
}
