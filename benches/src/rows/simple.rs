//! The rows whose request is always the same.

use super::report::Line;
use super::{Options, median, repeated, same};
use crate::Failed;
use crate::data::basic;
use crate::load::Pace;
use crate::process::Server;
use crate::script::{RefreshChain, member};
use crate::wire::{Connection, form, get};

/// Tokens to ask about.
pub(super) struct Tokens {
    opaque: String,
    jwt: String,
    user: String,
}

impl Tokens {
    pub(super) async fn fetch(server: &Server, codes: &mut Vec<String>) -> Result<Self, Failed> {
        let mut connection = Connection::open(server.address).await?;
        let mut issued = Vec::new();
        for client in ["opaque", "es256"] {
            let answer = connection.exchange(&client_credentials(client)).await?;
            issued.push(member(answer.body, "access_token")?);
        }
        let code = codes.pop().ok_or_else(|| Failed::new("no code left"))?;
        let (_, user) = RefreshChain::begin(&mut connection, &code).await?;
        let (jwt, opaque) = (issued.pop().unwrap_or_default(), issued.pop().unwrap_or_default());
        Ok(Self { opaque, jwt, user })
    }
}

pub(super) fn client_credentials(client: &str) -> Vec<u8> {
    let fields = [("grant_type", "client_credentials"), ("scope", "read write")];
    form("/oauth/token", &[("authorization", &basic(client))], &fields)
}

/// A client narrows a token of its own to one service.
fn exchange(token: &str) -> Vec<u8> {
    let fields = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", token),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("audience", "files"),
        ("scope", "read"),
    ];
    form("/oauth/token", &[("authorization", &basic("es256"))], &fields)
}

/// A row whose request is always the same.
pub(super) struct SimpleRow {
    pub(super) name: &'static str,
    pub(super) request: Vec<u8>,
    /// The path of the bare handler; `{}` becomes the length of the answer.
    pub(super) bare: &'static str,
    /// The status that every answer has.
    pub(super) status: u16,
    /// The share of the ceiling to reach.
    pub(super) target: f64,
}

pub(super) fn simple_rows(tokens: &Tokens) -> Vec<SimpleRow> {
    let introspect = |client: &str, token: &str| {
        form(
            "/oauth/introspect",
            &[("authorization", &basic(client))],
            &[("token", token)],
        )
    };
    let bearer = format!("Bearer {}", tokens.user);
    let row = |name, request, bare, target| SimpleRow {
        name,
        request,
        bare,
        status: 200,
        target,
    };
    let mut rows = [
        ("client credentials, ES256", "es256", "/sign/ES256"),
        ("client credentials, EdDSA", "eddsa", "/sign/EdDSA"),
        ("client credentials, RS256", "rs256", "/sign/RS256"),
    ]
    .map(|(name, client, bare)| row(name, client_credentials(client), bare, 0.7))
    .into_iter()
    .collect::<Vec<_>>();
    rows.extend([
        row("token exchange", exchange(&tokens.jwt), "/exchange", 0.6),
        row(
            "introspection, opaque",
            introspect("opaque", &tokens.opaque),
            "/json/{}",
            0.5,
        ),
        row(
            "introspection, JWT",
            introspect("es256", &tokens.jwt),
            "/verify/{}",
            0.7,
        ),
        row(
            "userinfo",
            get("/oauth/userinfo", &[("authorization", &bearer)]),
            "/verify/{}",
            0.6,
        ),
        row(
            "discovery",
            get("/.well-known/openid-configuration", &[]),
            "/json/{}",
            0.85,
        ),
        row("JWKS", get("/oauth/jwks.json", &[]), "/json/{}", 0.85),
    ]);
    rows
}

/// The same request with another path: the bare handler reads what the server reads.
fn at_path(request: &[u8], path: &str) -> Result<Vec<u8>, Failed> {
    let mut parts = request.splitn(3, |byte| *byte == b' ');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(method), Some(_), Some(rest)) => Ok([method, path.as_bytes(), rest].join(&b' ')),
        _ => Err(Failed::new("a request without a request line")),
    }
}

pub(super) async fn compare(
    options: &Options,
    server: &Server,
    bare: &Server,
    row: &SimpleRow,
    connections: usize,
) -> Result<Line, Failed> {
    eprintln!("{}, {connections} connections", row.name);
    let mut connection = Connection::open(server.address).await?;
    let answer = connection.exchange(&row.request).await?;
    if answer.status != row.status {
        return Err(Failed(format!(
            "{}: {} {}",
            row.name,
            answer.status,
            String::from_utf8_lossy(answer.body)
        )));
    }
    let path = row.bare.replace("{}", &answer.body.len().to_string());
    let ceiling_request = at_path(&row.request, &path)?;
    let (mut own, mut ceiling) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        own.push(
            repeated(
                options,
                server,
                (&row.request, row.status),
                connections,
                Pace::Closed,
            )
            .await?,
        );
        ceiling.push(same(options, bare, &ceiling_request, connections, Pace::Closed).await?);
    }
    let (own, ceiling) = (median(own), median(ceiling));
    let open = repeated(
        options,
        server,
        (&row.request, row.status),
        connections,
        Pace::Open(own.0.rate * 0.5),
    )
    .await?
    .0;
    Ok(Line::new(
        row.name,
        connections,
        row.target,
        own,
        ceiling,
        Some(open),
    ))
}
