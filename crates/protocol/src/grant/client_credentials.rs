//! The client credentials grant ([RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)). It reads and
//! writes nothing: the client is known and the token is signed.

use grantor_types::{GrantType, Parameters, Resource};

use super::{Caller, Grant};
use crate::authorize::{requested_resources, requested_scope};
use crate::token::{AccessTokenFor, TokenReply, access_token};
use crate::{Cause, Cx, Decision, Random};

/// The grant.
#[derive(Debug)]
pub struct ClientCredentials;

/// Its parameters.
#[derive(Debug)]
pub struct ClientCredentialsRequest {
    scope: Option<String>,
    resources: Vec<Resource>,
}

impl Grant for ClientCredentials {
    const TYPE: GrantType = GrantType::ClientCredentials;
    type Request = ClientCredentialsRequest;
    type Facts = ();

    fn parse(form: &Parameters) -> Result<Self::Request, Cause> {
        Ok(ClientCredentialsRequest {
            scope: form.value("scope").map(str::to_owned),
            resources: requested_resources(form, |_| true, Cause::ResourceNotAllowed)?,
        })
    }

    fn decide(
        cx: &Cx<'_>,
        random: &Random,
        caller: &Caller<'_>,
        request: &Self::Request,
        (): Self::Facts,
    ) -> Decision<TokenReply> {
        let client = caller.client();
        // "The client credentials grant type MUST only be used by confidential clients." (RFC 6749 4.4)
        if !client.may_use(GrantType::ClientCredentials) || client.is_public() {
            return Decision::refuse(Cause::GrantTypeNotAllowed);
        }
        if request
            .resources
            .iter()
            .any(|resource| !client.audiences.contains(resource))
        {
            return Decision::refuse(Cause::ResourceNotAllowed);
        }
        let scope = match requested_scope(request.scope.as_deref(), &client.scope) {
            Ok(scope) => scope,
            Err(cause) => return Decision::refuse(cause),
        };
        let wanted = AccessTokenFor {
            client,
            grant: None,
            scope: &scope,
            resources: &request.resources,
            until: None,
            dpop_key: caller.dpop_key,
        };
        let reply = TokenReply {
            access_token: access_token(cx, random, &wanted),
            // "A refresh token SHOULD NOT be included." (RFC 6749 4.4.3)
            refresh_token: None,
            id_token: None,
            scope,
            issued_token_type: None,
        };
        Decision::accept(reply, Vec::new())
    }
}
