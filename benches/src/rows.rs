//! The rows of the table: what is asked of the server, and what of the bare one.

mod flows;
mod logins;
mod report;
mod scale;
mod seed_load;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use grantor_types::Timestamp;

use self::report::{Line, Report};
use crate::data::{self, Amount, basic};
use crate::load::{Measured, Pace, Same, Script, run};
use crate::process::Server;
use crate::script::{RefreshChain, member};
use crate::wire::{Connection, form, get};
use crate::{Failed, Options};

/// Codes that each data set has: one for each connection and run of the refresh row, and some for tokens.
const CODES: u64 = 4_000;
const WARM_UP: Duration = Duration::from_millis(500);

/// Measures everything and prints the table.
pub(crate) async fn measure(options: &Options) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let amount = Amount {
        clients: 95,
        idle_grants: 0,
        codes: CODES,
    };
    let mut codes = data::seed(folder.path(), amount, now()?).await?;
    let mut report = Report::default();
    let server = start(options, folder.path(), &mut report).await?;
    let bare = Server::bare(folder.path()).await?;
    lines(options, &server, &bare, &mut codes, &mut report).await?;
    bare.stop().await?;
    let resident = format!("{:.1} MiB", server.resident()?);
    report.fact("resident memory, after full load", resident, "under 60 MiB");
    if options.wants("logins") {
        logins::measure(options, &server, &mut report).await?;
    }
    server.stop().await?;
    if options.wants(seed_load::NAME) {
        seed_load::measure(options, &mut report).await?;
    }
    if options.scale {
        scale::measure(options, &mut report).await?;
    }
    report.print();
    Ok(())
}

/// Starts the server for the first time and again.
async fn start(options: &Options, folder: &Path, report: &mut Report) -> Result<Server, Failed> {
    let first = Server::grantor(&options.binary, folder).await?;
    let first_start = first.ready_after;
    first.stop().await?;
    let server = Server::grantor(&options.binary, folder).await?;
    report.fact(
        "ready on the first start",
        format!("{} ms", first_start.as_millis()),
        "under 1000 ms",
    );
    report.fact(
        "ready on a restart",
        format!("{} ms", server.ready_after.as_millis()),
        "under 100 ms",
    );
    report.fact(
        "resident memory, idle",
        format!("{:.1} MiB", server.resident()?),
        "under 30 MiB",
    );
    Ok(server)
}

/// The rows that stand beside a ceiling.
async fn lines(
    options: &Options,
    server: &Server,
    bare: &Server,
    codes: &mut Vec<String>,
    report: &mut Report,
) -> Result<(), Failed> {
    let tokens = Tokens::fetch(server, codes).await?;
    let mut rows = simple_rows(&tokens);
    rows.extend(flows::rows(server).await?);
    for row in rows {
        for connections in options.connections.iter().filter(|_| options.wants(row.name)) {
            report.line(compare(options, server, bare, &row, *connections).await?);
        }
    }
    for connections in options.connections.iter().filter(|_| options.wants(flows::BOUND)) {
        report.line(flows::bound(options, server, bare, *connections).await?);
    }
    for connections in options
        .connections
        .iter()
        .filter(|_| options.wants("refresh, durable"))
    {
        report.line(refresh(options, server, bare, codes, *connections).await?);
    }
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "the edge at which the time comes in")]
pub(crate) fn now() -> Result<Timestamp, Failed> {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_err(Failed::of)?;
    Ok(Timestamp::from_seconds(since.as_secs()))
}

/// Tokens to ask about.
struct Tokens {
    opaque: String,
    jwt: String,
    user: String,
}

impl Tokens {
    async fn fetch(server: &Server, codes: &mut Vec<String>) -> Result<Self, Failed> {
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

pub(crate) fn client_credentials(client: &str) -> Vec<u8> {
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
struct SimpleRow {
    name: &'static str,
    request: Vec<u8>,
    /// The path of the bare handler; `{}` becomes the length of the answer.
    bare: &'static str,
    /// The status that every answer has.
    status: u16,
    /// The share of the ceiling to reach.
    target: f64,
}

fn simple_rows(tokens: &Tokens) -> Vec<SimpleRow> {
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

async fn compare(
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

/// A run, and the processor time that the server spent on each request, in microseconds.
type Run = (Measured, f64);

async fn same(
    options: &Options,
    server: &Server,
    request: &[u8],
    connections: usize,
    pace: Pace,
) -> Result<Run, Failed> {
    repeated(options, server, (request, 200), connections, pace).await
}

/// Sends one request again and again, whose every answer has this status.
async fn repeated(
    options: &Options,
    server: &Server,
    (request, status): (&[u8], u16),
    connections: usize,
    pace: Pace,
) -> Result<Run, Failed> {
    let request: Arc<[u8]> = request.into();
    let script = |_| {
        Box::new(Same {
            request: Arc::clone(&request),
            status,
        }) as Box<dyn Script>
    };
    timed(options, server, (0..connections).map(script).collect(), pace).await
}

pub(super) async fn timed(
    options: &Options,
    server: &Server,
    scripts: Vec<Box<dyn Script>>,
    pace: Pace,
) -> Result<Run, Failed> {
    let time = Duration::from_secs_f64(options.seconds);
    let before = server.processor_time()?;
    let measured = run(server.address, scripts, pace, WARM_UP, time).await?;
    let spent = server.processor_time()?.saturating_sub(before);
    // The warm-up is in the processor time and not in the count; at a steady rate its share is known.
    let whole = measured.rate * (time + WARM_UP).as_secs_f64();
    let each = if whole > 0.0 {
        spent.as_secs_f64() * 1e6 / whole
    } else {
        0.0
    };
    Ok((measured, each))
}

pub(super) fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by(|a, b| a.0.rate.total_cmp(&b.0.rate));
    let middle = runs.len() / 2;
    if middle < runs.len() {
        runs.swap_remove(middle)
    } else {
        (Measured::default(), 0.0)
    }
}

async fn refresh(
    options: &Options,
    server: &Server,
    bare: &Server,
    codes: &mut Vec<String>,
    connections: usize,
) -> Result<Line, Failed> {
    eprintln!("refresh, durable, {connections} connections");
    let (mut own, mut ceiling) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        let mut connection = Connection::open(server.address).await?;
        let mut scripts: Vec<Box<dyn Script>> = Vec::new();
        for _ in 0..connections {
            let code = codes.pop().ok_or_else(|| Failed::new("no code left"))?;
            scripts.push(Box::new(RefreshChain::begin(&mut connection, &code).await?.0));
        }
        own.push(timed(options, server, scripts, Pace::Closed).await?);
        ceiling.push(
            same(
                options,
                bare,
                &form("/rotate", &[], &[]),
                connections,
                Pace::Closed,
            )
            .await?,
        );
    }
    Ok(Line::new(
        "refresh, durable",
        connections,
        0.5,
        median(own),
        median(ceiling),
        None,
    ))
}

/// The folder that a data set lies in.
pub(super) fn path(folder: &tempfile::TempDir) -> &Path {
    folder.path()
}
