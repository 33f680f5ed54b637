//! Devices, pushed requests, and tokens that are bound to a key.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use grantor_jose::{SigningKey, Type};
use grantor_types::SigningAlgorithm;
use serde_json::json;

use super::{Line, SimpleRow, median, now, timed};
use crate::data::basic;
use crate::load::{Pace, Script};
use crate::process::Server;
use crate::script::member;
use crate::wire::{Connection, form};
use crate::{Failed, Options};

/// The name of the row of bound tokens.
pub(super) const BOUND: &str = "client credentials, DPoP";
/// The issuer that the server is configured with.
const ISSUER: &str = "https://bench.example";

/// The rows whose request is always the same.
pub(super) async fn rows(server: &Server) -> Result<Vec<SimpleRow>, Failed> {
    let mut connection = Connection::open(server.address).await?;
    let ask = form(
        "/oauth/device/code",
        &[("authorization", &basic("app"))],
        &[("scope", "read")],
    );
    let code = member(connection.exchange(&ask).await?.body, "device_code")?;
    let poll = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", code.as_str()),
    ];
    let push = [
        ("response_type", "code"),
        ("redirect_uri", "https://app.example/cb"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("scope", "openid read"),
        ("state", "af0ifjsldkj"),
    ];
    Ok(vec![
        // Nobody answers, and the poll is early: what a crowd of impatient devices costs.
        SimpleRow {
            name: "device polling",
            request: form("/oauth/token", &[("authorization", &basic("app"))], &poll),
            bare: "/poll/{}",
            status: 400,
            target: 0.6,
        },
        SimpleRow {
            name: "pushed requests, durable",
            request: form("/oauth/par", &[("authorization", &basic("app"))], &push),
            bare: "/push/{}",
            status: 201,
            target: 0.6,
        },
    ])
}

/// Tokens that are bound to a key, a new proof for each. The ceiling verifies the same proofs and signs the same tokens,
/// and remembers nothing.
pub(super) async fn bound(
    options: &Options,
    server: &Server,
    bare: &Server,
    connections: usize,
) -> Result<Line, Failed> {
    eprintln!("{BOUND}, {connections} connections");
    let key = SigningKey::generate(SigningAlgorithm::Es256)
        .map_err(Failed::of)?
        .0;
    let prover = Arc::new(Prover {
        key,
        made: AtomicU64::new(0),
    });
    let scripts = |path: &'static str| -> Result<Vec<Box<dyn Script>>, Failed> {
        let script = |_| {
            let prover = Arc::clone(&prover);
            let request = prover.request(path)?;
            Ok(Box::new(Proving {
                prover,
                path,
                request,
            }) as Box<dyn Script>)
        };
        (0..connections).map(script).collect()
    };
    let (mut own, mut ceiling) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        own.push(timed(options, server, scripts("/oauth/token")?, Pace::Closed).await?);
        ceiling.push(timed(options, bare, scripts("/bound")?, Pace::Closed).await?);
    }
    Ok(Line::new(
        BOUND,
        connections,
        0.6,
        median(own),
        median(ceiling),
        None,
    ))
}

/// Makes proofs.
struct Prover {
    key: SigningKey,
    made: AtomicU64,
}

impl Prover {
    fn request(&self, path: &str) -> Result<Vec<u8>, Failed> {
        let claims = json!({
            "jti": format!("{:016x}", self.made.fetch_add(1, Ordering::Relaxed)),
            "htm": "POST",
            "htu": format!("{ISSUER}{path}"),
            "iat": now()?.as_seconds(),
        });
        let proof = self.key.sign(Type::Dpop, &claims).map_err(Failed::of)?;
        let headers = [("authorization", basic("es256")), ("dpop", proof)];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let fields = [("grant_type", "client_credentials"), ("scope", "read write")];
        Ok(form(path, &headers, &fields))
    }
}

/// Asks again and again, each time with a new proof.
struct Proving {
    prover: Arc<Prover>,
    path: &'static str,
    request: Vec<u8>,
}

impl Script for Proving {
    fn request(&mut self) -> &[u8] {
        &self.request
    }

    fn answer(&mut self, status: u16, body: &[u8]) -> Result<(), Failed> {
        if status != 200 {
            let body = String::from_utf8_lossy(body);
            return Err(Failed(format!("{}: {status} {body}", self.path)));
        }
        self.request = self.prover.request(self.path)?;
        Ok(())
    }
}
