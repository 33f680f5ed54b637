//! Request objects (OpenID Connect Dynamic Client Registration 2, RFC 9101 10.5).

use grantor_types::{MAX_URI_LENGTH, SigningAlgorithm};

use super::document::{Document, Refusal, web_uri};
use super::{Context, Wanted, tokens};

pub(super) fn read(context: &Context<'_>, document: &Document, wanted: &mut Wanted) -> Result<(), Refusal> {
    let metadata = &mut wanted.metadata;
    metadata.request_object_signing_alg =
        document.word("request_object_signing_alg", SigningAlgorithm::from_name)?;
    let (alg, enc) = tokens::encryption(
        document,
        "request_object_encryption_alg",
        "request_object_encryption_enc",
    )?;
    metadata.request_object_encryption_alg = alg;
    metadata.request_object_encryption_enc = enc;
    metadata.require_signed_request_object = document.flag("require_signed_request_object")?;
    // A fragment is the hash of what is there, so it belongs to the URI.
    for uri in document.list("request_uris", MAX_URI_LENGTH)?.unwrap_or_default() {
        web_uri(context, "request_uris", uri)?;
        metadata.request_uris.push(uri.to_owned());
    }
    Ok(())
}
