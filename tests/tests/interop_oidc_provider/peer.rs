//! The other server, one for all tests of this process, and who signs certificates for it and its clients.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use grantor_client::{Client, ClientAuthentication, ClientBuilder, Error, RegisteredClient, Secret};
use grantor_tests::{Person, Suite};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use serde_json::{Value, json};

use super::REDIRECT_URI;

const INITIAL_ACCESS_TOKEN: &str = "of-those-who-may-register";

static PEER: OnceLock<Peer> = OnceLock::new();

/// The other server.
pub(crate) struct Peer {
    issuer: String,
    authority: CertifiedIssuer<'static, KeyPair>,
    /// It ends when its input does, which is when this process ends.
    _process: Child,
}

impl Peer {
    /// The server, started by whoever comes first.
    pub(crate) fn get() -> &'static Self {
        PEER.get_or_init(Self::start)
    }

    fn start() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        // A certificate whose subject is also its issuer would count as signed by itself.
        params
            .distinguished_name
            .push(DnType::CommonName, "The authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let own_key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let settings = json!({
            "certificate": params.signed_by(&own_key, &authority).unwrap().pem(),
            "key": own_key.serialize_pem(),
            "authority": authority.pem(),
            "initialAccessToken": INITIAL_ACCESS_TOKEN,
        });
        let mut process = spawn();
        writeln!(process.stdin.as_mut().unwrap(), "{settings}").unwrap();
        let printed = BufReader::new(process.stdout.take().unwrap()).lines();
        let issuer = printed
            .map(|line| line.unwrap())
            .find_map(|line| Some(line.strip_prefix("issuer ")?.to_owned()));
        let issuer = issuer.unwrap_or_else(|| panic!("oidc-provider did not start: see {}", log().display()));
        Self {
            issuer,
            authority,
            _process: process,
        }
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Who signs the certificates that the server trusts.
    pub(crate) fn authority(&self) -> &CertifiedIssuer<'static, KeyPair> {
        &self.authority
    }

    pub(crate) fn builder(&self, client_id: &str) -> ClientBuilder {
        Client::builder(&self.issuer, client_id).trust_anchors(self.authority.pem().as_bytes())
    }

    /// An HTTP client that trusts the server's certificate and no other.
    pub(crate) fn http(&self) -> reqwest::ClientBuilder {
        let certificate = reqwest::Certificate::from_pem(self.authority.pem().as_bytes()).unwrap();
        reqwest::Client::builder()
            .tls_certs_only([certificate])
            .no_proxy()
    }

    /// Somebody with an account, and a browser without cookies.
    pub(crate) fn person(&self, username: &str) -> Person {
        Person::with(
            self.http(),
            &self.issuer,
            username,
            &format!("{username}-password"),
        )
    }

    /// Tells the server something that no client could: what a user answers elsewhere, that a token is over.
    pub(crate) async fn tell(&self, what: &str) {
        let url = format!("{}/{what}", self.issuer);
        let answer = self.http().build().unwrap().post(url).send().await.unwrap();
        answer.error_for_status().unwrap();
    }

    /// Registers a client that may do what a login takes, with these members in addition or in place of others.
    pub(crate) async fn register(&self, more: Value) -> Result<RegisteredClient, Error> {
        let mut wanted = json!({
            "redirect_uris": [REDIRECT_URI],
            "grant_types": ["authorization_code", "refresh_token"],
            "scope": "openid offline_access profile email read",
        });
        for (name, value) in more.as_object().unwrap() {
            wanted[name] = value.clone();
        }
        let builder = self.builder("unregistered");
        let provider = builder.clone().discover().await?.metadata().clone();
        let token = Secret::new(INITIAL_ACCESS_TOKEN);
        builder.register(&provider, &wanted, Some(&token)).await
    }

    /// A client that has just registered itself, with the secret that it was given.
    pub(crate) async fn registered(&self, more: Value) -> ClientBuilder {
        let registered = self.register(more).await.unwrap();
        self.builder(&registered.client_id)
            .authentication(registered.authentication())
            .redirect_uri(REDIRECT_URI)
    }

    /// A client that has just registered itself, and needs no secret or has one of its own.
    pub(crate) async fn with(&self, authentication: ClientAuthentication, more: Value) -> ClientBuilder {
        self.registered(more).await.authentication(authentication)
    }
}

fn spawn() -> Child {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/oidc-provider");
    let packages = folder.join("node_modules");
    assert!(
        packages.exists(),
        "{} is missing: run `cargo xtask test`, which installs it",
        packages.display()
    );
    let child = Command::new("node")
        .arg("peer.js")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(File::create(log()).unwrap())
        .spawn();
    child.unwrap_or_else(|error| panic!("node does not start: {error}"))
}

/// Where it says what went wrong.
fn log() -> std::path::PathBuf {
    Suite::target_folder().join("oidc-provider.log")
}
