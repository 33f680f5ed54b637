//! Clients, users, scopes and resource servers that every test finds.

use std::sync::OnceLock;

use grantor_jose::digest;
use grantor_protocol::record::{
    Client, ConsentRule, IntrospectionRight, ResourceServer, Revision, ScopeDefinition, StoredSecret, User,
};
use grantor_types::{
    ApplicationType, ClientAuthMethod, ClientId, GrantType, Origin, RedirectUri, Resource, Scope, ScopeToken,
    StandardClaims, TokenFormat, UserId,
};

use super::START;

pub(crate) const ALICE: &str = "alice";
pub(crate) const BOB: &str = "bob";
/// Where the client `web` wants its answers.
pub(crate) const CALLBACK: &str = "https://app.example/cb";

/// The password of a user.
pub(crate) fn password(username: &str) -> String {
    format!("{username} goes to the lighthouse")
}

pub(crate) fn user_id(username: &str) -> UserId {
    let digest = digest::sha256(username.as_bytes());
    UserId::from_bytes(digest[..16].try_into().unwrap())
}

/// The secret of a client; public clients have none.
pub(crate) fn secret_of(id: &str) -> Option<String> {
    (!PUBLIC.contains(&id)).then(|| format!("{id}-secret"))
}

const PUBLIC: [&str; 3] = ["spa", "native", "tv"];

/// A confidential client without anything.
fn client(id: &str) -> Client {
    let hash = |secret: String| StoredSecret {
        hash: digest::secret_hash(&secret),
        expires_at: None,
        sealed: None,
    };
    let secrets: Vec<StoredSecret> = secret_of(id).map(hash).into_iter().collect();
    Client {
        name: format!("The {id} client"),
        authentication_methods: if secrets.is_empty() {
            vec![ClientAuthMethod::None]
        } else {
            vec![
                ClientAuthMethod::ClientSecretBasic,
                ClientAuthMethod::ClientSecretPost,
            ]
        },
        secrets,
        ..Client::new(ClientId::parse(id).unwrap(), START)
    }
}

/// A client of the code flow.
fn code_client(id: &str, redirect_uris: &[&str]) -> Client {
    let uri = |text: &&str| RedirectUri::parse(text).unwrap();
    let resource = |text: &str| Resource::parse(text).unwrap();
    Client {
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        redirect_uris: redirect_uris.iter().map(uri).collect(),
        scope: Scope::parse("openid profile email read write").unwrap(),
        audiences: vec![
            resource("https://api.example"),
            resource("https://files.example"),
            resource("https://sealed.example"),
        ],
        ..client(id)
    }
}

/// A client of the device flow.
fn device_client(id: &str) -> Client {
    Client {
        application_type: ApplicationType::Native,
        grant_types: vec![GrantType::DeviceCode, GrantType::RefreshToken],
        redirect_uris: Vec::new(),
        ..code_client(id, &[])
    }
}

pub(crate) fn clients() -> Vec<Client> {
    let service = Client {
        grant_types: vec![GrantType::ClientCredentials],
        scope: Scope::parse("read write").unwrap(),
        audiences: code_client("web", &[]).audiences,
        ..client("service")
    };
    vec![
        code_client("web", &[CALLBACK]),
        code_client("other", &["https://other.example/cb"]),
        Client {
            disabled: true,
            ..code_client("retired", &["https://retired.example/cb"])
        },
        Client {
            consent: ConsentRule::Implied,
            ..code_client("portal", &["https://portal.example/cb"])
        },
        Client {
            origins: vec![Origin::parse("https://spa.example").unwrap()],
            ..code_client(
                "spa",
                &["https://spa.example/cb", "https://spa.example/cb?keep=1&me=2"],
            )
        },
        Client {
            application_type: ApplicationType::Native,
            ..code_client(
                "native",
                &[
                    "http://127.0.0.1/cb",
                    "http://[::1]:4000/cb",
                    "com.example.app:/cb",
                ],
            )
        },
        service,
        device_client("tv"),
        device_client("console"),
        client("backend"),
        Client {
            introspection: IntrospectionRight::All,
            ..client("auditor")
        },
    ]
}

pub(crate) fn users() -> Vec<User> {
    ["alice", "bob", "carol"].map(user).into()
}

fn user(username: &str) -> User {
    User {
        id: user_id(username),
        username: username.to_owned(),
        password_hash: Some(hash_of(username)),
        claims: StandardClaims {
            name: Some(format!("{} Example", username.to_uppercase())),
            email: Some(format!("{username}@example.com")),
            email_verified: Some(true),
            ..StandardClaims::default()
        },
        disabled: username == "carol",
        created_at: START,
        updated_at: START,
        revision: Revision::default(),
    }
}

/// A cheap hash, since every test logs in: the parameters are in the hash.
fn hash_of(username: &str) -> String {
    static HASHES: OnceLock<std::sync::Mutex<std::collections::HashMap<String, String>>> = OnceLock::new();
    let mut hashes = HASHES.get_or_init(Default::default).lock().unwrap();
    let hash = || {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD_NO_PAD;
        let params = argon2::Params::new(64, 1, 1, Some(32)).unwrap();
        let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let (salt, mut output) = ([7; 16], [0; 32]);
        argon2
            .hash_password_into(password(username).as_bytes(), &salt, &mut output)
            .unwrap();
        let text = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
        format!("$argon2id$v=19$m=64,t=1,p=1${}${}", text(&salt), text(&output))
    };
    hashes.entry(username.to_owned()).or_insert_with(hash).clone()
}

pub(crate) fn scopes() -> Vec<ScopeDefinition> {
    let scope = |name: &str, description: &str| ScopeDefinition {
        name: ScopeToken::parse(name).unwrap(),
        description: description.to_owned(),
    };
    vec![
        scope("openid", ""),
        scope("profile", ""),
        scope("email", ""),
        scope("read", "Read your lamps."),
        scope("write", "Switch your lamps."),
    ]
}

/// A resource server for which `backend` speaks.
pub(crate) fn resource_server(id: &str) -> ResourceServer {
    ResourceServer {
        id: Resource::parse(id).unwrap(),
        name: String::new(),
        access_token_format: None,
        access_token_algorithm: None,
        access_token_lifetime: None,
        introspectors: vec![ClientId::parse("backend").unwrap()],
    }
}

pub(crate) fn resources() -> Vec<ResourceServer> {
    vec![
        resource_server("https://api.example"),
        ResourceServer {
            access_token_format: Some(TokenFormat::Jwt),
            introspectors: Vec::new(),
            ..resource_server("https://files.example")
        },
        ResourceServer {
            access_token_format: Some(TokenFormat::Opaque),
            ..resource_server("https://sealed.example")
        },
    ]
}
