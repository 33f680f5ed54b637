//! What runs beside requests: hearing of what other processes did, sweeping what has ended, rotating keys, sending what
//! was left to be sent.

mod backchannel_logout;
mod due;

use std::sync::Arc;
use std::time::Duration;

use grantor_types::Seconds;

pub use self::due::run_due;
use crate::app::{App, StartError};
use crate::keyring::{self, RotationTimes};

/// How often other processes' changes are looked for. A revocation by the command line beside a running server is
/// seen within this time; one over HTTP at once.
const EVENTS_EVERY: Duration = Duration::from_millis(250);
/// How often what has ended is swept and keys are looked at.
const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(60);
/// Rows of each kind that one sweep deletes at most, so that no transaction is long.
const SWEEP_BATCH: usize = 1_000;

/// Starts every job. They end with the runtime, or when the handle is aborted.
pub fn start(app: Arc<App>) -> Vec<tokio::task::JoinHandle<()>> {
    vec![
        tokio::spawn(follow_events(Arc::clone(&app))),
        tokio::spawn(reload_keys(Arc::clone(&app))),
        tokio::spawn(due::keep_doing(Arc::clone(&app))),
        tokio::spawn(keep_house(app)),
    ]
}

async fn follow_events(app: Arc<App>) {
    let mut ticks = tokio::time::interval(EVENTS_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = app.store.catch_up(app.now()).await {
            tracing::warn!(%error, "events of other processes cannot be read");
        }
    }
}

async fn reload_keys(app: Arc<App>) {
    loop {
        app.store.keys_changed().await;
        if let Err(error) = app.reload_keys().await {
            tracing::error!(%error, "changed keys cannot be used; the old ones stay in use");
        }
    }
}

async fn keep_house(app: Arc<App>) {
    let mut ticks = tokio::time::interval(HOUSEKEEPING_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "sweep failed");
        }
        if let Err(error) = rotate_keys(&app).await {
            tracing::error!(%error, "key rotation failed; the old keys stay in use");
        }
    }
}

/// Deletes what has ended, in small batches.
///
/// # Errors
/// When the store fails.
pub async fn sweep(app: &App) -> Result<u64, grantor_store::StoreError> {
    let mut swept = 0;
    loop {
        let batch = app.store.store().sweep(app.now(), SWEEP_BATCH).await?;
        swept += batch;
        app.metrics.rows_swept.inc_by(batch);
        if batch == 0 {
            let held = app.store.revocations().forget_ended(app.now());
            app.metrics
                .revocations_held
                .set(i64::try_from(held).unwrap_or(i64::MAX));
            return Ok(swept);
        }
        tokio::task::yield_now().await;
    }
}

/// Replaces keys whose time has come, and takes waiting ones into use.
///
/// # Errors
/// When the store or a key fails; the keys in use stay.
pub async fn rotate_keys(app: &App) -> Result<(), StartError> {
    let now = app.now();
    let stored = app.store.store().keys().await?;
    let due = keyring::due(&app.settings.keys, &stored, now);
    if !due.is_empty() {
        let times = RotationTimes {
            now,
            use_from: now.plus(app.settings.keys.publish_before),
        };
        let changes = keyring::rotate(&app.master_key, &app.settings.policy, &stored, &due, times)?;
        app.store.commit(changes, now).await?;
        tracing::info!(
            keys = due.len(),
            from = times.use_from.as_seconds(),
            "keys rotated"
        );
    }
    let waiting = stored.iter().any(|key| key.use_from > now.minus(Seconds(120)));
    if waiting || !due.is_empty() {
        app.reload_keys().await?;
    }
    Ok(())
}
