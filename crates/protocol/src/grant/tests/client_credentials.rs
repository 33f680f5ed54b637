//! Client credentials (RFC 6749 4.4).

use grantor_types::{Audience, GrantType};

use crate::Cause;
use crate::fixture::{
    API, FILES, Form, RANDOM, World, authenticated, caller, confidential, parameters, public, scope,
};
use crate::grant::{ClientCredentials, Grant};
use crate::record::Client;
use crate::token::TokenReply;

fn decide(client: Client, form: Form<'_>) -> Result<TokenReply, Cause> {
    let request = ClientCredentials::parse(&parameters(form))?;
    let decision = ClientCredentials::decide(
        &World::new().cx(),
        &RANDOM,
        &caller(&authenticated(client)),
        &request,
        (),
    );
    assert_eq!(decision.changes, []);
    decision.outcome
}

#[test]
fn a_token_for_the_client_itself() {
    let reply = decide(confidential(), &[("scope", "read"), ("resource", API)]).unwrap();
    assert_eq!(reply.scope, scope("read"));
    assert!(reply.refresh_token.is_none() && reply.id_token.is_none());
    let claims = reply.access_token.claims;
    assert_eq!((claims.sub.as_str(), claims.client_id.as_str()), ("app", "app"));
    assert_eq!(claims.aud, Audience::One(API.to_owned()));
    assert_eq!(claims.scope, scope("read"));
    assert_eq!((claims.grant, claims.auth_time), (None, None));
}

#[test]
fn who_may_and_for_what() {
    let without = Client {
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        ..confidential()
    };
    #[rustfmt::skip]
    let rows: &[(Client, Form<'_>, Result<&str, Cause>)] = &[
        (confidential(), &[], Ok("openid profile read write")),
        (confidential(), &[("scope", "")], Ok("openid profile read write")),
        (confidential(), &[("scope", "write read read")], Ok("read write")),
        (confidential(), &[("scope", "admin")], Err(Cause::ScopeNotAllowed)),
        (confidential(), &[("scope", "read admin")], Err(Cause::ScopeNotAllowed)),
        (confidential(), &[("scope", "re\"ad")], Err(Cause::ScopeMalformed)),
        (confidential(), &[("resource", API), ("resource", FILES)], Ok("openid profile read write")),
        (confidential(), &[("resource", API), ("resource", "https://other.example")], Err(Cause::ResourceNotAllowed)),
        (confidential(), &[("resource", "not a uri")], Err(Cause::ResourceMalformed)),
        (without.clone(), &[], Err(Cause::GrantTypeNotAllowed)),
        // "The client credentials grant type MUST only be used by confidential clients." (RFC 6749 4.4)
        (public(), &[], Err(Cause::GrantTypeNotAllowed)),
        // The grant comes first, then the resource, then the scope.
        (without, &[("resource", "https://other.example")], Err(Cause::GrantTypeNotAllowed)),
        (confidential(), &[("resource", "https://other.example"), ("scope", "admin")], Err(Cause::ResourceNotAllowed)),
    ];
    for (client, form, expected) in rows {
        let found = decide(client.clone(), form).map(|reply| reply.scope.to_string());
        assert_eq!(found, expected.map(str::to_owned), "{form:?}");
    }
}
