//! What can be said about a client on the command line, for `create` and `update` alike.

use clap::{Args, ValueEnum};
use grantor_jose::Jwks;
use grantor_protocol::record::{ConsentRule, IntrospectionRight, Lifetimes, Links};
use grantor_server::admin::ClientDocument;
use grantor_types::{
    ApplicationType, ClientAuthMethod, GrantType, Origin, RedirectUri, Resource, Scope, Seconds,
    SigningAlgorithm, TokenFormat, WebUri,
};

use crate::argument::{duration, text};

/// The members of a registration. Lists replace what was there.
#[derive(Clone, Debug, Args)]
pub(super) struct Registration {
    /// The name that people see on the consent page.
    #[arg(long)]
    name: Option<String>,
    /// web or native.
    #[arg(long, value_name = "TYPE", value_parser = text::<ApplicationType>)]
    application_type: Option<ApplicationType>,
    /// A way to authenticate: client_secret_basic, client_secret_post, client_secret_jwt or private_key_jwt. The first two
    /// when absent. Repeat it for more.
    #[arg(long = "authentication-method", value_name = "METHOD", value_parser = text::<ClientAuthMethod>)]
    authentication_methods: Vec<ClientAuthMethod>,
    /// A grant it may use: authorization_code, client_credentials, refresh_token. Repeat it for more.
    #[arg(long = "grant-type", value_name = "GRANT", value_parser = text::<GrantType>)]
    grant_types: Vec<GrantType>,
    /// Where authorization responses may go, compared exactly. Repeat it for more.
    #[arg(long = "redirect-uri", value_name = "URI", value_parser = text::<RedirectUri>)]
    redirect_uris: Vec<RedirectUri>,
    /// A web origin whose scripts may read answers. Repeat it for more.
    #[arg(long = "origin", value_name = "ORIGIN", value_parser = text::<Origin>)]
    origins: Vec<Origin>,
    /// The scopes it may ask for, separated by spaces.
    #[arg(long, value_parser = text::<Scope>)]
    scope: Option<Scope>,
    /// A resource server that it may ask tokens for. Repeat it for more.
    #[arg(long = "audience", value_name = "RESOURCE", value_parser = text::<Resource>)]
    audiences: Vec<Resource>,
    /// Which tokens it may introspect: own or all.
    #[arg(long, value_name = "WHICH", value_parser = text::<IntrospectionRight>)]
    introspection: Option<IntrospectionRight>,
    /// Whether people are asked before it gets access: ask or implied.
    #[arg(long, value_name = "RULE", value_parser = text::<ConsentRule>)]
    consent: Option<ConsentRule>,
    /// Whether all its access tokens have to be bound to a key (RFC 9449): true or false.
    #[arg(long, value_name = "BOOLEAN")]
    dpop_bound_access_tokens: Option<bool>,
    /// Whether its authorization requests have to be pushed (RFC 9126): true or false.
    #[arg(long, value_name = "BOOLEAN")]
    require_pushed_authorization_requests: Option<bool>,
    /// Whether it may make personal access tokens for the people it acts for: true or false.
    #[arg(long, value_name = "BOOLEAN")]
    personal_access_tokens: Option<bool>,
    /// Where its public keys are, for private_key_jwt.
    #[arg(long, value_name = "URI", value_parser = text::<WebUri>, conflicts_with = "jwks_file")]
    jwks_uri: Option<WebUri>,
    /// A file with its public keys, a JWK set, for private_key_jwt.
    #[arg(long, value_name = "FILE", value_parser = jwks_file)]
    jwks_file: Option<Jwks>,
    /// The one algorithm that its assertions may be signed with.
    #[arg(long, value_name = "ALGORITHM")]
    token_endpoint_auth_signing_alg: Option<String>,
    #[command(flatten)]
    tokens: Tokens,
    #[command(flatten)]
    links: LinkArguments,
}

#[derive(Clone, Debug, Args)]
struct Tokens {
    /// Form of its access tokens: jwt or opaque.
    #[arg(long, value_name = "FORMAT", value_parser = text::<TokenFormat>)]
    access_token_format: Option<TokenFormat>,
    /// Signature of its access tokens: ES256, EdDSA, PS256 or RS256.
    #[arg(long, value_name = "ALGORITHM", value_parser = text::<SigningAlgorithm>)]
    access_token_algorithm: Option<SigningAlgorithm>,
    /// Signature of its ID tokens: ES256, EdDSA, PS256 or RS256.
    #[arg(long, value_name = "ALGORITHM", value_parser = text::<SigningAlgorithm>)]
    id_token_algorithm: Option<SigningAlgorithm>,
    /// Life of its access tokens, such as 15m.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    access_token_lifetime: Option<Seconds>,
    /// Life of its refresh tokens that are not used, such as 14d.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    refresh_token_lifetime: Option<Seconds>,
    /// Life of its ID tokens, such as 10m.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    id_token_lifetime: Option<Seconds>,
    /// How long a rotated refresh token of a public client still answers with the same successor; 0 switches it off.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    refresh_replay_window: Option<Seconds>,
}

#[derive(Clone, Debug, Args)]
struct LinkArguments {
    /// Its home page.
    #[arg(long, value_name = "URI", value_parser = text::<WebUri>)]
    client_uri: Option<WebUri>,
    /// Its logo, for the login and consent pages.
    #[arg(long, value_name = "URI", value_parser = text::<WebUri>)]
    logo_uri: Option<WebUri>,
    /// What it does with data.
    #[arg(long, value_name = "URI", value_parser = text::<WebUri>)]
    policy_uri: Option<WebUri>,
    /// Its terms of service.
    #[arg(long, value_name = "URI", value_parser = text::<WebUri>)]
    tos_uri: Option<WebUri>,
}

/// A member that can be emptied, so that policy holds again or the list has nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the variants are the names of the flags")]
pub(super) enum Clearable {
    RedirectUris,
    Origins,
    Scope,
    Audiences,
    AccessTokenFormat,
    AccessTokenAlgorithm,
    IdTokenAlgorithm,
    AccessTokenLifetime,
    RefreshTokenLifetime,
    IdTokenLifetime,
    RefreshReplayWindow,
    ClientUri,
    LogoUri,
    PolicyUri,
    TosUri,
}

impl Registration {
    /// Writes what was named into the record and leaves the rest.
    pub(super) fn write_to(&self, client: &mut ClientDocument) {
        set(&mut client.name, self.name.as_ref());
        set(&mut client.application_type, self.application_type.as_ref());
        set_list(&mut client.authentication_methods, &self.authentication_methods);
        set_list(&mut client.grant_types, &self.grant_types);
        set_list(&mut client.redirect_uris, &self.redirect_uris);
        set_list(&mut client.origins, &self.origins);
        set(&mut client.scope, self.scope.as_ref());
        set_list(&mut client.audiences, &self.audiences);
        set(&mut client.introspection, self.introspection.as_ref());
        set(&mut client.consent, self.consent.as_ref());
        set(
            &mut client.dpop_bound_access_tokens,
            self.dpop_bound_access_tokens.as_ref(),
        );
        set(
            &mut client.require_pushed_authorization_requests,
            self.require_pushed_authorization_requests.as_ref(),
        );
        set(
            &mut client.personal_access_tokens,
            self.personal_access_tokens.as_ref(),
        );
        if self.jwks_uri.is_some() || self.jwks_file.is_some() {
            client.metadata.jwks_uri.clone_from(&self.jwks_uri);
            client.metadata.jwks.clone_from(&self.jwks_file);
        }
        set_option(
            &mut client.metadata.token_endpoint_auth_signing_alg,
            self.token_endpoint_auth_signing_alg.as_ref(),
        );
        self.tokens.write_to(client);
        self.links.write_to(&mut client.links);
    }
}

impl Tokens {
    fn write_to(&self, client: &mut ClientDocument) {
        let Lifetimes {
            access_token,
            refresh_token,
            id_token,
            refresh_replay_window,
        } = &mut client.lifetimes;
        set_option(&mut client.access_token_format, self.access_token_format.as_ref());
        set_option(
            &mut client.access_token_algorithm,
            self.access_token_algorithm.as_ref(),
        );
        set_option(&mut client.id_token_algorithm, self.id_token_algorithm.as_ref());
        set_option(access_token, self.access_token_lifetime.as_ref());
        set_option(refresh_token, self.refresh_token_lifetime.as_ref());
        set_option(id_token, self.id_token_lifetime.as_ref());
        set_option(refresh_replay_window, self.refresh_replay_window.as_ref());
    }
}

impl LinkArguments {
    fn write_to(&self, links: &mut Links) {
        set_option(&mut links.client_uri, self.client_uri.as_ref());
        set_option(&mut links.logo_uri, self.logo_uri.as_ref());
        set_option(&mut links.policy_uri, self.policy_uri.as_ref());
        set_option(&mut links.tos_uri, self.tos_uri.as_ref());
    }
}

impl Clearable {
    /// Empties the member.
    pub(super) fn clear(self, client: &mut ClientDocument) {
        match self {
            Self::RedirectUris => client.redirect_uris.clear(),
            Self::Origins => client.origins.clear(),
            Self::Scope => client.scope = Scope::default(),
            Self::Audiences => client.audiences.clear(),
            Self::AccessTokenFormat => client.access_token_format = None,
            Self::AccessTokenAlgorithm => client.access_token_algorithm = None,
            Self::IdTokenAlgorithm => client.id_token_algorithm = None,
            Self::AccessTokenLifetime => client.lifetimes.access_token = None,
            Self::RefreshTokenLifetime => client.lifetimes.refresh_token = None,
            Self::IdTokenLifetime => client.lifetimes.id_token = None,
            Self::RefreshReplayWindow => client.lifetimes.refresh_replay_window = None,
            Self::ClientUri => client.links.client_uri = None,
            Self::LogoUri => client.links.logo_uri = None,
            Self::PolicyUri => client.links.policy_uri = None,
            Self::TosUri => client.links.tos_uri = None,
        }
    }
}

fn jwks_file(path: &str) -> Result<Jwks, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| format!("it is no JWK set: {error}"))
}

fn set<T: Clone>(member: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        member.clone_from(value);
    }
}

fn set_option<T: Clone>(member: &mut Option<T>, value: Option<&T>) {
    if value.is_some() {
        *member = value.cloned();
    }
}

fn set_list<T: Clone>(member: &mut Vec<T>, values: &[T]) {
    if !values.is_empty() {
        *member = values.to_vec();
    }
}
