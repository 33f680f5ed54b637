//! The one thread that writes: it folds all commits that wait into one transaction and answers when that is on the
//! disk, so that many commits share one flush.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use grantor_protocol::Change;
use grantor_store::{CommitError, StoreError};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::apply::apply;
use crate::checkpoint::Checkpoints;
use crate::sweep::{Piece, Swept, sweep};

/// At most so many jobs share a transaction.
const FOLD: usize = 256;

type Reply<T> = oneshot::Sender<Result<T, CommitError>>;

/// What the thread is asked to do.
enum Job {
    Commit(Vec<Change>, Reply<()>),
    Sweep(Piece, Reply<Swept>),
}

/// The way to the thread. Dropping it finishes all that waits, then closes the connection.
pub(crate) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on a connection.
    pub(crate) fn start(connection: Connection, checkpoints: Checkpoints) -> Result<Self, StoreError> {
        let (jobs, waiting) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || run(&connection, checkpoints, &waiting))
            .map_err(|error| StoreError::new("starting the thread that writes", error))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Commits the changes. Once asked for, they are applied even if nobody waits for the answer.
    pub(crate) async fn commit(&self, changes: Vec<Change>) -> Result<(), CommitError> {
        self.ask(|reply| Job::Commit(changes, reply)).await
    }

    /// Sweeps one piece.
    pub(crate) async fn sweep(&self, piece: Piece) -> Result<Swept, StoreError> {
        self.ask(|reply| Job::Sweep(piece, reply))
            .await
            .map_err(|error| match error {
                CommitError::Store(error) => error,
                CommitError::Conflict => StoreError::broken_row("a sweep has no guard that could fail"),
            })
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, CommitError> {
        let stopped = || StoreError::broken_row("the thread that writes has stopped");
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(stopped)?;
        jobs.send(job(reply)).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so already.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, mut checkpoints: Checkpoints, waiting: &Receiver<Job>) {
    let mut jobs = Vec::with_capacity(FOLD);
    while let Ok(first) = waiting.recv() {
        jobs.push(first);
        jobs.extend(waiting.try_iter().take(FOLD - 1));
        settle(connection, &mut jobs);
        checkpoints.after_commit(connection);
    }
}

/// Does the jobs and answers them.
fn settle(connection: &Connection, jobs: &mut Vec<Job>) {
    match transaction(connection, jobs) {
        Ok(answers) => answer(jobs.drain(..), answers),
        // One job that fails hard takes the transaction down; the others are not to suffer for it.
        Err(Failure::Job(_)) if jobs.len() > 1 => {
            for job in jobs.drain(..) {
                settle(connection, &mut vec![job]);
            }
        }
        Err(Failure::Job(error)) => refuse(jobs.drain(..), &error.context, error.source.map(Arc::from)),
        Err(Failure::Transaction(error)) => refuse(jobs.drain(..), "committing", Some(Arc::from(error))),
    }
}

/// What a job came to, until it is on the disk.
enum Outcome {
    Done,
    Conflict,
    Swept(Swept),
}

/// Why nothing of a transaction was done.
enum Failure {
    /// A job failed hard.
    Job(StoreError),
    /// The transaction could not begin or end.
    Transaction(Box<dyn std::error::Error + Send + Sync>),
}

/// Does all jobs in one transaction. After an error it is as if there had been none.
fn transaction(connection: &Connection, jobs: &[Job]) -> Result<Vec<Outcome>, Failure> {
    let run = |sql| run_statement(connection, sql).map_err(|error| Failure::Transaction(Box::new(error)));
    run("BEGIN IMMEDIATE")?;
    let outcomes: Result<Vec<Outcome>, Failure> = jobs
        .iter()
        .map(|job| perform(connection, job).map_err(Failure::Job))
        .collect();
    let outcomes = outcomes.and_then(|outcomes| run("COMMIT").map(|()| outcomes));
    if outcomes.is_err() && !connection.is_autocommit() {
        // If even this fails, the next BEGIN does too, and says so.
        let _ = run_statement(connection, "ROLLBACK");
    }
    outcomes
}

fn perform(connection: &Connection, job: &Job) -> Result<Outcome, StoreError> {
    match job {
        Job::Sweep(piece, _) => sweep(connection, *piece).map(Outcome::Swept),
        // Alone, a change whose guard fails has written nothing (see `apply`).
        Job::Commit(changes, _) if changes.len() <= 1 => apply_all(connection, changes),
        Job::Commit(changes, _) => {
            let run = |sql| {
                run_statement(connection, sql).map_err(|error| StoreError::new("keeping a savepoint", error))
            };
            run("SAVEPOINT list")?;
            let outcome = apply_all(connection, changes)?;
            match outcome {
                Outcome::Conflict => run("ROLLBACK TO list")?,
                Outcome::Done | Outcome::Swept(_) => {}
            }
            run("RELEASE list")?;
            Ok(outcome)
        }
    }
}

fn apply_all(connection: &Connection, changes: &[Change]) -> Result<Outcome, StoreError> {
    for change in changes {
        match apply(connection, change) {
            Ok(()) => {}
            Err(CommitError::Conflict) => return Ok(Outcome::Conflict),
            Err(CommitError::Store(error)) => return Err(error),
        }
    }
    Ok(Outcome::Done)
}

fn run_statement(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

/// Answers each job with its outcome. Nobody may be waiting any more.
fn answer(jobs: impl Iterator<Item = Job>, outcomes: Vec<Outcome>) {
    for (job, outcome) in jobs.zip(outcomes) {
        match (job, outcome) {
            (Job::Commit(_, reply), Outcome::Done) => drop(reply.send(Ok(()))),
            (Job::Commit(_, reply), Outcome::Conflict) => drop(reply.send(Err(CommitError::Conflict))),
            (Job::Sweep(_, reply), Outcome::Swept(swept)) => drop(reply.send(Ok(swept))),
            // `perform` gives no such pair; the dropped reply is an error to the one who waits.
            (Job::Commit(..), Outcome::Swept(_)) | (Job::Sweep(..), Outcome::Done | Outcome::Conflict) => {}
        }
    }
}

/// Answers every job with the same error.
fn refuse(
    jobs: impl Iterator<Item = Job>,
    context: &str,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
) {
    for job in jobs {
        let error = CommitError::Store(StoreError {
            context: context.to_owned(),
            source: source.clone().map(|source| Box::new(Shared(source)) as _),
        });
        match job {
            Job::Commit(_, reply) => drop(reply.send(Err(error))),
            Job::Sweep(_, reply) => drop(reply.send(Err(error))),
        }
    }
}

/// One error for many who wait.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Shared(Arc<dyn std::error::Error + Send + Sync>);
