//! Registers, replaces and deletes (RFC 7591 3, RFC 7592 2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_jose::digest;
use grantor_types::{ClientAuthMethod, ClientId, GrantType, Origin, Profile, Secret};

use super::Wanted;
use super::document::{Document, Refusal};
use crate::record::{Client, InitialAccessToken, Registration, StoredSecret, resealed};
use crate::{Cause, Change, Cx, Decision, Expect, scannable};

/// What every registration access token begins with.
const PREFIX: &str = "grat_";

/// Random bytes for a registration, each for one thing.
#[derive(Clone, Copy)]
pub struct Fresh {
    id: [u8; 16],
    client_secret: [u8; 64],
    access_token: [u8; 32],
}

impl Fresh {
    /// How many random bytes there are in all.
    pub const LENGTH: usize = 16 + 64 + 32;

    /// Takes its fields from these bytes.
    pub fn from_bytes(bytes: &[u8; Self::LENGTH]) -> Self {
        let mut rest = bytes.iter().copied();
        let mut next = || rest.next().unwrap_or_default();
        Self {
            id: std::array::from_fn(|_| next()),
            client_secret: std::array::from_fn(|_| next()),
            access_token: std::array::from_fn(|_| next()),
        }
    }

    /// 256 random bits; 512 for a client that signs with it: "A key of the same size as the hash output [...] or larger MUST
    /// be used" (RFC 7518 3.2), and HMAC with SHA-512 is the largest.
    fn secret(&self, method: ClientAuthMethod) -> Secret {
        let (short, _) = self.client_secret.split_at(32);
        let bytes = match method {
            ClientAuthMethod::ClientSecretJwt => self.client_secret.as_slice(),
            ClientAuthMethod::ClientSecretBasic
            | ClientAuthMethod::ClientSecretPost
            | ClientAuthMethod::PrivateKeyJwt
            | ClientAuthMethod::None => short,
        };
        Secret::new(URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl std::fmt::Debug for Fresh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fresh([redacted])")
    }
}

/// A client that is registered.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The client.
    pub client: Client,
    /// Its secret, when it was made just now; it cannot be read again.
    pub client_secret: Option<Secret>,
    /// What its registration is read and changed with (RFC 7592 3).
    pub access_token: Secret,
}

/// Registers a client, with this initial access token if there was one.
pub fn create(
    cx: &Cx<'_>,
    fresh: &Fresh,
    token: Option<&InitialAccessToken>,
    wanted: Wanted,
) -> Decision<Registered> {
    let id = ClientId::from_random(fresh.id);
    let access_token = Secret::new(scannable::text(PREFIX, &fresh.access_token));
    let policy = &cx.policy.registration;
    let registration = Registration {
        access_token: digest::secret_hash(access_token.expose()),
        unused_until: Some(cx.now.plus(policy.unused_lifetime)),
        software_id: None,
        software_version: None,
        software_statement: None,
    };
    let base = Client {
        registration: Some(Box::new(registration)),
        ..Client::new(id, cx.now)
    };
    let (client, client_secret) = written(cx, fresh, base, wanted);
    let mut changes = vec![Change::LimitRegistrations(policy.quota)];
    changes.extend(token.map(|token| Change::UseInitialAccessToken(token.id)));
    changes.push(Change::PutClient {
        client: Box::new(client.clone()),
        expect: Expect::Absent,
    });
    let registered = Registered {
        client,
        client_secret,
        access_token,
    };
    Decision::accept(registered, changes)
}

/// Replaces the registration of a client. The access token stays: whoever lost the answer to an update would otherwise
/// have lost the registration with it.
///
/// "Valid values of client metadata fields in this request MUST replace, not augment, the values previously associated with
/// this client. Omitted fields MUST be treated as null or empty values
/// by the server, indicating the client's request to delete them" (RFC 7592 2.2). What only an administrator can say stays
/// as it is.
pub fn replace(
    cx: &Cx<'_>,
    fresh: &Fresh,
    client: &Client,
    access_token: Secret,
    wanted: Wanted,
) -> Decision<Registered> {
    let base = Client {
        updated_at: cx.now,
        revision: client.revision.next(),
        ..client.clone()
    };
    let expect = Expect::Revision(client.revision);
    let (client, client_secret) = written(cx, fresh, base, wanted);
    let change = Change::PutClient {
        client: Box::new(client.clone()),
        expect,
    };
    let registered = Registered {
        client,
        client_secret,
        access_token,
    };
    Decision::accept(registered, vec![change])
}

/// Deletes a client with its consents and its grants: the server "SHOULD immediately invalidate all existing authorization
/// grants and currently active access tokens, all refresh tokens, and other tokens associated with this client"
/// (RFC 7592 2.3).
pub fn delete(client: &Client) -> Decision<()> {
    Decision::accept((), vec![Change::DeleteClient(client.id.clone())])
}

/// The client with what was wanted written over it, and the secret that it did not have before.
fn written(cx: &Cx<'_>, fresh: &Fresh, mut client: Client, wanted: Wanted) -> (Client, Option<Secret>) {
    let may_skip_pkce = client.profile(cx.policy) == Profile::Oidc || client.metadata.danger_pkce_optional;
    let (assertion_audience, profile) = (client.metadata.assertion_audience, client.metadata.profile);
    // Who signs with its secret needs one that the server can read; for everybody else the hash is enough.
    let kept = resealed(&[wanted.method], &client.secrets).filter(|secrets| !secrets.is_empty());
    let (secrets, made) = match (wanted.method.uses_secret(), kept) {
        (false, _) => (Vec::new(), None),
        (true, Some(kept)) => (kept, None),
        (true, None) => {
            let secret = fresh.secret(wanted.method);
            // The caller has the key to seal it with.
            (vec![StoredSecret::hashed(&secret)], Some(secret))
        }
    };
    client.secrets = secrets;
    client.origins = origins(&wanted);
    client.metadata = Box::new(wanted.metadata.clone());
    client.metadata.danger_pkce_optional = may_skip_pkce && !wanted.is_public();
    client.metadata.assertion_audience = assertion_audience;
    client.metadata.profile = profile;
    client.name = wanted.name;
    client.authentication_methods = vec![wanted.method];
    client.application_type = wanted.application_type;
    client.grant_types = wanted.grant_types;
    client.redirect_uris = wanted.redirect_uris;
    client.scope = wanted.scope;
    client.links = wanted.links;
    client.dpop_bound_access_tokens = wanted.dpop_bound_access_tokens;
    client.require_pushed_authorization_requests = wanted.require_pushed_authorization_requests;
    client.id_token_algorithm = wanted.id_token_algorithm;
    if let Some(registration) = &mut client.registration {
        registration.software_id = wanted.software.id;
        registration.software_version = wanted.software.version;
        registration.software_statement = wanted.software.statement;
    }
    (client, made)
}

/// A public client with a web page as its redirect URI runs in the browser, at that page's origin, and has to read the
/// answers of the token endpoint from there. No member of a registration says so.
fn origins(wanted: &Wanted) -> Vec<Origin> {
    if !wanted.is_public() || !wanted.uses(GrantType::AuthorizationCode) {
        return Vec::new();
    }
    let origin = |uri: &grantor_types::RedirectUri| {
        let origin = uri.to_url()?.origin();
        Origin::parse(&origin.ascii_serialization()).ok()
    };
    let mut origins: Vec<Origin> = wanted.redirect_uris.iter().filter_map(origin).collect();
    origins.sort();
    origins.dedup();
    origins
}

impl Document {
    /// What an update has to say and cannot say beside the registration itself (RFC 7592 2.2).
    ///
    /// # Errors
    /// The member that is wrong.
    pub fn check_update(&self, client: &Client) -> Result<(), Refusal> {
        // "The client MUST include its "client_id" field in the request, and it MUST be the same as its currently issued
        // client identifier."
        if self.text("client_id")? != Some(client.id.as_str()) {
            return Err(Refusal::of("client_id", Cause::RegistrationClientIdMismatch));
        }
        // "The updated client metadata fields request MUST NOT include the "registration_access_token",
        // "registration_client_uri", "client_secret_expires_at", or "client_id_issued_at" fields".
        for member in [
            "registration_access_token",
            "registration_client_uri",
            "client_secret_expires_at",
            "client_id_issued_at",
        ] {
            if self.value(member).is_some() {
                return Err(Refusal::of(member, Cause::RegistrationMemberForbidden));
            }
        }
        // "If the client includes the "client_secret" field in the request, the value of this field MUST match the currently
        // issued client secret for that client. The client MUST NOT be allowed to overwrite its existing client secret with
        // its own chosen value."
        let Some(secret) = self.text("client_secret")?.map(digest::secret_hash) else {
            return Ok(());
        };
        if client.secrets.iter().any(|stored| stored.hash == secret) {
            Ok(())
        } else {
            Err(Refusal::of("client_secret", Cause::RegistrationSecretMismatch))
        }
    }
}
