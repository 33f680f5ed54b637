//! Starts a server from its parts and runs it until it is told to stop.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use grantor_server::{App, Limits, Parts, job, router, serve};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, TlsFiles};
use crate::output::CommandError;
use crate::tls::Certificates;

/// Where log lines go: to standard error, so that standard output stays for what commands print.
pub(crate) fn start_log(format: LogFormat, filter: &str) -> Result<(), CommandError> {
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| CommandError::usage(format!("log.filter cannot be read: {error}")))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let result = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.compact().with_target(false).try_init(),
    };
    result.map_err(|error| CommandError::new(format!("the log does not start: {error}")))
}

/// Opens the state of a server.
pub(crate) async fn open(parts: Parts) -> Result<Arc<App>, CommandError> {
    App::start(parts)
        .await
        .map_err(|error| CommandError::caused_by("the server does not start", &error))
}

/// Where and how to listen.
pub(crate) struct Listening {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<TlsFiles>,
    pub(crate) limits: Limits,
}

/// Takes the address, before anything else is done: what cannot listen should not open a database. Port 0 is any port
/// that is free; the address that is returned has the real one.
///
/// # Errors
/// When the address cannot be had.
pub(crate) async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), CommandError> {
    let context = format!("cannot listen on {address}");
    let broken = |error: std::io::Error| CommandError::caused_by(&context, &error);
    let listener = TcpListener::bind(address).await.map_err(broken)?;
    let address = listener.local_addr().map_err(broken)?;
    Ok((listener, address))
}

/// Calls `ready` and serves until SIGINT or SIGTERM; then drains.
///
/// # Errors
/// When the certificate or its key cannot be used, or signals cannot be handled.
pub(crate) async fn run(
    app: Arc<App>,
    beside: Router,
    listening: Listening,
    ready: impl FnOnce(),
) -> Result<(), CommandError> {
    let certificates = listening.tls.as_ref().map(Certificates::open).transpose()?;
    let tls = certificates.as_ref().map(Certificates::config).transpose()?;
    let stopped =
        stop_signal().map_err(|error| CommandError::caused_by("signals cannot be handled", &error))?;
    let mut jobs = job::start(Arc::clone(&app));
    jobs.extend(certificates.map(|certificates| tokio::spawn(certificates.follow())));
    ready();
    serve(
        listening.listener,
        router(app).merge(beside),
        tls,
        listening.limits,
        stopped,
    )
    .await;
    for job in jobs {
        job.abort();
    }
    tracing::info!("stopped");
    Ok(())
}

/// Resolves when somebody wants the process to end. The handlers stand when this returns: a signal between the first
/// request and the first poll must not end the process the hard way.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping: requests under way are finished, new ones are refused");
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        let _unavailable = tokio::signal::ctrl_c().await;
    })
}
