//! Token exchange (RFC 8693): who may exchange what, and what comes of it.

mod actor;
mod presented;
mod reply;

use std::sync::Arc;

use grantor_types::{Thumbprint, TokenTypeUri};

use crate::fixture::{
    API, FILES, Form, RANDOM, World, access_facts, authenticated, client_id, confidential, parameters_with,
    public, resource, scope,
};
use crate::grant::{Caller, ExchangeFacts, Grant as _, PresentedToken, TokenExchange};
use crate::record::{Client, ExchangeRule, SubjectsOf};
use crate::token::{AccessTokenFacts, TokenReply};
use crate::{Cause, Decision};

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const REFRESH_TOKEN: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// A request with all that it has to have. The tokens' texts do not matter: what they are is among the facts.
const REQUEST: Form<'_> = &[
    ("subject_token", "subject"),
    ("subject_token_type", ACCESS_TOKEN),
    ("audience", FILES),
];

/// What an exchange is decided from.
struct Case {
    world: World,
    client: Client,
    dpop_key: Option<Thumbprint>,
    subject: PresentedToken,
    actor: Option<PresentedToken>,
}

impl Case {
    /// `gateway` exchanges the token that the user gave `app`, by this rule.
    fn of(rule: ExchangeRule) -> Self {
        Self {
            world: World::new(),
            client: gateway(vec![rule]),
            dpop_key: None,
            subject: access(access_facts()),
            actor: None,
        }
    }

    fn subject(mut self, edit: impl FnOnce(&mut AccessTokenFacts)) -> Self {
        let mut facts = access_facts();
        edit(&mut facts);
        self.subject = access(facts);
        self
    }

    fn actor(mut self, facts: AccessTokenFacts) -> Self {
        self.actor = Some(access(facts));
        self
    }

    fn decide(self, changes: Form<'_>) -> Decision<TokenReply> {
        let mut form = changes.to_vec();
        if self.actor.is_some() {
            form.extend([("actor_token", "actor"), ("actor_token_type", ACCESS_TOKEN)]);
        }
        let request = match TokenExchange::parse(&parameters_with(REQUEST, &form)) {
            Ok(request) => request,
            Err(cause) => return Decision::refuse(cause),
        };
        let client = authenticated(self.client);
        let caller = Caller {
            client: &client,
            dpop_key: self.dpop_key,
        };
        let facts = ExchangeFacts {
            subject: self.subject,
            actor: self.actor,
        };
        TokenExchange::decide(&self.world.cx(), &RANDOM, &caller, &request, facts)
    }

    /// The reply of an exchange that writes nothing, or the cause of a refusal that writes nothing.
    fn outcome(self, changes: Form<'_>) -> Result<TokenReply, Cause> {
        let decision = self.decide(changes);
        assert_eq!(decision.changes, []);
        decision.outcome
    }

    fn refusal(self, changes: Form<'_>) -> Option<Cause> {
        self.outcome(changes).err()
    }
}

fn gateway(token_exchange: Vec<ExchangeRule>) -> Client {
    Client {
        id: client_id("gateway"),
        token_exchange,
        audiences: vec![resource(API)],
        ..confidential()
    }
}

/// Tokens of `app` for `FILES`, with whatever actor.
fn rule() -> ExchangeRule {
    ExchangeRule {
        subject_token_types: vec![TokenTypeUri::AccessToken],
        subjects_of: SubjectsOf::Clients(vec![client_id("app")]),
        audiences: vec![resource(FILES)],
        delegation: true,
        impersonation: true,
        refresh_token: false,
    }
}

fn access(facts: AccessTokenFacts) -> PresentedToken {
    PresentedToken::Access(Box::new(facts))
}

/// A client's own token.
fn own(client: &Client) -> AccessTokenFacts {
    let mut facts = access_facts();
    facts.claims.sub = client.id.to_string();
    facts.claims.client_id = client.id.clone();
    facts.claims.grant = None;
    facts.claims.scope = client.scope.clone();
    facts.claims.auth_time = None;
    facts.client = Some(Arc::new(client.clone()));
    facts.user = None;
    facts
}

#[test]
fn parameters() {
    let many: Vec<String> = (0..17).map(|n| format!("https://s{n}.example")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| ("audience", name.as_str())).collect();
    #[rustfmt::skip]
    let rows: &[(Form<'_>, Cause)] = &[
        (&[("subject_token", "")], Cause::SubjectTokenMissing),
        (&[("subject_token_type", "")], Cause::SubjectTokenTypeMissing),
        (&[("subject_token_type", "access_token")], Cause::SubjectTokenTypeUnsupported),
        (&[("subject_token_type", "urn:ietf:params:oauth:token-type:saml2")], Cause::SubjectTokenTypeUnsupported),
        (&[("actor_token", "a")], Cause::ActorTokenTypeMissing),
        (&[("actor_token_type", ACCESS_TOKEN)], Cause::ActorTokenTypeUnexpected),
        (&[("actor_token", "a"), ("actor_token_type", REFRESH_TOKEN)], Cause::ActorTokenTypeUnsupported),
        (&[("actor_token", "a"), ("actor_token_type", "x")], Cause::ActorTokenTypeUnsupported),
        (&[("audience", "not a name")], Cause::AudienceMalformed),
        (&[("resource", "https://files.example/#part")], Cause::ResourceMalformed),
        (&many, Cause::ParameterTooMany),
        (&[("scope", "re\"ad")], Cause::ScopeMalformed),
        (&[("requested_token_type", ID_TOKEN)], Cause::RequestedTokenTypeUnsupported),
        (&[("requested_token_type", "urn:x")], Cause::RequestedTokenTypeUnsupported),
    ];
    for (changes, cause) in rows {
        assert_eq!(Case::of(rule()).refusal(changes), Some(*cause), "{changes:?}");
    }
}

#[test]
fn who_may_exchange_whose_tokens() {
    let with = |subjects_of| ExchangeRule {
        subjects_of,
        ..rule()
    };
    let clients = |names: &[&str]| {
        with(SubjectsOf::Clients(
            names.iter().map(|name| client_id(name)).collect(),
        ))
    };
    let kinds = |subject_token_types: &[TokenTypeUri]| ExchangeRule {
        subject_token_types: subject_token_types.to_vec(),
        ..rule()
    };
    #[rustfmt::skip]
    let rows = [
        (vec![rule()], None),
        (vec![with(SubjectsOf::Any)], None),
        (vec![clients(&["web", "app"])], None),
        (vec![clients(&["web"]), rule()], None),
        (vec![], Some(Cause::SubjectTokenNotAllowed)),
        (vec![clients(&[])], Some(Cause::SubjectTokenNotAllowed)),
        (vec![clients(&["web"])], Some(Cause::SubjectTokenNotAllowed)),
        (vec![with(SubjectsOf::Own)], Some(Cause::SubjectTokenNotAllowed)),
        (vec![kinds(&[TokenTypeUri::IdToken, TokenTypeUri::RefreshToken, TokenTypeUri::Jwt])], Some(Cause::SubjectTokenNotAllowed)),
        // Two rules do not add up to a third.
        (vec![clients(&["web"]), ExchangeRule { audiences: vec![resource(API)], ..rule() }], Some(Cause::TargetNotAllowed)),
    ];
    for (rules, expected) in rows {
        let case = Case {
            client: gateway(rules.clone()),
            ..Case::of(rule())
        };
        assert_eq!(case.refusal(&[]), expected, "{rules:?}");
    }
}

#[test]
fn clients_that_may_not_at_all() {
    let unregistered = Client {
        grant_types: vec![grantor_types::GrantType::ClientCredentials],
        ..gateway(vec![rule()])
    };
    let public = Client {
        id: client_id("gateway"),
        token_exchange: vec![rule()],
        ..public()
    };
    for client in [unregistered, public] {
        let case = Case {
            client,
            // That comes before anything about the tokens.
            subject: PresentedToken::Unknown,
            ..Case::of(rule())
        };
        assert_eq!(case.refusal(&[]), Some(Cause::GrantTypeNotAllowed));
    }
}

#[test]
fn a_clients_own_token_needs_no_rule() {
    let case = || {
        let client = gateway(Vec::new());
        Case {
            subject: access(own(&client)),
            client,
            ..Case::of(rule())
        }
    };
    let reply = case().outcome(&[("audience", API), ("scope", "read")]).unwrap();
    let claims = reply.access_token.claims;
    assert_eq!(
        (claims.sub.as_str(), claims.act, claims.grant),
        ("gateway", None, None)
    );
    assert_eq!(claims.aud.values(), [API]);
    assert_eq!(reply.scope, scope("read"));
    assert_eq!(
        case().refusal(&[("audience", FILES)]),
        Some(Cause::TargetNotAllowed)
    );
    // Another client's own token, and what the same client holds of a user.
    let other = Case {
        subject: access(own(&confidential())),
        ..case()
    };
    assert_eq!(
        other.refusal(&[("audience", API)]),
        Some(Cause::SubjectTokenNotAllowed)
    );
    let users = case().subject(|facts| facts.claims.client_id = client_id("gateway"));
    assert_eq!(
        users.refusal(&[("audience", API)]),
        Some(Cause::SubjectTokenNotAllowed)
    );
}

#[test]
fn targets() {
    type Row<'a> = (ExchangeRule, Form<'a>, Result<&'a [&'a str], Cause>);
    let both = || ExchangeRule {
        audiences: vec![resource(FILES), resource(API)],
        ..rule()
    };
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        (rule(), &[], Ok(&[FILES])),
        (rule(), &[("audience", "")], Ok(&[FILES])),
        (rule(), &[("audience", ""), ("resource", FILES)], Ok(&[FILES])),
        (rule(), &[("audience", FILES), ("resource", FILES)], Ok(&[FILES])),
        (both(), &[("audience", API), ("resource", FILES)], Ok(&[FILES, API])),
        (both(), &[("audience", API), ("audience", FILES)], Ok(&[API, FILES])),
        (both(), &[("audience", "")], Err(Cause::TargetMissing)),
        // The client may ask tokens for it, and not exchange others for them.
        (rule(), &[("audience", API)], Err(Cause::TargetNotAllowed)),
        (rule(), &[("audience", FILES), ("audience", API)], Err(Cause::TargetNotAllowed)),
        (rule(), &[("resource", "https://foreign.example")], Err(Cause::TargetNotAllowed)),
        (rule(), &[("audience", "https://id.example")], Err(Cause::TargetNotAllowed)),
    ];
    for (rule, changes, expected) in rows {
        let reply = Case::of(rule.clone()).outcome(changes);
        let found = reply.map(|reply| reply.access_token.claims.aud.values().to_vec());
        assert_eq!(
            found,
            expected.map(|names| names.iter().map(ToString::to_string).collect()),
            "{changes:?}"
        );
    }
}

#[test]
fn the_scope_only_narrows() {
    #[rustfmt::skip]
    let rows: &[(&str, &str, Form<'_>, Result<&str, Cause>)] = &[
        ("read write", "read write", &[], Ok("read write")),
        ("read write", "read", &[], Ok("read")),
        ("read", "read write", &[], Ok("read")),
        ("read write", "read write", &[("scope", "read")], Ok("read")),
        ("openid read", "openid read", &[], Ok("read")),
        ("read", "write", &[], Ok("")),
        ("read", "read write", &[("scope", "write")], Err(Cause::ExchangeScopeWidened)),
        ("read", "read write", &[("scope", "read write")], Err(Cause::ExchangeScopeWidened)),
        ("read write", "read", &[("scope", "read write")], Err(Cause::ScopeNotAllowed)),
        ("openid read", "openid read", &[("scope", "openid")], Err(Cause::ScopeNotAllowed)),
        ("read", "read", &[("scope", "admin")], Err(Cause::ExchangeScopeWidened)),
    ];
    for (subjects, clients, changes, expected) in rows {
        let mut case = Case::of(rule()).subject(|facts| facts.claims.scope = scope(subjects));
        case.client.scope = scope(clients);
        let found = case.outcome(changes).map(|reply| reply.scope.to_string());
        assert_eq!(
            found,
            expected.map(str::to_owned),
            "{subjects} {clients} {changes:?}"
        );
    }
}
