//! The rows of the table: what is asked of the server, and what of the bare one.

mod flows;
mod logins;
mod report;
mod scale;
mod seed_load;
mod simple;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use grantor_types::Timestamp;

use self::report::{Line, Report};
use self::simple::{SimpleRow, Tokens, client_credentials, compare, simple_rows};
use crate::data::{self, Amount};
use crate::load::{Measured, Pace, Same, Script, run};
use crate::process::Server;
use crate::script::RefreshChain;
use crate::wire::{Connection, form};
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
    for row in flows::SIGNED.iter().filter(|row| options.wants(row.name)) {
        for connections in &options.connections {
            report.line(flows::signed(options, server, bare, row, *connections).await?);
        }
    }
    for connections in options
        .connections
        .iter()
        .filter(|_| options.wants(flows::CODE_FLOW))
    {
        report.line(flows::code_flow(options, server, bare, *connections).await?);
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
