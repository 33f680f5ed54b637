//! What holds for every record that people declare, whoever writes it: the command line, a declarative file, the
//! administration API. All of them refuse the same things in the same words.

mod claim;
mod client;
mod resource;
mod trusted_issuer;
mod user;

pub use claim::{ClaimProblem, InvalidClaim, MAX_TAGGED_CLAIMS, claim, claims};
pub use client::{MIN_SECRET_LENGTH, client, secret, warnings};
pub use resource::{resource, unknown_introspector};
pub use trusted_issuer::trusted_issuer;
pub use user::{MAX_USERNAME_LENGTH, MIN_PASSWORD_LENGTH, password, username};

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// The member that it is about.
    pub member: &'static str,
    /// What is wrong and what to do, to be read after the name of the record.
    pub problem: String,
}

impl Invalid {
    fn new(member: &'static str, problem: impl Into<String>) -> Self {
        Self {
            member,
            problem: problem.into(),
        }
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.problem)
    }
}
