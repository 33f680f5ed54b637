//! How ID tokens and userinfo answers are signed and encrypted (OpenID Connect Dynamic Client Registration 2).

use grantor_types::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, SigningAlgorithm};

use super::document::{Document, Refusal};
use super::{Context, Wanted, keys};
use crate::Cause;

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    let ours = |name: &str| {
        let algorithm = SigningAlgorithm::from_name(name)?;
        context.algorithms.contains(&algorithm).then_some(algorithm)
    };
    // `none` is among them for no client: "The value none MUST NOT be used as the ID Token alg value unless the Client uses
    // only Response Types that return no ID Token from the Authorization Endpoint", and we have it nowhere.
    wanted.id_token_algorithm = document.word("id_token_signed_response_alg", ours)?;
    wanted.metadata.userinfo_signed_response_alg = document.word("userinfo_signed_response_alg", ours)?;
    let (alg, enc) = encryption(
        document,
        "id_token_encrypted_response_alg",
        "id_token_encrypted_response_enc",
    )?;
    if alg.is_some() {
        keys::require("id_token_encrypted_response_alg", wanted)?;
    }
    wanted.metadata.id_token_encrypted_response_alg = alg;
    wanted.metadata.id_token_encrypted_response_enc = enc;
    let (alg, enc) = encryption(
        document,
        "userinfo_encrypted_response_alg",
        "userinfo_encrypted_response_enc",
    )?;
    if alg.is_some() {
        keys::require("userinfo_encrypted_response_alg", wanted)?;
    }
    wanted.metadata.userinfo_encrypted_response_alg = alg;
    wanted.metadata.userinfo_encrypted_response_enc = enc;
    Ok(())
}

/// "When id_token_encrypted_response_enc is included, id_token_encrypted_response_alg MUST also be provided." The other
/// way round the default would be A128CBC-HS256, which we do not have: what would be refused later is refused here.
pub(super) fn encryption(
    document: &Document,
    alg_member: &'static str,
    enc_member: &'static str,
) -> Result<(Option<KeyManagementAlgorithm>, Option<ContentEncryptionAlgorithm>), Refusal> {
    let alg = document.word(alg_member, KeyManagementAlgorithm::from_name)?;
    let enc = document.word(enc_member, ContentEncryptionAlgorithm::from_name)?;
    match (alg.is_some(), enc.is_some()) {
        (true, false) => Err(Refusal::of(alg_member, Cause::RegistrationEncryptionMissing)),
        (false, true) => Err(Refusal::of(enc_member, Cause::RegistrationAlgorithmMissing)),
        (true, true) | (false, false) => Ok((alg, enc)),
    }
}
