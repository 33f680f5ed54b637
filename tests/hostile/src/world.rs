//! What the rules are told: a server, one client with a key, a time.

use std::sync::{Arc, LazyLock};

use grantor_jose::digest::HmacKey;
use grantor_protocol::authorize::{AuthorizationRequest, AuthorizeError, Origin, validate};
use grantor_protocol::record::Client;
use grantor_protocol::subject::PairwiseKey;
use grantor_protocol::{Catalogue, Cx, Policy};
use grantor_types::{
    ClientAuthMethod, ClientId, GrantType, Issuer, Parameters, RedirectUri, RegistrationMode, Scope,
    SecretBytes, Timestamp,
};

use crate::signed::public_keys;

pub(crate) const ISSUER: &str = "https://id.example";
pub(crate) const CLIENT: &str = "app";
pub(crate) const CALLBACK: &str = "https://app.example/cb";
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_750_000_000);

/// The server.
pub(crate) struct World {
    pub(crate) issuer: Issuer,
    pub(crate) policy: Policy,
    catalogue: Catalogue,
    pairwise: PairwiseKey,
}

pub(crate) static WORLD: LazyLock<World> = LazyLock::new(|| {
    let mut policy = Policy::default();
    policy.registration.mode = RegistrationMode::Open;
    World {
        issuer: Issuer::parse(ISSUER).unwrap(),
        policy,
        catalogue: Catalogue::default(),
        pairwise: PairwiseKey::new(HmacKey::from_bytes(&SecretBytes::new([5; 32]))),
    }
});

impl World {
    pub(crate) fn cx(&self) -> Cx<'_> {
        Cx {
            now: NOW,
            issuer: &self.issuer,
            policy: &self.policy,
            catalogue: &self.catalogue,
            pairwise: &self.pairwise,
        }
    }
}

/// A client of the code flow with one redirect URI, which signs with the key of [`crate::signed`].
pub(crate) fn client() -> Client {
    let mut client = Client {
        authentication_methods: vec![ClientAuthMethod::PrivateKeyJwt],
        grant_types: vec![GrantType::AuthorizationCode],
        redirect_uris: vec![RedirectUri::parse(CALLBACK).unwrap()],
        scope: Scope::parse("openid profile read").unwrap(),
        ..Client::new(ClientId::parse(CLIENT).unwrap(), NOW)
    };
    client.metadata.jwks = Some(public_keys());
    client
}

/// The parameters of a request that is in order.
pub(crate) const REQUEST: [(&str, &str); 6] = [
    ("response_type", "code"),
    ("client_id", CLIENT),
    ("redirect_uri", CALLBACK),
    ("scope", "openid read"),
    ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    ("code_challenge_method", "S256"),
];

/// [`REQUEST`] with this value for one parameter, which need not be in it.
pub(crate) fn request_with(name: &str, value: &str) -> Parameters {
    let set = (name, value);
    let others = REQUEST.iter().filter(|(other, _)| *other != name);
    let pairs = others.chain([&set]);
    let pairs = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Parameters::from_pairs(pairs).unwrap()
}

/// Has a request checked, and checks what holds for every answer: nothing is granted that the client may not have, and
/// nobody is sent to an address that is not the client's.
pub(crate) fn validated(
    parameters: &Parameters,
    client: Client,
    origin: Origin,
) -> Option<AuthorizationRequest> {
    let client = Arc::new(client);
    let registered = |uri: &RedirectUri| client.redirect_uris.iter().any(|own| own.matches(uri.as_str()));
    match validate(&WORLD.policy, parameters, Some(Arc::clone(&client)), origin) {
        Ok(request) => {
            assert!(registered(request.redirect.uri()));
            assert!(
                request
                    .scope
                    .iter()
                    .all(|token| client.scope.contains(token.as_str()))
            );
            assert!(request.challenge.is_some(), "nobody may go without");
            assert!(request.resources.is_empty(), "it has no resource servers");
            Some(request)
        }
        Err(AuthorizeError::Redirect(redirect, _)) => {
            assert!(registered(redirect.uri()));
            None
        }
        Err(AuthorizeError::Page(_)) => None,
    }
}
