//! Connections: where to, with TLS or without, and how many.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::TIMEOUT;
use super::failure::Failure;

const CONNECTIONS: usize = 4;
/// For each address that a host has.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What each connection is told first. A write that was answered survives a crash of the database whatever its default is, and
/// of two that write at once the second looks again and fails by its guard, not by an error.
const SESSION: &str = "
    SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET statement_timeout = '10s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// Connections that are made when they are needed, with this TLS or that of the system.
pub(super) fn pool(url: &str, tls: Option<ClientConfig>) -> Result<Pool, Failure> {
    let config = read(url)?;
    // The test asks the database, so that what is handed out after it was away is not a connection to what it was.
    let managed = ManagerConfig {
        recycling_method: RecyclingMethod::Verified,
    };
    let manager = match (config.get_ssl_mode(), tls) {
        (SslMode::Disable, _) => Manager::from_config(config, NoTls, managed),
        (_, Some(tls)) => Manager::from_config(config, MakeRustlsConnect::new(tls), managed),
        (_, None) => Manager::from_config(config, MakeRustlsConnect::new(system_tls()?), managed),
    };
    let told = Hook::async_fn(|connection, _| {
        Box::pin(async move {
            let told = connection.batch_execute(SESSION).await;
            told.map_err(HookError::Backend)
        })
    });
    Pool::builder(manager)
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(TIMEOUT))
        .create_timeout(Some(TIMEOUT))
        .recycle_timeout(Some(TIMEOUT))
        .post_create(told)
        .build()
        .map_err(|error| Failure::from(error.to_string()))
}

/// Reads a URL, and decides about TLS where it does not say.
fn read(url: &str) -> Result<Config, Failure> {
    // Its own error may quote what it stumbled on, and that may be the password.
    let mut config: Config = url.parse().map_err(|_| {
        "the URL cannot be read: it is postgresql://USER:PASSWORD@HOST:PORT/DATABASE?OPTION=VALUE, with other letters and \
         digits than those of URLs written as %40; sslmode is require, which checks the certificate, or disable"
    })?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err("the URL names no host; a socket is host=%2Fvar%2Frun%2Fpostgresql".into());
    }
    if config.get_ssl_mode() == SslMode::Prefer {
        let is_here =
            config.get_hosts().iter().all(is_here) && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
        config.ssl_mode(if is_here {
            SslMode::Disable
        } else {
            SslMode::Require
        });
    }
    config.connect_timeout(CONNECT_TIMEOUT);
    if config.get_application_name().is_none() {
        config.application_name("grantor-vault");
    }
    Ok(config)
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// The certificate authorities of the system, or of the file that `SSL_CERT_FILE` names.
fn system_tls() -> Result<ClientConfig, Failure> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verified = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_platform_verifier());
    match verified {
        Ok(builder) => Ok(builder.with_no_client_auth()),
        Err(error) => Err(format!(
            "no certificate authorities can be read ({error}); SSL_CERT_FILE names a file"
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_required_unless_the_url_says_otherwise() {
        for (url, mode) in [
            ("postgresql://u:p@db.example/v", SslMode::Require),
            ("postgresql://u:p@db.example/v?sslmode=prefer", SslMode::Require),
            ("postgresql://u:p@db.example/v?sslmode=disable", SslMode::Disable),
            ("postgresql://u:p@localhost,db.example/v", SslMode::Require),
            (
                "postgresql://u:p@localhost/v?hostaddr=192.0.2.1",
                SslMode::Require,
            ),
            ("postgresql://u:p@localhost/v", SslMode::Disable),
            ("postgresql://u:p@127.0.0.1:5433/v", SslMode::Disable),
            ("postgresql://u:p@localhost/v?sslmode=require", SslMode::Require),
            ("postgresql://u@%2Frun%2Fpostgresql/v", SslMode::Disable),
            ("host=/run/postgresql user=u dbname=v", SslMode::Disable),
        ] {
            assert_eq!(read(url).unwrap().get_ssl_mode(), mode, "{url}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_repeated() {
        for url in [
            "postgresql://user:pass@s3cret@host/vault?s3cret",
            "postgresql://user:s3cret@host:port/vault",
            "postgresql://user:s3cret@host/vault?sslmode=s3cret",
            "postgresql://user:s3cret@host/vault?s3cret=1",
            "s3cret",
            "",
        ] {
            let told = read(url).unwrap_err().to_string();
            assert!(!told.contains("s3cret") && told.contains("URL"), "{url}: {told}");
        }
    }
}
