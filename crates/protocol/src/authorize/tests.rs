//! The authorization endpoint's rules as tables.

mod interaction;
mod issue;
mod origin;
mod prompt_create;
mod redirect_uri;
mod validate;

use std::sync::Arc;

use grantor_types::{Parameters, Profile};

use super::{AuthorizationRequest, AuthorizeError, Origin};
use crate::Policy;
use crate::record::Client;

/// Checks a request that the browser brought, under the usual policy.
fn checked(
    parameters: &Parameters,
    client: Option<Arc<Client>>,
) -> Result<AuthorizationRequest, AuthorizeError> {
    checked_under(Profile::Oauth21, parameters, client)
}

fn checked_under(
    profile: Profile,
    parameters: &Parameters,
    client: Option<Arc<Client>>,
) -> Result<AuthorizationRequest, AuthorizeError> {
    let policy = Policy {
        profile,
        ..Policy::default()
    };
    super::validate(&policy, parameters, client, Origin::default())
}
