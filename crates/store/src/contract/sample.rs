//! Rows to play with. Ids are numbered, and their order is that of the numbers.

pub(super) mod flow;

use grantor_protocol::record::{
    ActiveGrant, AttemptKey, Client, ClientMetadata, Consent, ConsentRule, Exchange, ExchangeRule, Grant,
    GrantState, IntrospectionRight, KeyPurpose, Lifetimes, Links, OpenidRequest, PendingCode, RefreshState,
    Registration, ResourceServer, Revision, RevocationReason, ScopeDefinition, Session, StoredKey,
    StoredSecret, SubjectsOf, Translations, User,
};
use grantor_protocol::{Change, Expect};
use grantor_types::{
    ApplicationType, ClaimField, ClaimsRequest, ClientAuthMethod, ClientId, CodeChallenge, GrantId,
    GrantType, LanguageTag, Origin, RedirectUri, Resource, Scope, ScopeToken, Seconds, SecretHash, SessionId,
    SigningAlgorithm, StandardClaims, Thumbprint, Timestamp, TokenFormat, TokenId, TokenTypeUri, UserId,
    WebUri,
};

/// An instant, this many seconds into the play; odd milliseconds, so that none get lost.
pub(super) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_milliseconds(1_700_000_000_123 + seconds * 1_000)
}

fn bytes(kind: u8, number: u32) -> [u8; 16] {
    let [a, b, c, d] = number.to_be_bytes();
    [a, b, c, d, kind, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, kind]
}

pub(super) fn client_id(number: u32) -> ClientId {
    ClientId::parse(&format!("client-{number:05}")).expect("a client id")
}

pub(super) fn user_id(number: u32) -> UserId {
    UserId::from_bytes(bytes(1, number))
}

pub(super) fn session_id(number: u32) -> SessionId {
    SessionId::from_bytes(bytes(2, number))
}

pub(super) fn grant_id(number: u32) -> GrantId {
    GrantId::from_bytes(bytes(3, number))
}

pub(super) fn token_id(number: u32) -> TokenId {
    TokenId::from_bytes(bytes(4, number))
}

pub(super) fn attempt_key(number: u8) -> AttemptKey {
    AttemptKey::from_bytes([number; 32])
}

pub(super) fn scope(text: &str) -> Scope {
    Scope::parse(text).expect("a scope")
}

pub(super) fn resource(number: u32) -> Resource {
    Resource::parse(&format!("https://api-{number:05}.example/v1?x=1")).expect("a resource")
}

pub(super) fn origin(text: &str) -> Origin {
    Origin::parse(text).expect("an origin")
}

/// A client with every field set.
#[allow(clippy::too_many_lines, reason = "a line for each field")]
pub(super) fn client(number: u32) -> Client {
    let mut translations = Translations::default();
    let german = LanguageTag::parse("de-CH").expect("a language tag");
    translations.entry(german).name = Some("Die Anwendung".into());
    Client {
        id: client_id(number),
        name: format!("Client {number} \u{1f511} \"quoted\""),
        secrets: vec![
            StoredSecret {
                hash: SecretHash::from_digest([7; 32]),
                expires_at: None,
                sealed: None,
            },
            StoredSecret {
                hash: SecretHash::from_digest([8; 32]),
                expires_at: Some(at(9)),
                sealed: None,
            },
        ],
        authentication_methods: vec![ClientAuthMethod::ClientSecretBasic],
        application_type: ApplicationType::Web,
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        redirect_uris: vec![RedirectUri::parse("https://app.example/cb").expect("a redirect URI")],
        origins: vec![origin(&format!("https://app-{number}.example"))],
        scope: scope("email openid profile"),
        audiences: vec![resource(1)],
        token_exchange: vec![ExchangeRule {
            subject_token_types: vec![TokenTypeUri::AccessToken],
            subjects_of: SubjectsOf::Clients(vec![client_id(9)]),
            audiences: vec![resource(2)],
            delegation: true,
            impersonation: false,
            refresh_token: false,
        }],
        introspection: IntrospectionRight::All,
        consent: ConsentRule::Implied,
        dpop_bound_access_tokens: true,
        require_pushed_authorization_requests: true,
        personal_access_tokens: true,
        access_token_format: Some(TokenFormat::Opaque),
        access_token_algorithm: Some(SigningAlgorithm::EdDsa),
        id_token_algorithm: Some(SigningAlgorithm::Rs256),
        lifetimes: Lifetimes {
            access_token: Some(Seconds(300)),
            refresh_token: Some(Seconds::days(30)),
            id_token: None,
            refresh_replay_window: Some(Seconds(0)),
        },
        links: Links {
            client_uri: WebUri::parse("https://app.example/about").ok(),
            ..Links::default()
        },
        metadata: Box::new(ClientMetadata {
            backchannel_logout_uri: WebUri::parse("https://app.example/logout").ok(),
            backchannel_logout_session_required: true,
            request_uris: vec!["https://app.example/request#1".into()],
            translations,
            ..ClientMetadata::default()
        }),
        registration: number.is_multiple_of(2).then(|| {
            Box::new(Registration {
                access_token: SecretHash::from_digest([6; 32]),
                unused_until: Some(at(60)),
                software_id: Some("app".into()),
                software_version: None,
                software_statement: None,
            })
        }),
        disabled: false,
        created_at: at(1),
        updated_at: at(2),
        revision: Revision(1),
    }
}

pub(super) fn put_client(client: Client, expect: Expect) -> Change {
    Change::PutClient {
        client: Box::new(client),
        expect,
    }
}

/// Inserts the client with this number.
pub(super) fn new_client(number: u32) -> Change {
    put_client(client(number), Expect::Absent)
}

/// A user with a name of upper- and lower-case letters beyond ASCII, and of several languages.
pub(super) fn user(number: u32) -> User {
    let mut claims = StandardClaims {
        name: Some(format!("Ada {number}")),
        email_verified: Some(true),
        ..StandardClaims::default()
    };
    for (field, text) in [("name#ja-Kana-JP", "エイダ"), ("address#de.locality", "Köln")] {
        let field = ClaimField::parse(field).expect("a claim for people to read");
        claims.set_text(&field, Some(text.into()));
    }
    User {
        id: user_id(number),
        username: format!("Ada.\u{c9}mile-{number}@Example.com"),
        password_hash: Some("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".into()),
        claims,
        disabled: false,
        created_at: at(3),
        updated_at: at(4),
        revision: Revision(1),
    }
}

pub(super) fn put_user(user: User, expect: Expect) -> Change {
    Change::PutUser {
        user: Box::new(user),
        expect,
    }
}

/// Inserts the user with this number.
pub(super) fn new_user(number: u32) -> Change {
    put_user(user(number), Expect::Absent)
}

pub(super) fn scope_definition(number: u32) -> ScopeDefinition {
    ScopeDefinition {
        name: ScopeToken::parse(&format!("scope:{number:05}")).expect("a scope token"),
        description: format!("Read thing {number}"),
    }
}

pub(super) fn resource_server(number: u32) -> ResourceServer {
    ResourceServer {
        id: resource(number),
        name: format!("API {number}"),
        access_token_format: Some(TokenFormat::Jwt),
        access_token_algorithm: None,
        access_token_lifetime: Some(Seconds(60)),
        introspectors: vec![client_id(1), client_id(2)],
    }
}

/// A session that ends an hour into the play.
pub(super) fn session(number: u32, user: u32) -> Session {
    Session {
        id: session_id(number),
        secret: SecretHash::from_digest([9; 32]),
        user: user_id(user),
        auth_time: at(u64::from(number)),
        authentication_methods: vec!["pwd".into(), "otp, with \"quotes\"".into()],
        user_agent: "Mozilla/5.0 (\u{2603})".into(),
        expires_at: at(3_600),
    }
}

pub(super) fn consent(user: u32, client: u32, tokens: &str) -> Consent {
    Consent {
        user: user_id(user),
        client: client_id(client),
        scope: scope(tokens),
        resources: vec![resource(2), resource(1)],
        granted_at: at(5),
    }
}

/// A pending grant that ends a minute into the play.
pub(super) fn grant(number: u32, user: u32, client: u32) -> Grant {
    Grant {
        id: grant_id(number),
        client: client_id(client),
        user: user_id(user),
        session: Some(session_id(number)),
        scope: scope("openid profile"),
        resources: vec![resource(2), resource(1)],
        nonce: Some("n-0S6_WzA2Mj \u{2713}".into()),
        auth_time: at(6),
        authentication_methods: vec!["pwd".into()],
        code: SecretHash::from_digest([10; 32]),
        salt: [11; 16],
        dpop_key: Some(Thumbprint::from_digest([13; 32])),
        exchange: Some(Box::new(Exchange {
            grants: vec![grant_id(90)],
            tokens: vec![token_id(91)],
            until: at(8),
            act: None,
            may_act: None,
        })),
        openid: Some(Box::new(OpenidRequest {
            claims: ClaimsRequest {
                userinfo: [("name".into(), None)].into(),
                ..ClaimsRequest::default()
            },
            claims_locales: vec!["fr-CA".into()],
            state: Some("st\u{e4}te".into()),
            acr: Some("1".into()),
        })),
        created_at: at(7),
        expires_at: at(60),
        state: GrantState::Pending(PendingCode {
            redirect_uri: Some("http://127.0.0.1:8080/cb".into()),
            response_uri: RedirectUri::parse("http://127.0.0.1/cb").expect("a redirect URI"),
            challenge: Some(CodeChallenge::from_digest([12; 32])),
        }),
    }
}

/// A pending grant with as little as there can be.
pub(super) fn bare_grant(number: u32, user: u32, client: u32) -> Grant {
    Grant {
        session: None,
        exchange: None,
        openid: None,
        scope: Scope::default(),
        resources: Vec::new(),
        nonce: None,
        authentication_methods: Vec::new(),
        state: GrantState::Pending(PendingCode {
            redirect_uri: None,
            response_uri: RedirectUri::parse("com.example.app:/cb").expect("a redirect URI"),
            challenge: None,
        }),
        ..grant(number, user, client)
    }
}

/// A redeemed grant at this generation, or without refresh tokens.
pub(super) fn active_grant(number: u32, user: u32, client: u32, generation: Option<u64>) -> Grant {
    let refresh = generation.map(|generation| RefreshState {
        generation,
        rotated_at: at(8),
    });
    Grant {
        expires_at: at(3_600),
        state: GrantState::Active(ActiveGrant { refresh }),
        ..grant(number, user, client)
    }
}

pub(super) fn revoked_grant(number: u32, user: u32, client: u32) -> Grant {
    Grant {
        expires_at: at(3_600),
        state: GrantState::Revoked {
            at: at(9),
            reason: RevocationReason::CodeReplay,
        },
        ..grant(number, user, client)
    }
}

pub(super) fn create(grant: Grant) -> Change {
    Change::CreateGrant(Box::new(grant))
}

/// Redeems the code of a grant that then lives an hour into the play.
pub(super) fn redeem(number: u32) -> Change {
    Change::RedeemCode {
        grant: grant_id(number),
        refresh: Some(RefreshState {
            generation: 0,
            rotated_at: at(10),
        }),
        dpop_key: Some(Thumbprint::from_digest([14; 32])),
        expires_at: at(3_600),
    }
}

/// Rotates from this generation; the grant then lives two hours into the play.
pub(super) fn rotate(number: u32, from: u64) -> Change {
    Change::RotateRefreshToken {
        grant: grant_id(number),
        from,
        at: at(11),
        expires_at: at(7_200),
    }
}

pub(super) fn revoke(number: u32) -> Change {
    Change::RevokeGrant {
        grant: grant_id(number),
        at: at(12),
        reason: RevocationReason::Client,
    }
}

pub(super) fn revoke_all_of(user: u32, client: Option<u32>) -> Change {
    Change::RevokeGrantsOf {
        user: user_id(user),
        client: client.map(client_id),
        at: at(13),
        reason: RevocationReason::User,
    }
}

pub(super) fn deny(number: u32, end: u64) -> Change {
    Change::DenyToken {
        token: token_id(number),
        expires_at: at(end),
    }
}

/// A key made this many seconds into the play; every fourth number is that of a sealing key.
pub(super) fn key(number: u32, made: u64) -> StoredKey {
    StoredKey {
        id: format!("key-{number:05}"),
        purpose: match number % 4 {
            0 => KeyPurpose::Sealing,
            1 => KeyPurpose::Derivation,
            2 => KeyPurpose::Signing(SigningAlgorithm::Es256),
            _ => KeyPurpose::Signing(SigningAlgorithm::Rs256),
        },
        created_at: at(made),
        use_from: at(made + 10),
        retire_at: None,
        wrapped: vec![0, 255, 1, 254],
    }
}
