//! What holds for every input, however hostile: nothing panics, nothing takes for ever, and what is accepted is what it
//! should be.
//!
//! A [`Target`] is a function from bytes, with a few good inputs to start from. Two things feed it: `tests/properties.rs`
//! in every test run, with inputs that are the same each time, and the fuzzer in `fuzz/`, for as long as one likes. To
//! add one, write a module with a `TARGET`, a line in [`TARGETS`], and a file in `fuzz/fuzz_targets` with its entry in
//! `fuzz/Cargo.toml`; a test says when one of them is missing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a target fails by panicking"
)]

mod claims;
mod client_answer;
mod client_assertion;
mod client_login;
mod client_mended;
mod client_world;
mod id_token_hint;
mod jwe;
mod jwks;
mod jws;
mod redirect_uri;
mod registration;
mod request_object;
mod signed;
mod world;

/// One entry point for what comes from outside.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, and that of its file in `fuzz/fuzz_targets`.
    pub name: &'static str,
    /// Tries one input and says whether it was accepted; panics when something does not hold.
    pub run: fn(&[u8]) -> bool,
    /// Inputs that get far, to be altered; some are accepted as they are.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Inputs that have passed somewhere once, or could, and must not be accepted here.
    pub forged: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    jws::TARGET,
    jwe::TARGET,
    jwks::TARGET,
    request_object::TARGET,
    claims::TARGET,
    redirect_uri::TARGET,
    registration::TARGET,
    id_token_hint::TARGET,
    client_assertion::TARGET,
    client_answer::TOKENS,
    client_answer::METADATA,
    client_answer::USERINFO,
    client_answer::REGISTERED,
    client_answer::INTROSPECTION,
    client_answer::DEVICE,
    client_mended::TARGET,
    client_answer::PUSHED,
    client_answer::BACKCHANNEL,
    client_login::CALLBACK,
    client_login::ID_TOKEN,
    client_login::CHALLENGE,
];

/// Runs the target of this name on the input, for the fuzzer.
///
/// # Panics
/// When there is no such target, or something does not hold.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    let _accepted = (target.expect("a target of this name").run)(input);
}

/// The input as text and what stands before and after its first line end, for targets that put two parts together.
fn lines(input: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(input).ok()?.split_once('\n')
}
