//! What has to vouch for a request: a push, a signature.

use std::sync::Arc;

use grantor_types::PushedRequestId;

use super::super::{AuthorizeError, Origin, validate};
use super::validate::GOOD;
use crate::fixture::{confidential, parameters};
use crate::record::Client;
use crate::{Cause, Policy};

#[test]
fn a_client_or_the_server_can_want_requests_pushed() {
    let strict = Client {
        require_pushed_authorization_requests: true,
        ..confidential()
    };
    let server = Policy {
        require_pushed_authorization_requests: true,
        ..Policy::default()
    };
    let pushed = Some(PushedRequestId::from_bytes([1; 16]));
    let refused = Some(Cause::RequestNotPushed);
    for (policy, client, pushed, expected) in [
        (Policy::default(), confidential(), None, None),
        (Policy::default(), strict.clone(), None, refused),
        (Policy::default(), strict, pushed, None),
        (server.clone(), confidential(), None, refused),
        (server, confidential(), pushed, None),
    ] {
        let origin = Origin {
            pushed,
            signed: false,
        };
        let outcome = validate(&policy, &parameters(GOOD), Some(Arc::new(client)), origin);
        let cause = outcome.err().map(|error| match error {
            AuthorizeError::Page(cause) | AuthorizeError::Redirect(_, cause) => cause,
        });
        assert_eq!(cause, expected);
    }
}

#[test]
fn a_client_can_want_requests_signed() {
    let mut client = confidential();
    client.metadata.require_signed_request_object = true;
    for (signed, expected) in [(false, Some(Cause::RequestObjectMissing)), (true, None)] {
        let origin = Origin { pushed: None, signed };
        let client = Some(Arc::new(client.clone()));
        let outcome = validate(&Policy::default(), &parameters(GOOD), client, origin);
        let cause = outcome.err().map(|error| match error {
            AuthorizeError::Page(cause) | AuthorizeError::Redirect(_, cause) => cause,
        });
        assert_eq!(cause, expected, "{signed}");
    }
}
