//! Devices, pushed requests, clients that sign, and the code flow from its beginning to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use grantor_jose::{SigningKey, Type};
use serde_json::json;

use super::{Line, SimpleRow, median, now, timed};
use crate::data::{self, basic};
use crate::load::{Pace, Script};
use crate::process::Server;
use crate::script::{CHALLENGE, CodeFlow, EachNew, member};
use crate::wire::{Connection, form};
use crate::{Failed, Options};

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
        ("code_challenge", CHALLENGE),
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

/// The rows in which each request is signed anew.
pub(super) const SIGNED: [SignedRow; 2] = [
    // A new proof for each token. The ceiling verifies the same proofs and signs the same tokens, and remembers nothing.
    SignedRow {
        name: "client credentials, DPoP",
        bare: "/bound",
        request: bound,
    },
    // A new assertion for each token. The ceiling verifies the same assertions and signs the same tokens, and writes down
    // durably that an assertion is used.
    SignedRow {
        name: "client credentials, private_key_jwt, durable",
        bare: "/asserted",
        request: asserted,
    },
];

/// A row in which each request is signed anew.
pub(super) struct SignedRow {
    pub(super) name: &'static str,
    bare: &'static str,
    request: fn(&SigningKey, &str, u64) -> Result<Vec<u8>, Failed>,
}

/// How many were made: the key is the same in every run, and what is signed with it has to be new.
static MADE: AtomicU64 = AtomicU64::new(0);

/// Measures such a row.
pub(super) async fn signed(
    options: &Options,
    server: &Server,
    bare: &Server,
    row: &SignedRow,
    connections: usize,
) -> Result<Line, Failed> {
    eprintln!("{}, {connections} connections", row.name);
    let scripts = |path: &'static str| -> Result<Vec<Box<dyn Script>>, Failed> {
        let request = row.request;
        let make = Arc::new(move || request(data::signer()?, path, MADE.fetch_add(1, Ordering::Relaxed)));
        let script = |_| Ok(Box::new(EachNew::begin(&make)?) as Box<dyn Script>);
        (0..connections).map(script).collect()
    };
    let (mut own, mut ceiling) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        own.push(timed(options, server, scripts("/oauth/token")?, Pace::Closed).await?);
        ceiling.push(timed(options, bare, scripts(row.bare)?, Pace::Closed).await?);
    }
    let (own, ceiling) = (median(own), median(ceiling));
    Ok(Line::new(row.name, connections, 0.6, own, ceiling, None))
}

fn bound(key: &SigningKey, path: &str, number: u64) -> Result<Vec<u8>, Failed> {
    let claims = json!({
        "jti": format!("{number:016x}"),
        "htm": "POST",
        "htu": format!("{ISSUER}{path}"),
        "iat": now()?.as_seconds(),
    });
    let proof = key.sign(Type::Dpop, &claims).map_err(Failed::of)?;
    let headers = [("authorization", basic("es256")), ("dpop", proof)];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let fields = [("grant_type", "client_credentials"), ("scope", "read write")];
    Ok(form(path, &headers, &fields))
}

fn asserted(key: &SigningKey, path: &str, number: u64) -> Result<Vec<u8>, Failed> {
    let now = now()?.as_seconds();
    let claims = json!({
        "iss": data::SIGNING_CLIENT,
        "sub": data::SIGNING_CLIENT,
        "aud": ISSUER,
        "jti": format!("{number:016x}"),
        "iat": now,
        "exp": now + 60,
    });
    let assertion = key
        .sign(Type::ClientAuthentication, &claims)
        .map_err(Failed::of)?;
    let fields = [
        ("grant_type", "client_credentials"),
        ("scope", "read write"),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", &assertion),
    ];
    Ok(form(path, &[], &fields))
}

/// The name of the row of the code flow.
pub(super) const CODE_FLOW: &str = "code flow with a session, durable";

/// Authorization request, redemption, userinfo, again and again by people who are signed in. The ceiling keeps what was
/// asked for, moves a row when the code is redeemed and signs two tokens, verifies one for userinfo. Each request counts.
pub(super) async fn code_flow(
    options: &Options,
    server: &Server,
    bare: &Server,
    connections: usize,
) -> Result<Line, Failed> {
    eprintln!("{CODE_FLOW}, {connections} connections");
    let (mut own, mut ceiling) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        let mut connection = Connection::open(server.address).await?;
        let mut flows: Vec<Box<dyn Script>> = Vec::new();
        let mut beside: Vec<Box<dyn Script>> = Vec::new();
        for user in 0..connections {
            let flow = CodeFlow::begin(&mut connection, user).await?;
            beside.push(Box::new(flow.bare()));
            flows.push(Box::new(flow));
        }
        own.push(timed(options, server, flows, Pace::Closed).await?);
        ceiling.push(timed(options, bare, beside, Pace::Closed).await?);
    }
    let (own, ceiling) = (median(own), median(ceiling));
    Ok(Line::new(CODE_FLOW, connections, 0.5, own, ceiling, None))
}
