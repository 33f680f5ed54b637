//! The world that the tests of rules stand in: one client of each kind, one grant, a time and bytes that never change.

use std::sync::Arc;

use grantor_jose::digest::{self, HmacKey};
use grantor_types::{
    AccessTokenClaims, Audience, ClientAuthMethod, ClientId, CodeChallenge, GrantId, GrantType, Issuer,
    Parameters, RedirectUri, Resource, Scope, ScopeToken, Seconds, Secret, SecretBytes, SecretHash,
    SessionId, StandardClaims, Timestamp, TokenId, UserId,
};

use crate::client_auth::{Authenticated, Credentials, authenticate};
use crate::grant::Caller;
use crate::record::{
    ActiveGrant, Client, Grant, GrantState, PendingCode, RefreshState, ResourceServer, Revision,
    ScopeDefinition, StoredSecret, User,
};
use crate::subject::PairwiseKey;
use crate::token::{AccessTokenFacts, DerivationKeys, RefreshToken};
use crate::{Catalogue, Cx, Policy, Random};

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_750_000_000);
pub(crate) const SECRET: &str = "the secret of the client";
pub(crate) const VERIFIER: &str = "a-verifier-that-is-long-enough-for-rfc-7636-4.1";
pub(crate) const CALLBACK: &str = "https://app.example/cb";
pub(crate) const API: &str = "https://api.example";
pub(crate) const FILES: &str = "https://files.example";
pub(crate) const CODE_SECRET: [u8; 32] = [3; 32];
pub(crate) const SALT: [u8; 16] = [4; 16];

/// Parameters of a request as tables write them.
pub(crate) type Form<'a> = &'a [(&'a str, &'a str)];

/// What a row of a table changes.
pub(crate) type Edit<T> = Box<dyn FnOnce(&mut T)>;

/// What a [`Cx`] borrows.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) issuer: Issuer,
    pub(crate) policy: Policy,
    pub(crate) catalogue: Catalogue,
    pub(crate) pairwise: Arc<PairwiseKey>,
}

impl World {
    pub(crate) fn new() -> Self {
        let scope = |name| ScopeDefinition {
            name: ScopeToken::parse(name).unwrap(),
            description: String::new(),
        };
        Self {
            now: NOW,
            issuer: Issuer::parse("https://id.example").unwrap(),
            policy: Policy::default(),
            catalogue: Catalogue {
                scopes: ["openid", "profile", "read", "write"].map(scope).into(),
                resources: [API, FILES].map(resource_server).into(),
                trusted_issuers: Vec::new(),
            },
            pairwise: Arc::new(PairwiseKey::new(HmacKey::from_bytes(&SecretBytes::new([5; 32])))),
        }
    }

    /// The same world at another time.
    pub(crate) fn at(now: Timestamp) -> Self {
        Self { now, ..Self::new() }
    }

    pub(crate) fn cx(&self) -> Cx<'_> {
        Cx {
            now: self.now,
            issuer: &self.issuer,
            policy: &self.policy,
            catalogue: &self.catalogue,
            pairwise: &self.pairwise,
        }
    }
}

/// The random bytes of every test.
pub(crate) const RANDOM: Random = Random {
    row: [1; 10],
    token: [2; 10],
    secret: CODE_SECRET,
    salt: SALT,
};

pub(crate) fn resource_server(id: &str) -> ResourceServer {
    ResourceServer {
        id: resource(id),
        name: String::new(),
        access_token_format: None,
        access_token_algorithm: None,
        access_token_lifetime: None,
        introspectors: Vec::new(),
    }
}

pub(crate) fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

pub(crate) fn resource(text: &str) -> Resource {
    Resource::parse(text).unwrap()
}

pub(crate) fn client_id(text: &str) -> ClientId {
    ClientId::parse(text).unwrap()
}

/// Parameters; those without a value count as absent.
pub(crate) fn parameters(pairs: Form<'_>) -> Parameters {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Parameters::from_pairs(owned).unwrap()
}

/// The base with some parameters set to something else; an empty value takes one away.
pub(crate) fn parameters_with(base: Form<'_>, changes: Form<'_>) -> Parameters {
    let kept = base
        .iter()
        .filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    let pairs: Vec<(&str, &str)> = kept.chain(changes).copied().collect();
    parameters(&pairs)
}

/// A confidential client that may do everything.
pub(crate) fn confidential() -> Client {
    Client {
        name: "The app".to_owned(),
        secrets: vec![StoredSecret {
            hash: digest::secret_hash(SECRET),
            expires_at: None,
            sealed: None,
        }],
        authentication_methods: vec![
            ClientAuthMethod::ClientSecretBasic,
            ClientAuthMethod::ClientSecretPost,
        ],
        grant_types: GrantType::ALL.to_vec(),
        redirect_uris: vec![RedirectUri::parse(CALLBACK).unwrap()],
        scope: scope("openid profile read write"),
        audiences: vec![resource(API), resource(FILES)],
        ..Client::new(client_id("app"), NOW)
    }
}

/// A token request without a proof of possession.
pub(crate) fn caller(client: &Authenticated) -> Caller<'_> {
    Caller {
        client,
        dpop_key: None,
    }
}

/// The same client without a secret.
pub(crate) fn public() -> Client {
    Client {
        secrets: Vec::new(),
        authentication_methods: vec![ClientAuthMethod::None],
        ..confidential()
    }
}

/// The client after it proved who it is.
pub(crate) fn authenticated(client: Client) -> Authenticated {
    let (method, secret) = if client.is_public() {
        (ClientAuthMethod::None, None)
    } else {
        (ClientAuthMethod::ClientSecretPost, Some(Secret::new(SECRET)))
    };
    let credentials = Credentials {
        client_id: client.id.clone(),
        method,
        secret,
    };
    authenticate(NOW, Some(Arc::new(client)), &credentials).unwrap()
}

pub(crate) fn user() -> User {
    User {
        id: UserId::from_bytes([9; 16]),
        username: "alice".to_owned(),
        password_hash: None,
        claims: StandardClaims {
            name: Some("Alice".to_owned()),
            email: Some("alice@example.com".to_owned()),
            ..StandardClaims::default()
        },
        disabled: false,
        created_at: NOW,
        updated_at: NOW,
        revision: Revision::default(),
    }
}

/// A grant whose code was just handed out.
pub(crate) fn pending_grant() -> Grant {
    Grant {
        id: GrantId::from_bytes([5; 16]),
        client: client_id("app"),
        user: user().id,
        session: Some(SessionId::from_bytes([6; 16])),
        scope: scope("openid read"),
        resources: vec![resource(API), resource(FILES)],
        nonce: Some("n0nce".to_owned()),
        auth_time: NOW.minus(Seconds(10)),
        authentication_methods: vec!["pwd".to_owned()],
        code: SecretHash::from_digest(digest::sha256(&CODE_SECRET)),
        salt: SALT,
        dpop_key: None,
        exchange: None,
        openid: None,
        created_at: NOW,
        expires_at: NOW.plus(Seconds(60)),
        state: GrantState::Pending(PendingCode {
            redirect_uri: Some(CALLBACK.to_owned()),
            response_uri: RedirectUri::parse(CALLBACK).unwrap(),
            challenge: Some(CodeChallenge::from_digest(digest::sha256(VERIFIER.as_bytes()))),
        }),
    }
}

/// A redeemed grant whose current refresh token is this one, rotated just now.
pub(crate) fn active_grant(generation: u64) -> Grant {
    Grant {
        expires_at: NOW.plus(Seconds::days(30)),
        state: GrantState::Active(ActiveGrant {
            refresh: Some(RefreshState {
                generation,
                rotated_at: NOW,
            }),
        }),
        ..pending_grant()
    }
}

pub(crate) fn derivation_key(byte: u8) -> HmacKey {
    HmacKey::from_bytes(&SecretBytes::new([byte; 32]))
}

pub(crate) fn keys() -> DerivationKeys {
    DerivationKeys::new(vec![derivation_key(7)])
}

/// The text of a refresh token of a grant.
pub(crate) fn refresh_token(grant: &Grant, generation: u64) -> String {
    let token = RefreshToken {
        grant: grant.id,
        generation,
        salt: grant.salt,
    };
    keys().derive(&token).unwrap()
}

/// A live access token of the active grant.
pub(crate) fn access_facts() -> AccessTokenFacts {
    let grant = active_grant(0);
    AccessTokenFacts {
        claims: AccessTokenClaims {
            iss: "https://id.example".to_owned(),
            sub: grant.user.to_string(),
            aud: Audience::One(API.to_owned()),
            exp: NOW.as_seconds() + 3600,
            iat: NOW.as_seconds(),
            jti: TokenId::new(NOW, [2; 10]),
            client_id: grant.client,
            scope: grant.scope,
            auth_time: Some(grant.auth_time.as_seconds()),
            acr: None,
            grant: Some(grant.id),
            cnf: None,
            act: None,
            may_act: None,
            userinfo_claims: Vec::new(),
            claims_locales: Vec::new(),
            ancestors: Vec::new(),
            ancestor_grants: Vec::new(),
        },
        revoked: false,
        client: Some(Arc::new(confidential())),
        user: Some(Arc::new(user())),
    }
}
