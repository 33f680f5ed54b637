//! The JWT bearer grant ([RFC 7523 §2.1](https://www.rfc-editor.org/rfc/rfc7523#section-2.1)): the word of a trusted
//! issuer in place of a person at our pages.

use grantor_types::{AccessTokenClaims, GrantType, Parameters, Resource, Secret};

use super::{Caller, Grant};
use crate::assertion::{self, AssertionFacts};
use crate::authorize::{requested_resources, requested_scope};
use crate::record;
use crate::token::{AccessTokenFor, TokenReply, UnsignedAccessToken, access_token};
use crate::{Cause, Change, Cx, Decision, Random};

/// The grant.
#[derive(Debug)]
pub struct JwtBearer;

/// Its parameters.
#[derive(Debug)]
pub struct JwtBearerRequest {
    /// The JWT.
    pub assertion: Secret,
    scope: Option<String>,
    resources: Vec<Resource>,
}

impl Grant for JwtBearer {
    const TYPE: GrantType = GrantType::JwtBearer;
    type Request = JwtBearerRequest;
    /// `None` when nobody whom we trust has signed it.
    type Facts = Option<AssertionFacts>;

    fn parse(form: &Parameters) -> Result<Self::Request, Cause> {
        let assertion = form.value("assertion").ok_or(Cause::AssertionMissing)?;
        Ok(JwtBearerRequest {
            assertion: Secret::new(assertion),
            scope: form.value("scope").map(str::to_owned),
            resources: requested_resources(form, |_| true, Cause::ResourceNotAllowed)?,
        })
    }

    fn decide(
        cx: &Cx<'_>,
        random: &Random,
        caller: &Caller<'_>,
        request: &Self::Request,
        facts: Self::Facts,
    ) -> Decision<TokenReply> {
        Decision::of(issue(cx, random, caller, request, facts.as_ref()))
    }
}

fn issue(
    cx: &Cx<'_>,
    random: &Random,
    caller: &Caller<'_>,
    request: &JwtBearerRequest,
    facts: Option<&AssertionFacts>,
) -> Result<(TokenReply, Vec<Change>), Cause> {
    let client = caller.client();
    if !client.may_use(GrantType::JwtBearer) {
        return Err(Cause::GrantTypeNotAllowed);
    }
    // "If the assertion is not valid [...] the authorization server MUST construct an error response [...] The value of
    // the "error" parameter MUST be the "invalid_grant" error code." (RFC 7521 4.1.1)
    let facts = facts.ok_or(Cause::AssertionInvalid)?;
    let issuer = facts.issuer(cx, &client.id)?;
    let used = facts.check(cx, issuer)?;
    if request
        .resources
        .iter()
        .any(|resource| !client.audiences.contains(resource))
    {
        return Err(Cause::ResourceNotAllowed);
    }
    let allowed = facts.scope(issuer).intersection(&client.scope);
    let scope = requested_scope(request.scope.as_deref(), &allowed)?;
    let grant = assertion::grant(cx, random, client, facts, &scope, &request.resources)?;
    let token = access_token(
        cx,
        random,
        &AccessTokenFor {
            client,
            grant: Some(&grant),
            scope: &scope,
            resources: &request.resources,
            until: None,
            dpop_key: caller.dpop_key,
        },
    );
    let grant = record::Grant {
        expires_at: token.expires_at(),
        ..grant
    };
    let reply = TokenReply {
        access_token: UnsignedAccessToken {
            claims: AccessTokenClaims {
                // The user did not log in here: that is the issuer's to say.
                auth_time: facts.claims.auth_time,
                act: facts.claims.named(facts.claims.act.as_ref()),
                may_act: facts.claims.named(facts.claims.may_act.as_ref()),
                ..token.claims
            },
            ..token
        },
        // "Refresh tokens are not typically issued" (RFC 7521 4.1): a new assertion is as good.
        refresh_token: None,
        id_token: None,
        scope,
        issued_token_type: None,
    };
    Ok((reply, vec![used, Change::CreateGrant(Box::new(grant))]))
}
