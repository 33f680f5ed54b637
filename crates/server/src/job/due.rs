//! Does jobs: claims those that are due, does them side by side, and puts off or deletes each by what came of it.

use std::sync::Arc;
use std::time::Duration;

use grantor_fetch::Fetch;
use grantor_protocol::logout::{Answer, after, claim};
use grantor_protocol::record::{Job, Task};
use grantor_store::{CommitError, StoreError};

use super::backchannel_logout;
use crate::app::App;

/// How often jobs of other processes, and those that were put off, are looked for. One of this process is done at once.
const EVERY: Duration = Duration::from_secs(5);

/// Most jobs that are done at once.
const BATCH: usize = 32;

pub(super) async fn keep_doing(app: Arc<App>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = app.store.job_created() => {}
        }
        // Most servers never have one: what it takes to send requests is not made for nothing.
        match app.store.store().jobs_due(app.now(), 1).await {
            Ok(due) if due.is_empty() => continue,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "jobs cannot be read");
                continue;
            }
        }
        let fetch: Arc<dyn Fetch> = match app.outgoing.fetch() {
            Ok(fetch) => Arc::new(fetch),
            Err(failure) => {
                tracing::error!(detail = failure.detail, "jobs wait: requests cannot be sent");
                continue;
            }
        };
        if let Err(error) = run_due(&app, fetch).await {
            tracing::warn!(%error, "jobs cannot be read");
        }
    }
}

/// Does every job that is due now, and says how many it did. A job that another process claims first is left to it.
///
/// # Errors
/// When the store fails; what was claimed comes again after its lease.
pub async fn run_due(app: &Arc<App>, fetch: Arc<dyn Fetch>) -> Result<usize, StoreError> {
    let mut done = 0;
    loop {
        let due = app.store.store().jobs_due(app.now(), BATCH).await?;
        if due.is_empty() {
            return Ok(done);
        }
        let mut running = tokio::task::JoinSet::new();
        for job in due {
            let (claimed, change) = claim(app.now(), &job);
            match app.store.commit(vec![change], app.now()).await {
                Ok(()) => {
                    let (app, fetch) = (Arc::clone(app), Arc::clone(&fetch));
                    running.spawn(async move { run(&app, &*fetch, &claimed).await });
                }
                Err(CommitError::Conflict) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        while let Some(finished) = running.join_next().await {
            done += 1;
            match finished {
                Ok(outcome) => outcome?,
                Err(error) => tracing::error!(%error, "a job ended before its time"),
            }
        }
    }
}

async fn run(app: &App, fetch: &dyn Fetch, claimed: &Job) -> Result<(), StoreError> {
    let Task::BackchannelLogout {
        client,
        user,
        session,
    } = &claimed.task;
    let answer = match backchannel_logout::send(app, fetch, (client, *user, *session)).await {
        Ok(answer) => answer,
        Err(failure) => {
            tracing::error!(detail = failure.detail, "a logout token cannot be made");
            Answer::None
        }
    };
    let (fate, change) = after(app.now(), claimed, answer);
    match app.store.commit(vec![change], app.now()).await {
        Ok(()) => backchannel_logout::note(app, client, *session, (answer, fate)),
        // It took so long that another process has it now.
        Err(CommitError::Conflict) => {}
        Err(CommitError::Store(error)) => return Err(error),
    }
    Ok(())
}
