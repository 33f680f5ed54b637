//! `[server]`: who we are and where we listen.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use grantor_server::{Network, Settings};
use grantor_types::{Issuer, Profile};

use super::reader::Section;
use super::{TlsFiles, TlsMinimum};

pub(super) struct Server {
    pub(super) issuer: Option<Issuer>,
    pub(super) listen: SocketAddr,
    pub(super) tls: Option<TlsFiles>,
    pub(super) trusted_proxies: Vec<Network>,
    pub(super) metrics_from: Vec<Network>,
    pub(super) profile: Profile,
}

pub(super) fn read(section: &mut Section<'_>) -> Server {
    let issuer: Option<Issuer> = section.optional(
        "issuer",
        "The issuer identifier, https. It is the base of every address that is handed out. Required.",
    );
    // One that is there and wrong has been reported already.
    if issuer.is_none() && !section.has_problem("issuer") {
        section.problem(
            "issuer",
            "is missing; set it to the https URL that people and clients reach the server by",
        );
    }
    if issuer.as_ref().is_some_and(|issuer| !issuer.is_https()) {
        section.problem("issuer", "has to be https; http is for `grantor dev` alone");
    }
    let default_listen = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8443));
    let listen = section.setting("listen", default_listen, "The address and port to listen on.");
    let certificate: Option<PathBuf> = section.optional(
        "tls_certificate",
        "The certificate chain in PEM, when the server speaks TLS itself.",
    );
    let private_key: Option<PathBuf> =
        section.optional("tls_private_key", "The private key of the certificate in PEM.");
    let minimum = section.setting(
        "tls_minimum",
        TlsMinimum::Tls13,
        "The oldest version of TLS that is spoken: 1.3, or 1.2 for clients that have nothing newer.",
    );
    let trusted_proxies: Vec<Network> = section.setting(
        "trusted_proxies",
        Vec::new(),
        "Networks of the proxies that end TLS. Their X-Forwarded-For is believed.",
    );
    let plain = section.danger(
        "danger_plain_http",
        "Listens without TLS although no proxy is declared: passwords and tokens cross the network in the clear.",
    );
    let metrics_from = section.setting(
        "metrics_from",
        Settings::loopback(),
        "Networks that may read /metrics; for others it does not exist.",
    );
    let profile = profile(section);
    let tls = tls_files(section, (certificate, private_key), minimum);
    if tls.is_none() && trusted_proxies.is_empty() && !plain {
        section.problem(
            "tls_certificate",
            "is missing, and no proxy is declared. Set tls_certificate and tls_private_key, or trusted_proxies to the \
             network of the proxy that ends TLS",
        );
    }
    Server {
        issuer,
        listen,
        tls,
        trusted_proxies,
        metrics_from,
        profile,
    }
}

fn profile(section: &mut Section<'_>) -> Profile {
    let profile = section.setting(
        "profile",
        Profile::Oauth21,
        "The rules that clients are held to whose own profile says nothing else. With oidc a client that authenticates may do without PKCE when its registration \
         says danger_pkce_optional; those that register themselves have that at once.",
    );
    if profile == Profile::Oidc {
        section.weakness(
            "profile",
            "Clients may be registered with danger_pkce_optional: codes of theirs that leak are protected by their secret \
             alone.",
        );
    }
    profile
}

fn tls_files(
    section: &mut Section<'_>,
    files: (Option<PathBuf>, Option<PathBuf>),
    minimum: TlsMinimum,
) -> Option<TlsFiles> {
    match files {
        (Some(certificate), Some(private_key)) => Some(TlsFiles {
            certificate,
            private_key,
            minimum,
        }),
        (None, None) => None,
        (Some(_), None) => {
            section.problem("tls_private_key", "is missing, and tls_certificate is set");
            None
        }
        (None, Some(_)) => {
            section.problem("tls_certificate", "is missing, and tls_private_key is set");
            None
        }
    }
}
