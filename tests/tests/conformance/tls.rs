//! The listener, spoken to with handshakes that no library of today offers any more.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ProtocolVersion, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::provider::Provider;

/// An answer has to come; a connection that hangs is no refusal.
const PATIENCE: Duration = Duration::from_secs(10);
const TLS_1_0: [u8; 2] = [3, 1];
const TLS_1_1: [u8; 2] = [3, 2];
const TLS_1_2: [u8; 2] = [3, 3];
/// With forward secrecy and authenticated encryption, for a certificate of ECDSA: AES-GCM and ChaCha20.
const STRONG: [u16; 3] = [0xc02b, 0xc02c, 0xcca9];
/// RSA key exchange, CBC, RC4, 3DES, DHE, no encryption at all.
const WEAK: [u16; 12] = [
    0x002f, 0x0035, 0x009c, 0x009d, 0xc009, 0xc00a, 0xc023, 0xc013, 0x0005, 0x000a, 0x009e, 0x0001,
];
const PROTOCOL_VERSION: u8 = 70;
const HANDSHAKE_FAILURE: u8 = 40;

/// What the server says to a first message.
#[derive(Debug, PartialEq, Eq)]
enum Reply {
    /// A fatal alert with this description.
    Alert(u8),
    /// It goes on, with this version.
    Hello([u8; 2]),
    /// The connection ended without a word.
    Ended,
}

async fn say(provider: &Provider, version: [u8; 2], ciphers: &[u16]) -> Reply {
    let exchange = async {
        let mut stream = TcpStream::connect(provider.server.address()).await.unwrap();
        stream.write_all(&client_hello(version, ciphers)).await.unwrap();
        let mut head = [0_u8; 11];
        match stream.read(&mut head).await {
            Ok(0) | Err(_) => Reply::Ended,
            Ok(_) if head[0] == 21 => {
                assert_eq!(head[5], 2, "the alert is fatal");
                Reply::Alert(head[6])
            }
            Ok(_) => {
                assert_eq!((head[0], head[5]), (22, 2), "a ServerHello");
                Reply::Hello([head[9], head[10]])
            }
        }
    };
    timeout(PATIENCE, exchange)
        .await
        .unwrap_or_else(|_| panic!("it hangs on {version:?} {ciphers:x?}"))
}

/// RFC 5246 7.4.1.2: a ClientHello that offers one version and these ciphers.
fn client_hello(version: [u8; 2], ciphers: &[u16]) -> Vec<u8> {
    let extension = |kind: u16, body: &[u8]| [&kind.to_be_bytes()[..], &vector(body)].concat();
    let name = [&[0][..], &vector(b"localhost")].concat();
    let extensions = [
        extension(0, &vector(&name)),
        // X25519 and P-256; uncompressed points; ECDSA and RSA with SHA-256, and RSA and ECDSA with SHA-1.
        extension(10, &vector(&[0, 29, 0, 23])),
        extension(11, &[1, 0]),
        extension(13, &vector(&[4, 3, 8, 4, 4, 1, 2, 1, 2, 3])),
    ]
    .concat();
    let suites: Vec<u8> = ciphers.iter().flat_map(|cipher| cipher.to_be_bytes()).collect();
    let hello = [
        &version[..],
        &[7; 32],
        &[0],
        &vector(&suites),
        &[1, 0],
        &vector(&extensions),
    ]
    .concat();
    let length = u32::try_from(hello.len()).unwrap().to_be_bytes();
    let handshake = [&[1][..], &length[1..], &hello].concat();
    [&[22, 3, 1][..], &vector(&handshake)].concat()
}

/// With its length of two octets in front.
fn vector(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    [&length.to_be_bytes()[..], bytes].concat()
}

async fn lenient() -> Provider {
    Provider::with("tls_minimum = \"1.2\"").await
}

#[tokio::test]
async fn old_versions_are_refused_with_an_alert() {
    let all = [&STRONG[..], &WEAK].concat();
    for provider in [Provider::start().await, lenient().await] {
        for version in [TLS_1_0, TLS_1_1] {
            let reply = say(&provider, version, &all).await;
            assert_eq!(reply, Reply::Alert(PROTOCOL_VERSION), "{version:?}");
        }
    }
}

#[tokio::test]
async fn version_1_2_is_spoken_where_it_is_set() {
    let reply = say(&Provider::start().await, TLS_1_2, &STRONG).await;
    assert_eq!(reply, Reply::Alert(PROTOCOL_VERSION));
    let provider = lenient().await;
    for cipher in STRONG {
        let reply = say(&provider, TLS_1_2, &[cipher]).await;
        assert_eq!(reply, Reply::Hello(TLS_1_2), "{cipher:x}");
    }
}

#[tokio::test]
async fn weak_ciphers_are_refused() {
    let provider = lenient().await;
    for cipher in WEAK {
        let reply = say(&provider, TLS_1_2, &[cipher]).await;
        assert_eq!(reply, Reply::Alert(HANDSHAKE_FAILURE), "{cipher:x}");
    }
    assert_eq!(
        say(&provider, TLS_1_2, &WEAK).await,
        Reply::Alert(HANDSHAKE_FAILURE)
    );
}

#[tokio::test]
async fn the_newest_version_is_preferred() {
    let provider = lenient().await;
    let certificate = CertificateDer::from_pem_slice(provider.server.certificate().as_bytes());
    let mut roots = RootCertStore::empty();
    roots.add(certificate.unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(provider.server.address()).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap();
    assert_eq!(
        stream.get_ref().1.protocol_version(),
        Some(ProtocolVersion::TLSv1_3)
    );
}
