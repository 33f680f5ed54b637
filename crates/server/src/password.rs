//! Password hashing: Argon2id (RFC 9106) on threads of its own, with memory that is used again, so that logins never
//! starve the token endpoint.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use crossbeam_channel::RecvTimeoutError;
use grantor_jose::digest::constant_time_eq;
use grantor_types::Secret;
use std::time::Duration;
use thiserror::Error;
use tokio::sync::oneshot;

/// Memory in KiB, passes and lanes: the first choice of OWASP's cheat sheet for servers.
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT: usize = 32;
/// How many may wait. At 16 ms each the last one waits about four seconds on one core; past that, refusing is kinder.
const QUEUE: usize = 256;
/// How long a thread without work keeps its memory.
const MEMORY_KEPT_FOR: Duration = Duration::from_secs(1);
/// Longest password that is hashed, in bytes.
pub const MAX_PASSWORD_LENGTH: usize = 1024;

/// Why a password was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// More passwords wait than can be hashed in a few seconds.
    #[error("too many passwords wait to be checked")]
    Overloaded,
    /// Longer than [`MAX_PASSWORD_LENGTH`].
    #[error("the password is longer than 1024 bytes")]
    TooLong,
    /// The parameters in a stored hash cannot be used.
    #[error("the stored password hash is not a usable Argon2id hash")]
    BrokenHash,
}

enum Job {
    Hash {
        password: Secret,
        salt: [u8; 16],
        answer: oneshot::Sender<Result<String, PasswordError>>,
    },
    Verify {
        password: Secret,
        hash: Option<String>,
        answer: oneshot::Sender<Result<bool, PasswordError>>,
    },
}

/// The threads that hash.
#[derive(Clone, Debug)]
pub struct PasswordHasher(crossbeam_channel::Sender<Job>);

impl PasswordHasher {
    /// Starts as many threads as given, at least one. They end when the hasher is dropped.
    pub fn start(threads: usize) -> Self {
        let (sender, receiver) = crossbeam_channel::bounded(QUEUE);
        for index in 0..threads.max(1) {
            let receiver = receiver.clone();
            let worker = move || work(&receiver);
            // Without a thread the queue still answers: by Overloaded.
            if let Err(error) = std::thread::Builder::new()
                .name(format!("password-{index}"))
                .spawn(worker)
            {
                tracing::error!(%error, "no thread for password hashing");
            }
        }
        Self(sender)
    }

    /// Hashes a new password, in PHC form.
    ///
    /// # Errors
    /// [`PasswordError::Overloaded`] or [`PasswordError::TooLong`].
    pub async fn hash(&self, password: Secret, salt: [u8; 16]) -> Result<String, PasswordError> {
        let (answer, result) = oneshot::channel();
        self.send(
            &password.clone(),
            Job::Hash {
                password,
                salt,
                answer,
            },
        )?;
        result.await.unwrap_or(Err(PasswordError::Overloaded))
    }

    /// Checks a password against a stored hash. Without one the same work is done for nothing, so that the time does
    /// not tell whether the account exists.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn verify(&self, password: Secret, hash: Option<String>) -> Result<bool, PasswordError> {
        let (answer, result) = oneshot::channel();
        self.send(
            &password.clone(),
            Job::Verify {
                password,
                hash,
                answer,
            },
        )?;
        result.await.unwrap_or(Err(PasswordError::Overloaded))
    }

    fn send(&self, password: &Secret, job: Job) -> Result<(), PasswordError> {
        if password.expose().len() > MAX_PASSWORD_LENGTH {
            return Err(PasswordError::TooLong);
        }
        self.0.try_send(job).map_err(|_| PasswordError::Overloaded)
    }
}

fn work(jobs: &crossbeam_channel::Receiver<Job>) {
    // On Linux the priority is the thread's own. Token requests come first; a hash takes what is left.
    if let Err(error) = rustix::process::setpriority_process(None, 10) {
        tracing::debug!(%error, "password threads run at normal priority");
    }
    let mut memory: Vec<Block> = Vec::new();
    while let Some(job) = next(jobs, &mut memory) {
        match job {
            Job::Hash {
                password,
                salt,
                answer,
            } => {
                let _caller_left = answer.send(hash(&password, &salt, &mut memory));
            }
            Job::Verify {
                password,
                hash,
                answer,
            } => {
                // A caller that left needs no answer.
                if !answer.is_closed() {
                    let _caller_left = answer.send(verify(&password, hash.as_deref(), &mut memory));
                }
            }
        }
    }
}

/// Waits for a job. While passwords come in, the memory stays: to have it cleared by the system for every hash costs a
/// good part of a hash. A thread that has been idle for a while gives it back.
fn next(jobs: &crossbeam_channel::Receiver<Job>, memory: &mut Vec<Block>) -> Option<Job> {
    match jobs.recv_timeout(MEMORY_KEPT_FOR) {
        Ok(job) => Some(job),
        Err(RecvTimeoutError::Timeout) => {
            *memory = Vec::new();
            jobs.recv().ok()
        }
        Err(RecvTimeoutError::Disconnected) => None,
    }
}

fn hash(password: &Secret, salt: &[u8; 16], memory: &mut Vec<Block>) -> Result<String, PasswordError> {
    let stored = StoredHash {
        memory: MEMORY,
        passes: PASSES,
        lanes: LANES,
        salt: salt.to_vec(),
        output: Vec::new(),
    };
    let output = derive(password, &stored, OUTPUT, memory)?;
    Ok(StoredHash {
        output: output.to_vec(),
        ..stored
    }
    .to_phc())
}

fn verify(password: &Secret, hash: Option<&str>, memory: &mut Vec<Block>) -> Result<bool, PasswordError> {
    let Some(hash) = hash else {
        let nobody = StoredHash {
            memory: MEMORY,
            passes: PASSES,
            lanes: LANES,
            salt: vec![0; 16],
            output: Vec::new(),
        };
        derive(password, &nobody, OUTPUT, memory)?;
        return Ok(false);
    };
    let stored = StoredHash::parse(hash).ok_or(PasswordError::BrokenHash)?;
    let output = derive(password, &stored, stored.output.len(), memory)?;
    Ok(constant_time_eq(&output, &stored.output))
}

fn derive(
    password: &Secret,
    stored: &StoredHash,
    length: usize,
    memory: &mut Vec<Block>,
) -> Result<Vec<u8>, PasswordError> {
    let params = Params::new(stored.memory, stored.passes, stored.lanes, Some(length))
        .map_err(|_| PasswordError::BrokenHash)?;
    memory.resize(params.block_count(), Block::default());
    let mut output = vec![0; length];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.expose().as_bytes(), &stored.salt, &mut output, memory)
        .map_err(|_| PasswordError::BrokenHash)?;
    Ok(output)
}

/// The PHC string form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
struct StoredHash {
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl StoredHash {
    fn to_phc(&self) -> String {
        let Self {
            memory,
            passes,
            lanes,
            ..
        } = self;
        let (salt, output) = (
            STANDARD_NO_PAD.encode(&self.salt),
            STANDARD_NO_PAD.encode(&self.output),
        );
        format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${output}")
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
        let (parameters, salt, output) = (parts.next()?, parts.next()?, parts.next()?);
        let mut numbers = parameters.split(',');
        let mut number = |name: &str| numbers.next()?.strip_prefix(name)?.parse().ok();
        let (memory, passes, lanes) = (number("m=")?, number("t=")?, number("p=")?);
        // A hash that somebody imported may be dear, but not so dear that one login stops the server.
        if memory > 1 << 20 || passes > 64 {
            return None;
        }
        let (salt, output) = (
            STANDARD_NO_PAD.decode(salt).ok()?,
            STANDARD_NO_PAD.decode(output).ok()?,
        );
        parts.next().is_none().then_some(Self {
            memory,
            passes,
            lanes,
            salt,
            output,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{PasswordError, PasswordHasher};
    use grantor_types::Secret;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let hasher = PasswordHasher::start(1);
        let hash = hasher.hash(Secret::new("correct horse"), [7; 16]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let verify = |password: &str, hash: Option<String>| hasher.verify(Secret::new(password), hash);
        assert_eq!(verify("correct horse", Some(hash.clone())).await, Ok(true));
        assert_eq!(verify("wrong horse", Some(hash)).await, Ok(false));
        assert_eq!(verify("anything", None).await, Ok(false));
        assert_eq!(
            verify("x", Some("$2b$10$abc".into())).await,
            Err(PasswordError::BrokenHash)
        );
        assert_eq!(verify(&"x".repeat(2000), None).await, Err(PasswordError::TooLong));
    }
}
