//! The certificate that the server speaks TLS with: read at start, and read again when its files change, so that a renewed
//! one is used without a restart.

use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::{Duration, SystemTime};

use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::{TlsFiles, TlsMinimum};
use crate::output::CommandError;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The certificate and its key, as they were last read.
#[derive(Debug)]
pub(crate) struct Certificates {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    // A lock and not a swap: handshakes are rare beside what they cost, and it is held for a clone alone.
    current: RwLock<Arc<CertifiedKey>>,
}

impl Certificates {
    /// Reads the files.
    ///
    /// # Errors
    /// When they cannot be read, or the key is not the certificate's.
    pub(crate) fn open(files: &TlsFiles) -> Result<Arc<Self>, CommandError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let current = RwLock::new(read(files, &provider)?);
        Ok(Arc::new(Self {
            files: files.clone(),
            provider,
            current,
        }))
    }

    /// What the listener speaks: TLS 1.3, and 1.2 only where it was allowed.
    ///
    /// # Errors
    /// When the versions cannot be had.
    pub(crate) fn config(self: &Arc<Self>) -> Result<Arc<rustls::ServerConfig>, CommandError> {
        let versions: &[&rustls::SupportedProtocolVersion] = match self.files.minimum {
            TlsMinimum::Tls13 => &[&rustls::version::TLS13],
            TlsMinimum::Tls12 => &[&rustls::version::TLS13, &rustls::version::TLS12],
        };
        let mut config = rustls::ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(versions)
            .map_err(|error| CommandError::caused_by("TLS cannot be set up", &error))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Reads the files again whenever one of them has changed. What cannot be used leaves the old certificate in use: the
    /// two files are seldom replaced in the same instant.
    pub(crate) async fn follow(self: Arc<Self>) {
        let mut seen = self.changed_at();
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        loop {
            ticks.tick().await;
            let now = self.changed_at();
            if now == seen {
                continue;
            }
            match read(&self.files, &self.provider) {
                Ok(renewed) => {
                    seen = now;
                    *self
                        .current
                        .write()
                        .unwrap_or_else(std::sync::PoisonError::into_inner) = renewed;
                    tracing::info!("the TLS certificate was read again");
                }
                Err(error) => {
                    tracing::warn!(%error, "the changed TLS certificate cannot be used; the old one stays")
                }
            }
        }
    }

    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        [&self.files.certificate, &self.files.private_key].map(|path| {
            std::fs::metadata(path)
                .and_then(|metadata| metadata.modified())
                .ok()
        })
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self
            .current
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        Some(Arc::clone(&current))
    }
}

fn read(files: &TlsFiles, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, CommandError> {
    let broken = |path: &Path, error: &dyn std::error::Error| {
        CommandError::caused_by(&format!("{} cannot be used", path.display()), error)
    };
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| broken(&files.certificate, &error))?;
    let key = PrivateKeyDer::from_pem_file(&files.private_key)
        .map_err(|error| broken(&files.private_key, &error))?;
    let key =
        CertifiedKey::from_der(chain, key, provider).map_err(|error| broken(&files.certificate, &error))?;
    Ok(Arc::new(key))
}
